"""The census: what each slot fills by section, day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsroom.articles.models import Section
from related.domain.attention.states import mark_due, refresh_due, refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.rebuilds.rebuilding import process_once
from related.domain.reports.census import is_census_due, take_census
from related.domain.reports.coverage import coverage_by_day, measure_coverage, total
from related.models import DailyCoverage, Document, Slot
from tests.related.desk_documents import make_slot, make_target, only_slots
from tests.related.editors import make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages() -> list[Document]:
    """Two of the harbor and one of the parks; one of the harbor shows a link."""
    only_slots("related")
    parks = Section.objects.create(name="Parks", slug="parks")
    pages = [make_target("A"), make_target("B"), make_target("C", section=parks)]
    ref = LinkRef(pages[0], make_slot(), pages[1])
    reviewing.approve(ref, user=make_editor(), version=0)
    refresh_states([page.pk for page in pages])
    return pages


def counted() -> set[tuple[str, int, int, int]]:
    return {(c.section, c.n_pages, c.n_filled, c.n_empty) for c in measure_coverage()}


def test_each_section_has_its_own_numbers(pages: list[Document]) -> None:
    assert counted() == {("harbor", 2, 1, 1), ("parks", 1, 0, 1)}
    [together] = total(measure_coverage())
    assert (together.n_pages, together.n_filled, together.n_empty) == (3, 1, 2)
    assert together.share == pytest.approx(1 / 3)


@pytest.mark.parametrize("n_pages", [1, 3])
def test_one_query_counts_any_number_of_pages(n_pages: int, django_assert_num_queries: Any) -> None:
    for number in range(n_pages):
        make_target(f"Story {number}")
    with django_assert_num_queries(2):  # the slots, and one over all pages
        measure_coverage()


def test_a_days_last_census_stays(pages: list[Document]) -> None:
    take_census()
    old = timezone.now() - timedelta(days=500)
    slot = Slot.objects.get(key="related")
    numbers = {"n_pages": 4, "n_filled": 1, "n_empty": 0}
    DailyCoverage.objects.create(day=old.date(), slot=slot, section="harbor", **numbers)
    yesterday = timezone.localdate() - timedelta(days=1)
    DailyCoverage.objects.create(day=yesterday, slot=slot, section="harbor", **numbers)
    Document.objects.filter(pk=pages[2].pk).update(section="harbor")
    refresh_states([pages[2].pk])
    take_census()
    days = coverage_by_day([slot])[slot.pk]
    assert [(day.n_pages, day.n_filled) for day in days] == [(4, 1), (3, 1)]
    assert [day.share for day in days] == [0.25, pytest.approx(1 / 3)]
    assert not DailyCoverage.objects.filter(section="parks").exists(), "it has no page any more"
    assert coverage_by_day([slot], "parks")[slot.pk] == []
    assert DailyCoverage.objects.count() == 2, "what is too old for any chart is gone"


def test_a_site_without_pages_is_counted_too() -> None:
    only_slots("related")
    assert is_census_due()
    take_census()
    assert not is_census_due()
    assert counted() == {("", 0, 0, 0)}


def test_it_is_due_every_hour_once_all_pages_were_looked_at(pages: list[Document]) -> None:
    mark_due()
    assert not is_census_due(), "first the pages"
    refresh_due()
    assert is_census_due()
    take_census()
    assert not is_census_due()
    DailyCoverage.objects.update(measured_at=timezone.now() - timedelta(minutes=61))
    assert is_census_due()
    Slot.objects.update(is_active=False)
    assert not is_census_due()


def test_a_worker_with_nothing_else_to_do_takes_it(pages: list[Document]) -> None:
    Document.objects.filter(is_indexed=False).delete()
    while process_once():
        pass
    assert DailyCoverage.objects.last_census() is not None
    assert process_once() == 0
