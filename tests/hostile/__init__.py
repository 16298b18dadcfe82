"""Articles, files and questions made to break parsers, databases and time limits; all seeded."""
