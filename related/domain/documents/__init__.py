"""Registered objects and their rows: marking, finding, reading, and what the public may see."""
