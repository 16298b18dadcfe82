"""The sections and tags that an archive names, found or made."""

from __future__ import annotations

from collections.abc import Iterable

from newsroom.articles.cleaning import one_line
from newsroom.articles.models import Article, Section, Tag


class SectionFinder:
    """Finds sections by name or slug; what is missing is created, in the order of appearance."""

    def __init__(self) -> None:
        self._by_name: dict[str, Section] = {}  # as written, and casefolded
        self._by_slug: dict[str, Section] = {}
        self._last_position = 0
        for section in Section.objects.all():
            self._remember(section)

    def find(self, name_or_slug: str) -> Section:
        """``name_or_slug`` is cleaned, not empty and has at most 100 characters."""
        name = _as_name(name_or_slug)
        # A slug counts only where it is written out: "C++" and "C#" would both be turned into "c".
        known = self._named(name_or_slug) or self._by_slug.get(name_or_slug) or self._named(name)
        if known:
            return known
        section = Section(name=name, position=min(self._last_position + 1, 32_767))
        section.save()  # makes a slug that is free
        self._remember(section)
        return section

    def _named(self, name: str) -> Section | None:
        return self._by_name.get(name) or self._by_name.get(name.casefold())

    def _remember(self, section: Section) -> None:
        self._by_name[section.name] = section
        self._by_name.setdefault(section.name.casefold(), section)
        self._by_slug[section.slug] = section
        self._last_position = max(self._last_position, section.position)


def _as_name(name_or_slug: str) -> str:
    """A key such as "open-data" becomes "Open data"; what has a capital is a name already."""
    if not name_or_slug.islower():
        return name_or_slug
    # A capital may take more room than its small letter: "ß" becomes "Ss".
    return one_line(name_or_slug.replace("-", " ").capitalize())[:100].strip()


def set_tags(wanted: dict[Article, list[str]]) -> set[Article]:
    """Give saved articles exactly these tags; answers with those whose tags changed."""
    if not wanted:
        return set()
    tags = _tags({name for names in wanted.values() for name in names})
    links = Article.tags.through.objects
    present = {
        (link.article_id, link.tag_id): link.pk for link in links.filter(article__in=list(wanted))
    }
    desired = {(article.pk, tags[name]) for article, names in wanted.items() for name in names}
    missing = desired - present.keys()
    surplus = present.keys() - desired
    links.filter(pk__in=[present[pair] for pair in surplus]).delete()
    links.bulk_create([links.model(article_id=a, tag_id=t) for a, t in sorted(missing)])
    touched = {article_id for article_id, _ in missing | surplus}
    return {article for article in wanted if article.pk in touched}


def _tags(names: Iterable[str]) -> dict[str, int]:
    names = sorted(names)
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
