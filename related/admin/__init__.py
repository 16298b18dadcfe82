"""The Django admin: the review desk and what stands around it."""

from related.admin import decision_list, decision_log, documents, records, sections, slots

__all__ = ["decision_list", "decision_log", "documents", "records", "sections", "slots"]
