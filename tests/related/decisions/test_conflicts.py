"""Two editors, or two clicks, decide about the same link: who wins, and what the other is told."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from related.domain.decisions import ordering, replacing, reviewing, undoing
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import DecisionConflict
from related.domain.documents.reading import body_hash
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, Summary
from tests.related.decisions.links import place_of, titles_in_order
from tests.related.desk_documents import (
    make_article,
    make_document,
)

pytestmark = pytest.mark.django_db


def test_a_replacement_fails_as_a_whole(document: Document, anna: Any) -> None:
    old, new = (place_of(document, title) for title in ("Old", "New"))
    reviewing.approve(old, user=anna, version=0)
    reviewing.reject(new, user=anna, version=0)

    with pytest.raises(DecisionConflict):
        replacing.replace(new, user=anna, version=0, old=old.target, old_version=1)
    with pytest.raises(DecisionConflict):
        replacing.replace(new, user=anna, version=1, old=old.target, old_version=7)

    assert titles_in_order(document) == ["Old"]


def test_undo_is_refused_once_somebody_decided_anew(
    document: Document, anna: Any, ben: Any
) -> None:
    places = [place_of(document, title) for title in ("A", "B")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)
    operation = undoing.last_step(anna).operation
    reviewing.reject(places[0], user=ben, version=1)

    assert undoing.last_step(anna).operation == operation
    with pytest.raises(DecisionConflict, match="Not undone: something has changed since"):
        undoing.undo(operation, document, user=anna)

    verdicts = Decision.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == [Verdict.REJECTED, Verdict.APPROVED]


def test_the_second_of_two_editors_is_told(document: Document, anna: Any, ben: Any) -> None:
    place = place_of(document, "A")
    reviewing.reject(place, user=ben, version=0)

    with pytest.raises(DecisionConflict, match=r"ben changed this link first \(now rejected\)"):
        reviewing.approve(place, user=anna, version=0)

    assert Decision.objects.get().verdict == Verdict.REJECTED
    assert DecisionLog.objects.count() == 1


def test_a_second_click_of_the_same_editor_is_told_so(document: Document, anna: Any) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=anna, version=0)

    with pytest.raises(DecisionConflict, match="you already changed this link"):
        reviewing.approve(place, user=anna, version=0)


def test_a_decision_that_was_taken_back_does_not_start_anew(
    document: Document, anna: Any, ben: Any
) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=ben, version=0)
    reviewing.reopen(place, user=ben, version=1)

    with pytest.raises(DecisionConflict, match="ben"):
        reviewing.approve(place, user=anna, version=0)


def test_a_version_from_nowhere_is_refused(document: Document, anna: Any) -> None:
    place = place_of(document, "A")

    with pytest.raises(DecisionConflict, match="nobody has decided"):
        reviewing.pin(place, user=anna, version=3)
    with pytest.raises(DecisionConflict, match="nobody has decided"):
        ordering.move(place, up=True, user=anna, version=3)

    assert not Decision.objects.exists()


def test_one_conflict_stops_the_whole_selection(document: Document, anna: Any, ben: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B")]
    reviewing.reject(places[1], user=ben, version=0)

    with pytest.raises(DecisionConflict):
        reviewing.approve_many([(place, 0) for place in places], user=anna)

    assert titles_in_order(document) == []


def test_every_click_takes_its_rows_in_the_same_order(document: Document, anna: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B", "C")]
    targets = [place.target.pk for place in places]
    log = DecisionLog.objects.order_by("pk").values_list("target", flat=True)

    reviewing.approve_many([(place, 0) for place in reversed(places)], user=anna)
    assert list(log) == targets

    for place in places:
        version = Decision.objects.get(target=place.target).version
        ordering.move(place, up=True, user=anna, version=version)
    ordering.move(places[2], up=True, user=anna, version=Decision.objects.latest("pk").version)
    by_operation: dict[Any, list[int]] = {}
    for operation, target in DecisionLog.objects.order_by("pk").values_list("operation", "target"):
        by_operation.setdefault(operation, []).append(target)
    assert len(by_operation) > 2
    assert all(found == sorted(found) for found in by_operation.values())


@pytest.mark.parametrize(("state", "error"), [("40P01", DecisionConflict), ("53100", None)])
def test_a_deadlock_is_told_as_a_conflict(
    document: Document, anna: Any, state: str, error: type[Exception] | None
) -> None:
    place = place_of(document, "A")

    def fail(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "related_decision"'):
            raise OperationalError("no") from psycopg.errors.lookup(state)("no")
        return execute(sql, *args)

    with (
        connection.execute_wrapper(fail),
        pytest.raises(error or OperationalError, match="same moment" if error else "no"),
    ):
        reviewing.approve(place, user=anna, version=0)

    assert not Decision.objects.exists()


def test_a_summary_is_approved_for_the_body_that_the_editor_saw(anna: Any) -> None:
    article = make_article("Ferry delayed")
    document = make_document(article)
    seen = body_hash(document.source, article)
    article.body = "Correction: the ferry was on time."

    with pytest.raises(DecisionConflict, match="text of the article changed"):
        approve_summary(document, article, "Late.", user=anna, version=0, body_seen=seen)

    assert not Summary.objects.exists()


def test_the_second_summary_of_two_is_refused(anna: Any, ben: Any) -> None:
    article = make_article("Ferry delayed")
    document = make_document(article)
    approve_summary(document, article, "Ben's.", user=ben, version=0)

    with pytest.raises(DecisionConflict, match="somebody else"):
        approve_summary(document, article, "Anna's.", user=anna, version=0)
