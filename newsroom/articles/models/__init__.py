"""The newsroom's tables."""

from newsroom.articles.models.articles import (
    LANGUAGE_CODE,
    OPENING_CHARACTERS,
    Article,
    ArticleQuerySet,
    LanguageBasis,
    Status,
)
from newsroom.articles.models.earlier_slugs import EarlierSlug
from newsroom.articles.models.sections import Section, Tag

__all__ = [
    "LANGUAGE_CODE",
    "OPENING_CHARACTERS",
    "Article",
    "ArticleQuerySet",
    "EarlierSlug",
    "LanguageBasis",
    "Section",
    "Status",
    "Tag",
]
