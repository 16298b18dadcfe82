"""Everything stored about pages, in one query for any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import OuterRef, Subquery, Value
from django.utils import timezone

from related.domain.documents.marks import PageMarks, page_marks, read_marks
from related.domain.pages.candidates import find_dated
from related.domain.pages.contents import Entry, PageContents, read_contents
from related.domain.pages.layouts import (
    DateRule,
    Layout,
    curves_as_text,
    read_layout,
    rules_as_text,
    slots_as_text,
)
from related.domain.pages.subqueries import RowsOf, StoredTarget
from related.domain.prepared import among, fetch_all
from related.domain.suggesting.by_date import nearest_documents
from related.domain.suggesting.versions import (
    later_versions,
    newest_versions,
    read_stories,
    story_of,
)
from related.models import Corpus, Document
from related.registry import Source, registered

Key = tuple[Source, str]  # as outsiders know an object

# Stands for the clock in SQL that is made once and used many times.
_LINKED = ("pk", "content_type", "object_id")
_NOW = datetime(4711, 1, 2, 3, 4, 5, tzinfo=UTC)
# Where the values of a row stand: of the layout; of the page's suggestions; the later versions of
# its text; its marks and those of its targets; what rules by date put forward.
_LAYOUT, _GENERATIONS, _VERSIONS, _MARKS, _DATED = 5, 8, 10, 11, 15
# Of what marks a document: ``Layout.marks_of``.
_MARKED = ("section", "site_marks", "own_marks")


@dataclass(slots=True)
class StoredPage:
    """What is stored about one document's page."""

    pk: int
    content_type: int
    object_id: str
    story: int | None
    contents: PageContents
    # For each rule by date of the layout, nearest first.
    dated: list[tuple[DateRule, list[Entry]]]
    later_versions: list[Entry]  # of its text, newest first
    marks: PageMarks
    written: object = None  # all that it was read from


_hint: list[Layout] = []  # the layout of the last page that this process read


def read_stored(keys: Iterable[Key]) -> tuple[Layout, dict[Key, StoredPage]]:
    """The stored pages of these objects; those that have no document are absent.

    One query, and up to five more for pages without a row or with one that is outdated. Another
    two when the slots were changed, or the first article was marked as sensitive.
    """
    wanted = list(keys)
    layout = _hint[0] if _hint else read_layout()
    rows = _rows(layout, wanted)
    if rows and rows[0][_LAYOUT:_GENERATIONS] != layout.texts:
        layout = read_layout()
        rows = _rows(layout, wanted)
    _hint[:] = [layout]
    pages = _pages(rows, layout)
    sources = {content_type_of(source): source for source, _ in wanted}
    return layout, {(sources[page.content_type], page.object_id): page for page in pages}


def content_type_of(source: Source) -> int:
    return ContentType.objects.get_for_model(source.model).pk


def source_of(content_type: int) -> Source | None:
    """None: the site took the model out."""
    model = ContentType.objects.get_for_id(content_type).model_class()
    return registered().get(model) if model else None


def read_preview(keys: Iterable[Key]) -> tuple[Layout, dict[Key, StoredPage]]:
    """The same with all that waits for approval, for editors; from the tables themselves."""
    layout = read_layout()
    sources = {content_type_of(source): source for source, _ in keys}
    by_type: dict[int, list[str]] = {}
    for source, object_id in keys:
        by_type.setdefault(content_type_of(source), []).append(object_id)
    documents = [
        document
        for content_type, object_ids in by_type.items()
        for document in Document.objects.filter(content_type=content_type, object_id__in=object_ids)
    ]
    contents = read_contents(documents, layout.slots)
    stories = read_stories(documents)
    own = read_marks([document.pk for document in documents])
    dated = find_dated(documents, layout.all_date_rules, stories, own)
    stored = [entry.target for page in contents.values() for entry in page.entries]
    marks = own | read_marks(stored)
    newest = newest_versions(documents, stories)
    return layout, {
        (sources[row.content_type_id], row.object_id): StoredPage(
            row.pk,
            row.content_type_id,
            row.object_id,
            stories.get(row.pk),
            contents[row.pk],
            dated[row.pk],
            [version_entry(newest[row.pk])] if row.pk in newest else [],
            page_marks(row.pk, marks),
        )
        for row in documents
    }


def version_entry(version: Document) -> Entry:
    return Entry(0, version.pk, version.content_type_id, version.object_id)


