"""Before articles leave the site: the pages that link there, and what takes their places."""
