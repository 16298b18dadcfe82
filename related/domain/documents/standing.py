"""Whether readers see an article now, and if not, what an editor can expect of it: told apart in
the same words wherever it is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from related.domain.documents.loading import load_objects, load_stored
from related.models import Document
from related.registry import Source


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands with its readers; ``str()`` says it, "" where they see it."""

    is_public: bool = False
    is_coming: bool = False  # the site has it for the index: it comes out by itself or by hand
    is_there: bool = False  # in the database, public or not
    is_draft: bool = False  # being written
    due: datetime | None = None  # when it comes out by itself

    @property
    def is_gone(self) -> bool:
        """Not without somebody's doing will readers see it: withdrawn or deleted."""
        return not (self.is_public or self.is_coming or self.is_draft)

    def __str__(self) -> str:
        if self.is_public:
            return ""
        if self.is_draft:
            return _("draft, not public")
        if self.due is not None:
            at = date_format(timezone.localtime(self.due), "DATETIME_FORMAT")
            return _("not out yet, appears on %(time)s") % {"time": at}
        if self.is_coming:
            return _("not out yet")
        return _("withdrawn") if self.is_there else _("deleted")


PUBLIC = Standing(is_public=True, is_there=True)
DRAFT = Standing(is_there=True, is_draft=True)
WITHDRAWN = Standing(is_there=True)
DELETED = Standing()


def coming(source: Source, obj: Any) -> Standing:
    """Of what the site has for the index and does not show: due at its date, if that is to come."""
    at = source.published_at(obj)
    due = at if at is not None and at > timezone.now() else None
    return Standing(is_coming=True, is_there=True, due=due)


def read_standings(documents: Iterable[Document]) -> dict[int, Standing]:
    """How each document stands, by its id; at most three queries per model."""
    wanted = {document.pk: document for document in documents}
    public = load_objects(wanted.values(), public=True)
    unseen = {pk: document for pk, document in wanted.items() if pk not in public}
    known = load_objects(unseen.values(), public=False)
    stored = load_stored(document for pk, document in unseen.items() if pk not in known)
    standings = dict.fromkeys(public, PUBLIC)
    for pk, document in unseen.items():
        if pk in known:
            standings[pk] = coming(document.source, known[pk])
        else:
            standings[pk] = WITHDRAWN if pk in stored else DELETED
    return standings
