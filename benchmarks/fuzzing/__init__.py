"""Small exports of every format and what may happen to them, for ``fuzz_imports``."""
