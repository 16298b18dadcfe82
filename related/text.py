"""Text as the plugin reads it, for a site that wants to see, store or list the same text."""

from related.similarity.text.languages import base_language, stemmer_name
from related.similarity.text.lines import plain_line
from related.similarity.text.markup import has_too_many_attributes, without_markup
from related.similarity.text.plain_text import clean_text, plain_text

__all__ = [
    "base_language",
    "clean_text",
    "has_too_many_attributes",
    "plain_line",
    "plain_text",
    "stemmer_name",
    "without_markup",
]
