"""Probes, and the command that tells operators whether the work is being done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Status
from related.domain.attention.states import refresh_due, refresh_states
from related.domain.indexing import claiming
from related.domain.reports.health import measure_health
from related.enums import Phase, Priority, RunStatus
from related.models import Corpus, Document, RebuildBlock, RebuildRun, Worker
from tests.related.reports.waiting import LONG_AGO, leave_waiting, report
from tests.related.stored_articles import approve, make_article, row_of, suggest


@pytest.mark.django_db
def test_a_healthy_site() -> None:
    article, target = make_article("A"), make_article("B")
    make_article("C")
    suggest(article, "related", target)
    approve(target, "related", article)
    refresh_due()
    finished = timezone.now() - timedelta(hours=2)
    RebuildRun.objects.create(status=RunStatus.FINISHED, finished_at=finished)
    RebuildRun.objects.create(status=RunStatus.FAILED, finished_at=timezone.now())
    health = report(is_stale=False)
    assert health.pop("last_rebuild_seconds") == pytest.approx(7200, abs=60)
    assert health.pop("rebuild")["status"] == "failed"
    assert health == {
        "is_stale": False,
        "state": "fresh",
        "summary": "Fresh: nothing is waiting, and every stored link matches the newest text.",
        "oldest_waiting_seconds": None,
        "oldest_waiting": "",
        "n_waiting": 0,
        "waiting_by_priority": {"publish": 0, "bulk": 0},
        "n_waiting_drafts": 0,
        "n_working": 0,
        "working": [],
        "n_failed": 0,
        "failed": [],
        "n_indexed": 3,
        "n_outdated_addresses": 0,
        "corpora": {"en": 0},
        "empty_slots": {"previous": 3, "next": 3, "inline": 3, "related": 1},
        "n_states_due": 0,
        "n_states_checked": 3,
        "n_states_outdated": 0,
        "n_lost_links": 0,
        "lost_links": [],
        "n_coming_links": 0,
        "coming_links": [],
        "concerns": [],
        "clocks_off": {},
    }


@pytest.mark.django_db
def test_documents_that_wait_and_documents_set_aside() -> None:
    leave_waiting(timedelta(seconds=100))
    health = report(is_stale=False)
    assert health["n_waiting"] == 1
    assert health["oldest_waiting_seconds"] == pytest.approx(100, abs=30)
    failed = [leave_waiting(LONG_AGO, attempts=3, error=f"ValueError: {n}") for n in range(11)]
    health = report(is_stale=True)
    assert (health["n_waiting"], health["n_failed"], len(health["failed"])) == (1, 11, 10)
    assert health["failed"][0] == {
        "document_id": failed[0].pk,
        "document": failed[0].label,
        "title": "Bridge closes",
        "attempts": 3,
        "error": "ValueError: 0",
    }


@pytest.mark.django_db
def test_the_report_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("related_health")
    printed = capsys.readouterr().out
    assert "waiting        0 documents (0 publish, 0 bulk)" in printed
    assert "last rebuild   never" in printed
    assert "slot related   empty for 0 of 0 documents" in printed
    leave_waiting(LONG_AGO)
    leave_waiting(LONG_AGO, attempts=3, error="ValueError: bad")
    with pytest.raises(CommandError) as stale:
        call_command("related_health")
    assert stale.value.returncode == 1
    assert "a document has waited 5 min (allowed: 300 s)" in str(stale.value)
    assert "1 document was set aside" in str(stale.value)
    assert "ValueError: bad" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_three_states_in_words() -> None:
    assert report(is_stale=False)["state"] == "fresh"
    waiting = leave_waiting(timedelta(seconds=100), priority=Priority.BULK)
    health = report(is_stale=False)
    assert (health["state"], health["oldest_waiting"]) == ("behind", waiting.label)
    assert health["summary"] == "Behind: 1 document waiting, the oldest for 1 min."
    assert health["waiting_by_priority"] == {"publish": 0, "bulk": 1}
    Document.objects.filter(pk=waiting.pk).update(marked_at=timezone.now() - LONG_AGO)
    assert report(is_stale=True)["state"] == "stale"


@pytest.mark.django_db
def test_documents_in_the_hands_of_workers() -> None:
    row = leave_waiting(timedelta(seconds=1))
    (claimed,) = claiming.claim(Worker.register(), [row.pk])
    for _ in range(2):  # in a worker's hands, then in the pause after a failure
        health = report(is_stale=False)
        assert (health["n_working"], health["n_waiting"]) == (1, 1)
        assert [tried["document"] for tried in health["working"]] == [row.label]
        claiming.record_failure(claimed, ValueError("bad"))


@pytest.mark.django_db
@pytest.mark.parametrize("hide", ["withdrawn", "scheduled", "deleted"])
def test_approved_links_that_are_hidden_now(hide: str) -> None:
    """What comes out by itself is told apart from what leaves a hole."""
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    approve(article, "inline", make_article("C"))
    health = report(is_stale=False)
    assert (health["n_lost_links"], health["n_coming_links"]) == (0, 0)
    behind_our_back = Article.objects.filter(pk=target.pk)
    if hide == "deleted":
        behind_our_back._raw_delete("default")
    elif hide == "scheduled":
        at = datetime(2096, 12, 3, 9, tzinfo=UTC)
        behind_our_back.update(status=Status.SCHEDULED, published_at=at)
    else:
        behind_our_back.update(status=Status.WITHDRAWN)
    refresh_states([row_of(article).pk])  # as every night
    health = report(is_stale=False)
    lost, coming = health["lost_links"], health["coming_links"]
    assert (health["n_lost_links"], health["n_coming_links"]) == (len(lost), len(coming))
    assert len(coming) == (hide == "scheduled")
    (link,) = lost + coming
    title = row_label(target) if hide == "deleted" else "B"
    assert (link["title"], link["slot"], link["target_title"]) == ("A", "related", title)
    scheduled = "not out yet, appears on Dec. 3, 2096, 9 a.m."
    assert link["state"] == (scheduled if hide == "scheduled" else hide)


def row_label(article: Article) -> str:
    return f"newsroom.article:{article.pk}"


@pytest.mark.django_db
def test_a_running_rebuild_says_how_long_it_will_take() -> None:
    now = timezone.now()
    run = RebuildRun.objects.create(
        phase="search en", n_done=10, n_documents=40, started_at=now - LONG_AGO
    )
    half_a_minute_ago = now - timedelta(seconds=30)
    blocks = (
        {"phase": Phase.DETECT_CHANGES, "done_at": half_a_minute_ago},
        {
            "phase": Phase.SEARCH,
            "done_at": now,
        },
    )
    for fields in blocks:
        RebuildBlock.objects.create(run=run, first=0, last=9, n_documents=10, **fields)
    rebuild = report(is_stale=False)["rebuild"]
    assert (rebuild["status"], rebuild["n_done"], rebuild["n_documents"]) == ("running", 10, 40)
    assert rebuild["remaining_seconds"] == pytest.approx(90, abs=60)  # 30 s for 10, 30 are left


@pytest.mark.django_db
@pytest.mark.parametrize("n_rows", [1, 3])
def test_a_constant_number_of_queries(
    n_rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    soon = timezone.now() + timedelta(seconds=20)
    for _ in range(n_rows):
        leave_waiting(LONG_AGO, attempts=3, error="bad")
        leave_waiting(LONG_AGO, attempts=1, retry_at=soon)
        target = make_article("Target")
        approve(make_article("A"), "related", target)
        Article.objects.filter(pk=target.pk).update(status=Status.WITHDRAWN)
        RebuildRun.objects.create(status=RunStatus.FINISHED, finished_at=timezone.now())
        Corpus.objects.create(language=f"l{Corpus.objects.count()}")
    measure_health()  # content types are cached from here on
    refresh_due()
    with django_assert_num_queries(40):
        assert measure_health().n_failed == n_rows


@pytest.mark.django_db
def test_an_error_cannot_forge_lines_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "ValueError: \x1b[2J\nset aside 0 documents"
    leave_waiting(LONG_AGO, attempts=3, error=hostile)
    with pytest.raises(CommandError):
        call_command("related_health")
    printed = capsys.readouterr().out
    assert "ValueError:  [2J set aside 0 documents" in printed
    assert "\x1b" not in printed
