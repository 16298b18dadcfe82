"""The queue: which documents wait for an editor, and who is one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.queue import (
    QueueFilter,
    QueueState,
    find_queue,
    next_to_review,
    queue_languages,
    queue_rows,
    queue_sections,
)
from related.editors import EDITOR_PERMISSIONS, grant_editor_permissions
from related.models import Document, Suggestion
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)
from tests.related.editors import make_staff

pytestmark = pytest.mark.django_db


def queue_titles(**wanted: Any) -> list[str]:
    rows = queue_rows(list(find_queue(QueueFilter(**wanted), User(is_superuser=True))))
    return [row.target.title for row in rows]


def test_the_queue_holds_what_nobody_reviewed_newest_first(document: Document, anna: Any) -> None:
    newer = make_document(make_article("Newer", days_ago=0.5))
    target = make_target("Old news")
    for row in (document, newer):
        suggest(row, target)
    assert queue_titles() == ["Newer", "Ferry delayed"]
    assert queue_titles(state=QueueState.ALL) == ["Newer", "Ferry delayed", "Old news"]

    reviewing.approve(LinkRef(newer, make_slot(), target), user=anna, version=0)
    assert queue_titles() == ["Ferry delayed"]
    assert queue_titles(state=QueueState.REVIEWED) == ["Newer"]

    suggest(newer, make_target("For another slot"), make_slot("next"))
    assert queue_titles(state=QueueState.PARTLY) == ["Newer"]
    assert queue_titles(state=QueueState.REVIEWED) == []

    reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0)
    assert queue_titles() == []
    assert queue_titles(state=QueueState.REVIEWED) == ["Ferry delayed"]


def test_slots_that_need_no_approval_ask_nobody(document: Document) -> None:
    suggest(document, make_target("A"), make_slot("related", requires_approval=False))
    suggest(document, make_target("B"), make_slot("inline", is_active=False))

    assert queue_titles() == []


def test_the_queue_is_filtered(document: Document) -> None:
    suggest(document, make_target("Une cible", language="fr"))
    french = make_document(make_article("Le bac", language="fr", section=None))
    suggest(french, make_target("Autre", language="fr"))

    assert queue_titles(language="fr") == ["Le bac"]
    assert queue_titles(section="harbor") == ["Ferry delayed"]
    assert queue_titles(text="ferry delayed") == ["Ferry delayed"]
    assert queue_titles(text="nowhere") == []
    assert queue_sections(User(is_superuser=True)) == ["harbor"]
    assert queue_languages() == ["en", "fr"]


def test_failed_documents_are_found(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(want_rev=9, attempts=3, is_indexed=False)

    assert queue_titles(state=QueueState.FAILED) == ["Ferry delayed"]


def test_queue_rows_count(document: Document, anna: Any) -> None:
    both, one = make_target("Both"), make_target("One")
    for target, key in ((both, "inline"), (both, "related"), (one, "related")):
        suggest(document, target, make_slot(key))
    approved = make_target("Approved")
    reviewing.approve(LinkRef(document, make_slot(), approved), user=anna, version=0)

    row = queue_rows([document])[0]

    assert (row.n_suggestions, row.n_approved) == (2, 1)
    assert {slot.key: n for slot, n in row.approved}["related"] == 1


@pytest.mark.parametrize("n_documents", [1, 3])
def test_the_queue_asks_the_same_queries_for_any_number_of_rows(
    n_documents: int, django_assert_num_queries: Any
) -> None:
    target = make_target("Old news")
    for number in range(n_documents):
        suggest(make_document(make_article(f"Story {number}")), target)

    with django_assert_num_queries(6):
        rows = queue_rows(list(find_queue(QueueFilter(), User(is_superuser=True))))

    assert len(rows) == n_documents


def test_the_next_article_is_the_next_older_one_then_the_newest(
    document: Document, anna: Any
) -> None:
    target = make_target("Old news", days_ago=30)
    older = make_document(make_article("Older", days_ago=5))
    for row in (document, older):
        suggest(row, target)

    assert next_to_review(document, anna) == older
    assert next_to_review(older, anna) == document
    assert next_to_review(target, anna) == document
    assert next_to_review(document, make_staff("guest", "view_suggestion")) is None

    Suggestion.objects.filter(document=older).delete()
    assert next_to_review(document, anna) is None


def test_an_article_without_a_date_has_a_next_one(document: Document, anna: Any) -> None:
    suggest(document, make_target("Old news"))
    undated = make_document(make_article("Undated"), published_at=None)

    assert next_to_review(undated, anna) == document


def test_editors_get_what_they_need_and_no_more() -> None:
    group = Group.objects.create(name="Editors")

    grant_editor_permissions(group)
    grant_editor_permissions(group)

    granted = group.permissions.values_list("codename", flat=True)
    assert sorted(granted) == sorted(EDITOR_PERMISSIONS)


def test_permissions_that_do_not_exist_yet_are_named() -> None:
    group = Group.objects.create(name="Editors")
    group.permissions.model.objects.filter(codename="change_decision").delete()

    with pytest.raises(LookupError, match="migrate"):
        grant_editor_permissions(group)
