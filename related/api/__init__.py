"""The public, read-only REST API. docs/api.md describes it, docs/openapi.yaml is its schema."""
