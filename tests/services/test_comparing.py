"""What the fault suite's comparison makes of drafts: nothing stale, unless something is wrong."""

from __future__ import annotations

import pytest

from benchmarks.faulting.comparing import find_stale
from benchmarks.faulting.drafts import find_links_again
from related.domain.rebuilds.rebuilding import rebuild
from related.models import Document, Suggestion
from tests.related.stories import archive, document_of, publish, suggested, work, write_draft

pytestmark = pytest.mark.django_db

NEWS = "Engineers say that the gates of the flood barrier on the river rust, and want money."


def stale(*, is_rebuilt: bool = True) -> dict[str, list[str]]:
    found, _ = find_stale(is_rebuilt=is_rebuilt)
    return found


def test_a_draft_with_suggestions_is_not_stale() -> None:
    archive()
    draft = write_draft()
    work()
    assert suggested(draft, "previous") != []
    assert stale(is_rebuilt=False) == {}
    publish("Gates rust", NEWS, day=9)  # the draft hears of it with the next rebuild
    work()
    assert "Gates rust" not in suggested(draft, "related")
    assert stale(is_rebuilt=False) == {}
    rebuild(cold=True)
    find_links_again()
    assert "Gates rust" in suggested(draft, "related")
    assert stale() == {}


def test_a_draft_that_lost_its_suggestions_or_its_mark_is_found() -> None:
    archive()
    rebuild()
    draft = write_draft()
    work()
    assert stale() == {}
    row = document_of(draft)
    Suggestion.objects.filter(document=row, slot__key="previous").delete()
    [problem] = stale()[row.label]
    assert ": None, should be (" in problem
    Suggestion.objects.filter(document=row).delete()
    Document.objects.filter(pk=row.pk).update(is_draft=False, text_hash="")
    assert stale(is_rebuilt=False)[row.label] == [
        "is not taken for a draft",
        "old text_hash of a draft",
    ]
