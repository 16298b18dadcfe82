"""Which story documents tell, as it is served, and the newest version of a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils import timezone

from related.domain.documents.marks import without
from related.domain.documents.visibility import is_public
from related.enums import Mark
from related.models import Document, Neighbors

# The total order ``(published_at, id)`` in SQL, where ``length`` is that of the key as text.
ORDER = ("published_at", "length", "object_id")
# Of later versions, read where all pages are read at once.
FEW_VERSIONS = 5
# Of all stories of a page together, for an editor to look at.
MOST_MEMBERS = 200

# Document id -> its story; without the documents that have none, or not yet.
StoryOf = Mapping[int, int]


def story_of(document: str) -> Subquery:
    """The story of a document, from inside a query: None where it is not known.

    Args:
        document: the column of its primary key, as ``"target"``.
    """
    served = Neighbors.objects.served().filter(document=OuterRef(document))
    return Subquery(served.values("story")[:1])


def annotated_story(row: Any) -> int | None:
    """The story of a row that was annotated with one, as ``story``."""
    story: int | None = row.story
    return story


def read_stories(documents: Collection[Document] | Collection[int]) -> StoryOf:
    """The stories of some documents or of their ids, in one query."""
    rows = Neighbors.objects.served().filter(document__in=documents)
    told = rows.values_list("document", "story")
    return {document: story for document, story in told if story is not None}


def strictly(side: str) -> Q:
    """Condition in a subquery of documents with their ``length`` of key: strictly earlier ("lt")
    or later ("gt") than the document of the query around, by ``ORDER``."""
    length = Length(OuterRef("object_id"))
    return (
        Q(**{f"published_at__{side}": OuterRef("published_at")})
        | Q(**{"published_at": OuterRef("published_at"), f"length__{side}": length})
        | Q(
            **{
                "published_at": OuterRef("published_at"),
                f"object_id__{side}": OuterRef("object_id"),
            },
            length=length,
        )
    )


def later_versions(now: Any) -> QuerySet[Document]:
    """As a subquery of a query of documents with their ``story``: later versions of the text of
    each, newest first, public or not."""
    rows = Document.objects.indexed().filter(
        language=OuterRef("language"),
        published_at__gte=OuterRef("published_at"),
        published_at__lte=now,
        neighbors__generation=F("neighbors__corpus__generation"),
        neighbors__story=OuterRef("story"),
    )
    rows = rows.annotate(length=Length("object_id")).filter(strictly("gt"))
    return rows.order_by(*(f"-{name}" for name in ORDER))[:FEW_VERSIONS]


def newest_versions(documents: Sequence[Document], stories: StoryOf) -> dict[int, Document]:
    """The newest public version of each document's text that is newer than itself, in one query.

    Newer is what comes later by ``(published_at, id)``; where a date is unknown, nobody knows.
    """
    dated = [d for d in documents if d.published_at is not None and d.pk in stories]
    if not dated:
        return {}
    rows = (
        without(Document.objects.indexed(), Mark.NEVER_SUGGEST)
        .filter(
            is_public(),
            published_at__gte=min(d.published_at for d in dated if d.published_at is not None),
            published_at__lte=timezone.now(),
            neighbors__generation=F("neighbors__corpus__generation"),
            neighbors__story__in={stories[document.pk] for document in dated},
        )
        .annotate(story=F("neighbors__story"))
    )
    newest: dict[tuple[str, int | None], Document] = {}
    for row in sorted(rows, key=lambda row: row.order_key):
        newest[row.language, annotated_story(row)] = row
    return {
        document.pk: version
        for document in dated
        if (version := newest.get((document.language, stories[document.pk]))) is not None
        and version.order_key > document.order_key
    }


def read_members(document: Document, stories: StoryOf) -> dict[int, list[Document]]:
    """What else tells the stories of some documents, in the language of one of them, by story; the
    newest first, public or not. One query."""
    rows = (
        Document.objects.indexed()
        .filter(
            language=document.language,
            neighbors__generation=F("neighbors__corpus__generation"),
            neighbors__story__in=set(stories.values()),
        )
        .annotate(story=F("neighbors__story"))
        .order_by(F("published_at").desc(nulls_last=True), "-pk")
    )
    members: dict[int, list[Document]] = {}
    for row in rows[:MOST_MEMBERS]:
        if (story := annotated_story(row)) is not None:
            members.setdefault(story, []).append(row)
    return members
