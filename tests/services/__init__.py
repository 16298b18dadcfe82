"""The real PostgreSQL, Redis, Chromium and project processes that tests run against."""
