"""From memory to rows: only what stands on a page, added in bulk, lost by no outage."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.articles.models import Article, Status
from related.contrib.clicks.events import Event
from related.contrib.clicks.flushing import Counter
from related.contrib.clicks.models import ClickSum, DailyClicks, Trial
from related.contrib.clicks.pending import Counts, Link
from related.contrib.clicks.tidying import tidy
from related.contrib.clicks.writing import write_counts
from related.domain.pages.rows import rewrite_pages
from related.domain.pages.trials import shows_b
from related.models import Decision, Document, Slot
from tests.related.stored_articles import approve, make_article, row_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


def name(article: Article) -> str:
    return f"newsroom.article:{article.pk}"


def link(article: Article, target: Article, slot: str = "related", place: int = 1) -> Link:
    return Link(timezone.localdate(), name(article), slot, place, name(target))


def pair(title: str = "A") -> tuple[Article, Article]:
    article, target = make_article(title), make_article(f"To {title}", days_old=9)
    approve(article, "related", target)
    return article, target


def daily() -> set[tuple[int, int, int, int, int]]:
    fields = ("document", "target", "place", "shown", "clicked")
    return set(DailyClicks.objects.values_list(*fields))


def test_counts_are_added_to_the_day() -> None:
    article, target = pair()
    for _ in range(2):
        assert write_counts({link(article, target): (3, 1)}) == 1
    assert daily() == {(row_of(article).pk, row_of(target).pk, 1, 6, 2)}
    total = ClickSum.objects.get()
    assert (total.slot.key, total.place, total.shown, total.clicked) == ("related", 1, 6, 2)


def test_what_does_not_stand_on_the_page_is_dropped() -> None:
    article, target = pair()
    other, hidden = make_article("Other"), make_article("Hidden")
    approve(article, "related", hidden)
    Article.objects.filter(pk=hidden.pk).update(status=Status.WITHDRAWN)
    false = [
        link(article, other),
        link(article, hidden),
        link(hidden, target),
        link(article, target, slot="inline"),
        link(article, target, slot="none"),
        Link(DAY, "newsroom.article:999999", "related", 1, name(target)),
        Link(DAY, "auth.user:1", "related", 1, name(target)),
        Link(DAY, "newsroom.article:' OR 1=1", "related", 1, "nonsense\x00"),
    ]
    assert write_counts(dict.fromkeys(false, (1, 1))) == 0
    assert not DailyClicks.objects.exists()
    assert not ClickSum.objects.exists()


def test_a_link_that_was_replaced_since_counts_if_it_was_counted_before() -> None:
    """A reader opens a page, reads for some minutes, and the page has changed meanwhile."""
    article, target = pair()
    write_counts({link(article, target): (1, 0)})
    Decision.objects.all().delete()
    assert write_counts({link(article, target): (1, 1)}) == 1
    DailyClicks.objects.update(day=timezone.localdate() - timedelta(days=2))
    assert write_counts({link(article, target): (1, 1)}) == 0


def test_a_name_in_other_letters_is_the_same_link() -> None:
    article, target = pair()
    shouted = link(article, target)._replace(document=name(article).upper())
    assert write_counts({link(article, target): (1, 0), shouted: (1, 1)}) == 1
    assert daily() == {(row_of(article).pk, row_of(target).pk, 1, 2, 1)}


@pytest.mark.parametrize("n", [1, 3])
def test_the_queries_are_as_many_for_one_page_as_for_three(
    n: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    counts: Counts = {link(*pair(f"A{i}")): (1, 0) for i in range(n)}
    rewrite_pages(Document.objects.values_list("pk", flat=True))
    write_counts(counts)  # and what a process reads once
    with django_assert_num_queries(9):
        assert write_counts(counts) == n


def test_each_half_of_a_trial_is_counted_for_itself() -> None:
    slot = Slot.objects.get(key="related")
    trial = Trial.objects.create(slot=slot, count=2)
    pairs = [pair(f"A{i}") for i in range(8)]
    write_counts({link(*each): (1, 0) for each in pairs})
    found = dict(DailyClicks.objects.values_list("document", "variant"))
    assert found == {
        row_of(article).pk: f"{trial.pk}{'b' if shows_b(slot.pk, row_of(article).pk) else 'a'}"
        for article, _target in pairs
    }


def test_old_days_are_deleted_and_their_sums_stay() -> None:
    article, target = pair()
    today = timezone.localdate()
    for days in (0, 90, 91, 200):
        day = today - timedelta(days=days)
        write_counts({link(article, target)._replace(day=day): (1, 0)})
    assert tidy() == (2, 0)
    assert DailyClicks.objects.count() == 2
    assert ClickSum.objects.count() == 4


# Flushing: real threads.


def events(article: Article, target: Article, n: int = 1) -> Iterable[Event]:
    return [Event(name(article), "related", 1, name(target), is_click=False)] * n


def wait_until_shown(n: int) -> None:
    deadline = time.monotonic() + 20
    while sum(DailyClicks.objects.values_list("shown", flat=True)) != n:
        assert time.monotonic() < deadline, list(DailyClicks.objects.values())
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_after_the_interval_and_ends(settings: Settings) -> None:
    settings.RELATED_CLICKS = {"FLUSH_SECONDS": 0.1}
    article, target = pair()
    counter = Counter()
    for _ in range(2):  # the second time with a thread of its own
        counter.count(events(article, target))
        thread = counter._thread
        assert thread is not None
        thread.join(20)
        assert not thread.is_alive()
    wait_until_shown(2)


@pytest.mark.django_db(transaction=True)
def test_many_events_do_not_wait_and_processes_add_up(settings: Settings) -> None:
    settings.RELATED_CLICKS = {"FLUSH_SECONDS": 3600, "FLUSH_EVENTS": 50}
    article, target = pair()
    counters = [Counter(), Counter(), Counter()]

    def send(counter: Counter) -> None:
        for _ in range(10):
            counter.count(events(article, target, 5))

    threads = [Thread(target=send, args=[counter]) for counter in counters for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    for counter in counters:
        counter.flush()
    wait_until_shown(300)


def test_an_outage_loses_nothing_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    article, target = pair()
    is_away = True

    def write(counts: Counts) -> None:
        if is_away:
            raise DatabaseError("away")
        write_counts(counts)

    counter = Counter(write)
    for _ in range(3):
        counter.pending.add(events(article, target), timezone.localdate(), 100)
        assert not counter.flush()
    assert [record.message for record in caplog.records] == ["clicks not written, they are kept"]
    is_away = False
    assert counter.flush()
    assert daily() == {(row_of(article).pk, row_of(target).pk, 1, 3, 0)}
    assert counter.flush()  # nothing is written twice
    assert sum(DailyClicks.objects.values_list("shown", flat=True)) == 3
