"""The sections and tags that an archive names, found or made."""

from __future__ import annotations

from collections.abc import Iterable

from newsroom.articles.models import Article, Section, Tag
from newsroom.articles.slugs import slug_base


class SectionFinder:
    """Finds sections by name or slug; what is missing is created, in the order of appearance."""

    def __init__(self) -> None:
        self._by_key: dict[str, Section] = {}
        self._last_position = 0
        for section in Section.objects.all():
            self._remember(section)

    def find(self, name_or_slug: str) -> Section:
        slug = slug_base(name_or_slug, "section", 100)
        known = self._by_key.get(name_or_slug.casefold()) or self._by_key.get(slug)
        if known:
            return known
        is_key = name_or_slug.islower()  # as in "open-data"; a name has a capital
        name = name_or_slug.replace("-", " ").capitalize() if is_key else name_or_slug
        section = Section(name=name, slug=slug, position=min(self._last_position + 1, 32_767))
        section.save()
        self._remember(section)
        return section

    def _remember(self, section: Section) -> None:
        self._by_key[section.name.casefold()] = section
        self._by_key[section.slug] = section
        self._last_position = max(self._last_position, section.position)


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
