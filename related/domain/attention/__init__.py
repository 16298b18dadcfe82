"""Which pages need an editor, and what for: kept as one row per document."""
