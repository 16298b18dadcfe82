"""Each document's neighbor list, kept true as documents come and go."""
