"""The queue: which documents wait for an editor, and who is one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from newsroom.articles.models import Article, Section, Status
from related.domain.attention.states import refresh_around, refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.counts import count_queue
from related.domain.desk.queue import (
    QueueFilter,
    QueueState,
    next_to_review,
    place_in_queue,
    queue_languages,
    queue_rows,
    queue_sections,
    read_queue,
)
from related.editors import EDITOR_PERMISSIONS, grant_editor_permissions
from related.enums import ReviewReason
from related.models import Document, ReviewState, Suggestion
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
    rows = read_queue(QueueFilter(**wanted), User(is_superuser=True), 0, 50)
    return [row.target.title for row in rows]


def test_the_queue_holds_what_needs_an_editor_newest_first(document: Document, anna: Any) -> None:
    newer = make_document(make_article("Newer", days_ago=0.5))
    target = make_target("Old news")
    for row in (document, newer):
        suggest(row, target)
    assert queue_titles() == ["Newer", "Ferry delayed"]
    assert queue_titles(state=QueueState.ALL) == ["Newer", "Ferry delayed", "Old news"]
    assert queue_titles(state=QueueState.NOTHING) == ["Old news"]

    reviewing.approve(LinkRef(newer, make_slot(), target), user=anna, version=0)
    assert queue_titles() == ["Ferry delayed"]
    assert queue_titles(state=QueueState.REVIEWED) == ["Newer"]

    suggest(newer, make_target("For another slot", days_ago=0.1), make_slot("next"))
    assert queue_titles(reason=ReviewReason.MORE) == ["Newer"]
    assert queue_titles(reason=ReviewReason.NEW) == ["Ferry delayed"]
    assert queue_titles(state=QueueState.REVIEWED) == []

    reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0)
    assert queue_titles() == ["Newer"]
    assert queue_titles(state=QueueState.REVIEWED) == ["Ferry delayed"]


def test_counts_say_what_is_left(document: Document, anna: Any) -> None:
    suggest(document, make_target("Old news"))
    gone = make_target("Withdrawn")
    page = make_target("Page")
    reviewing.approve(LinkRef(page, make_slot(), gone), user=anna, version=0)
    Article.objects.filter(pk=gone.object_id).update(status=Status.WITHDRAWN)
    refresh_around([gone.pk])

    counts = count_queue(anna)

    assert (counts.n_open, counts.n_lost, counts.n_since_yesterday) == (2, 1, 2)
    assert counts.by_state[QueueState.NOTHING] == 2
    ReviewState.objects.update(opened_at=timezone.now() - timedelta(days=3))
    assert count_queue(anna).n_since_yesterday == 0


@pytest.mark.parametrize("n_documents", [1, 3])
def test_counts_take_two_queries(
    n_documents: int, anna: User, django_assert_num_queries: Any
) -> None:
    for number in range(n_documents):
        suggest(make_document(make_article(f"Story {number}")), make_target(f"Old {number}"))
    count_queue(anna)
    with django_assert_num_queries(2):
        count_queue(anna)


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
    assert queue_titles(slot="related") == ["Le bac", "Ferry delayed"]
    assert queue_titles(slot="next") == []
    assert queue_titles(strength="strong") == ["Le bac", "Ferry delayed"]
    assert queue_titles(age="1") == []
    assert queue_titles(summary="missing") == ["Le bac", "Ferry delayed"]
    assert queue_titles(summary="stale") == []
    assert queue_titles(age="7") == ["Le bac", "Ferry delayed"]
    assert queue_sections(User(is_superuser=True)) == [("harbor", "Harbor")]
    assert queue_languages() == [("en", "en"), ("fr", "fr")]


def test_sections_are_listed_by_their_names(document: Document) -> None:
    anybody = User(is_superuser=True)
    arts = Section.objects.create(name="arts", slug="z")
    moved = make_document(make_article("Moved", section=arts))
    Section.objects.filter(slug="harbor").update(name="Port & ferries")
    assert queue_sections(anybody) == [("z", "arts"), ("harbor", "Port & ferries")]
    Article.objects.filter(pk=moved.object_id).update(section=Section.objects.get(slug="harbor"))
    assert queue_sections(anybody) == [("harbor", "Port & ferries"), ("z", "z")]


def test_failed_documents_are_found(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(want_rev=9, attempts=3, is_indexed=False)

    assert queue_titles(state=QueueState.FAILED) == ["Ferry delayed"]


def test_rows_say_why_and_how_much(document: Document, anna: Any) -> None:
    both, one = make_target("Both"), make_target("One")
    for target, key in ((both, "inline"), (both, "related"), (one, "related")):
        suggest(document, target, make_slot(key))
    approved = make_target("Approved")
    reviewing.approve(LinkRef(document, make_slot(), approved), user=anna, version=0)

    row = queue_rows([document], anna)[0]

    assert row.state is not None
    assert (row.state.n_offered, row.state.n_approved) == (2, 1)
    assert (row.why, row.strength_word) == (["a slot could show more"], "strong")


@pytest.mark.parametrize("n_documents", [1, 3])
def test_the_queue_asks_the_same_queries_for_any_number_of_rows(
    n_documents: int, django_assert_num_queries: Any
) -> None:
    target = make_target("Old news")
    for number in range(n_documents):
        suggest(make_document(make_article(f"Story {number}")), target)

    with django_assert_num_queries(3):
        rows = read_queue(QueueFilter(), User(is_superuser=True), 0, 50)

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

    assert next_to_review(older, anna, newer=True) == document
    assert next_to_review(document, anna, newer=True) == older  # from the beginning to the end
    assert next_to_review(document, anna, QueueFilter(section="nowhere")) is None
    assert place_in_queue(older.pk, QueueFilter(), anna) == 1

    Suggestion.objects.filter(document=older).delete()
    refresh_states([older.pk])
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
