"""The public, read-only REST API: docs/reference/api.md, and docs/openapi.yaml, its schema."""
