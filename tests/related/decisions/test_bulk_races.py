"""Somebody decides while a bulk approval is between its reading and its writing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from newsroom.articles.models import Article
from related.domain.decisions.reviewing import reject
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, DecisionLog, Slot, Summary
from tests.related.stories import FLOOD, FLOOD_UPDATE, document_of, publish, work

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS_UNCOMMITTED = 0.5

READS_SUGGESTIONS = 'SELECT "related_suggestion"."id"'  # after the decisions were read
READS_WHO_HAS_A_SUMMARY = 'SELECT "related_summary"."document_id"'


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def articles(editor: User) -> list[Article]:
    made = [publish("Barrier raised", FLOOD), publish("Barrier holds", FLOOD_UPDATE, day=2)]
    work()
    return made


@pytest.fixture
def place(articles: list[Article]) -> LinkRef:
    """One of the two links that the rules would place."""
    earlier, later = (document_of(article) for article in articles)
    return LinkRef(later, Slot.objects.get(key="previous"), earlier)


@contextmanager
def meanwhile(query: str, act: Callable[[], object]) -> Iterator[None]:
    """Call ``act`` right after the first query that starts like this was sent."""
    called = []

    def execute_and_act(execute: Any, sql: str, *args: Any) -> Any:
        result = execute(sql, *args)
        if sql.startswith(query) and not called:
            called.append(query)
            act()
        return result

    with connection.execute_wrapper(execute_and_act):
        yield
    assert called


def elsewhere(act: Callable[[], object], pool: ThreadPoolExecutor) -> Future[None]:
    """Do something in a thread, on its own connection to the database."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    return pool.submit(run)


def run(*arguments: str) -> str:
    stdout = StringIO()
    call_command("approve_suggestions", "--user", "ada", *arguments, stdout=stdout)
    return stdout.getvalue()


def check_one_link_is_left(output: str, place: LinkRef) -> None:
    assert "1 link and 0 summaries approved on 2 documents" in output
    assert "1 link and 0 summaries left as they are because somebody decided meanwhile" in output
    [rejected] = Decision.objects.rejected()
    assert (rejected.document, rejected.target) == (place.document, place.target)
    assert rejected.decided_by == User.objects.get(username="ben")
    assert Decision.objects.approved().get().document == place.target
    assert {entry.version for entry in DecisionLog.objects.all()} == {1}
    assert DecisionLog.objects.count() == 2


def test_an_editor_who_decides_in_between_costs_that_link_alone(place: LinkRef) -> None:
    ben = User.objects.create_user("ben")
    with ThreadPoolExecutor(1) as pool:

        def decide() -> None:
            elsewhere(lambda: reject(place, user=ben, version=0), pool).result()

        with meanwhile(READS_SUGGESTIONS, decide):
            output = run()

    check_one_link_is_left(output, place)


def test_an_editor_whose_decision_is_not_committed_yet_is_waited_for(place: LinkRef) -> None:
    ben, decided = User.objects.create_user("ben"), Event()

    def decide_slowly() -> None:
        with transaction.atomic():
            reject(place, user=ben, version=0)
            decided.set()
            time.sleep(SECONDS_UNCOMMITTED)

    with ThreadPoolExecutor(1) as pool:
        futures = []

        def begin() -> None:
            futures.append(elsewhere(decide_slowly, pool))
            assert decided.wait(10)

        with meanwhile(READS_SUGGESTIONS, begin):
            output = run()
        futures[0].result()

    check_one_link_is_left(output, place)


def test_a_summary_that_somebody_saves_in_between_stays(articles: list[Article]) -> None:
    ben, document = User.objects.create_user("ben"), document_of(articles[0])
    with ThreadPoolExecutor(1) as pool:

        def write() -> None:
            save = lambda: approve_summary(  # noqa: E731
                document, articles[0], "Ben's own words.", user=ben, version=0
            )
            elsewhere(save, pool).result()

        with meanwhile(READS_WHO_HAS_A_SUMMARY, write):
            output = run("--summaries")

    assert "2 links and 1 summary approved on 2 documents" in output
    assert "0 links and 1 summary left as they are" in output
    assert Summary.objects.get(document=document).text == "Ben's own words."
    assert set(Decision.objects.values_list("verdict", flat=True)) == {Verdict.APPROVED}