def _rows(layout: Layout, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
    by_type: dict[int, list[str]] = {}
    for source, object_id in keys:
        by_type.setdefault(content_type_of(source), []).append(object_id)
    statement, params = _statement(connection.alias, layout)
    now = timezone.now()
    adapted = connection.ops.adapt_datetimefield_value(now)
    values = [adapted if _is_clock(value) else value for value in params]
    table = connection.ops.quote_name(Document._meta.db_table)
    conditions = [] if by_type else [f"{table}.id IS NULL"]
    for content_type, object_ids in by_type.items():
        condition, asked = among(connection, f"{table}.object_id", object_ids)
        conditions.append(f"({table}.content_type_id = %s AND {condition})")
        values += [content_type, *asked]
    return fetch_all(connection, f"{statement} WHERE {' OR '.join(conditions)}", values)


@lru_cache(maxsize=16)
def _statement(alias: str, layout: Layout) -> tuple[str, tuple[Any, ...]]:
    """SQL without a condition: a row for each document."""
    corpus = Corpus.objects.filter(language=OuterRef("language"))
    marked = _MARKED if layout.has_marks else ()
    dated = [
        RowsOf(nearest_documents(rule.slot, rule.rule, _NOW), *_LINKED, "story", *marked)
        for rule in layout.date_rules
    ]
    documents = Document.objects.order_by().annotate(story=story_of("pk"))
    rows = documents.values_list(
        *("pk", "content_type", "object_id", "page_links__contents", "story"),
        *(slots_as_text(), curves_as_text(), rules_as_text()),
        "page_links__generation",
        Subquery(corpus.values("generation")),
        RowsOf(later_versions(_NOW), *_LINKED, *marked),
        *_MARKED,
        _marks_of_stored() if layout.has_marks else Value(""),
        *dated,
    )
    statement, params = rows.query.sql_with_params()
    return statement, tuple(params)


def _is_clock(value: Any) -> bool:
    return value == _NOW or (isinstance(value, str) and value.startswith("4711-01-02 03:04:05"))


def _pages(rows: Sequence[tuple[Any, ...]], layout: Layout) -> list[StoredPage]:
    automatic = layout.automatic
    held = {slot.pk for slot in automatic}
    outdated = [row[0] for row in rows if not _is_current(row, held)]
    fresh = {}
    marks: dict[int, int] = {}
    if outdated:
        documents = list(Document.objects.filter(pk__in=outdated))
        fresh = read_contents(documents, automatic)
        if layout.has_marks:
            marks = read_marks(e.target for page in fresh.values() for e in page.entries)
    return [_page(row, layout, fresh.get(row[0]), marks) for row in rows]


def _page(
    row: tuple[Any, ...], layout: Layout, fresh: PageContents | None, marks: dict[int, int]
) -> StoredPage:
    dated = [orjson.loads(text) if text else [] for text in row[_DATED:]]
    versions = orjson.loads(row[_VERSIONS] or "[]")
    own = 0
    if layout.has_marks:
        stored = orjson.loads(row[_DATED - 1] or "[]")
        found = [values for some in (stored, versions, *dated) for values in some]
        marks = marks | {pk: layout.marks_of(kind, *more[-3:]) for pk, kind, *more in found}
        own = layout.marks_of(row[1], *row[_MARKS : _MARKS + 3])
    return StoredPage(
        *(row[0], row[1], row[2], row[4]),
        PageContents.from_json(row[3]) if fresh is None else fresh,
        list(_by_rule(dated, layout.date_rules)),
        [Entry(0, *values[:3]) for values in versions],
        PageMarks(own, marks),
        (row, fresh, marks),
    )


def _is_current(row: tuple[Any, ...], held: set[int]) -> bool:
    """Whether a row says all that a page shows; suggestions also of which generation they are."""
    contents, generation, served = row[3], *row[_GENERATIONS:_VERSIONS]
    if not contents:
        return False
    return not held or (generation == served and held <= _held(contents))


def _held(contents: str) -> set[int]:
    return set(orjson.loads(contents)[4])


def _by_rule(
    dated: Iterable[list[list[Any]]], rules: Sequence[DateRule]
) -> Iterator[tuple[DateRule, list[Entry]]]:
    for found, rule in zip(dated, rules, strict=True):
        slot = rule.slot.pk
        yield (
            rule,
            [
                Entry(slot, target, content_type, object_id, story=story)
                for target, content_type, object_id, story, *_ in found
            ],
        )


def _marks_of_stored() -> RowsOf:
    """What marks the targets that are stored for a page."""
    stored = Document.objects.filter(StoredTarget("pk", OuterRef("page_links__contents")))
    return RowsOf(stored, "pk", "content_type", *_MARKED)
