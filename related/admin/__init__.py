"""The Django admin: the review desk and what stands around it."""

from related.admin import documents, records, slots

__all__ = ["documents", "records", "slots"]
