"""Every number of the dashboard opens the list behind it, and the list is as long as it says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article, Section, Status
from related.domain.attention.states import refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.reports.census import take_census
from related.models import Document, ReviewState
from tests.related.desk_documents import make_slot, make_target, only_slots, suggest
from tests.related.editors import make_editor, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def address() -> str:
    return reverse("admin:related_dashboard")


@pytest.fixture
def pages(admin_user: User) -> list[Document]:
    """Six pages: one shows a link, one lost one, one has an offer; two wait, one was set aside."""
    only_slots("related")
    pages = [make_target(f"Story {number}") for number in range(6)]
    shown, lost = pages[1], pages[2]
    suggest(pages[0], shown)
    suggest(pages[3], shown)
    for document, target in ((pages[0], shown), (pages[5], lost)):
        reviewing.approve(LinkRef(document, make_slot(), target), user=admin_user, version=0)
    Article.objects.filter(pk=lost.object_id).update(status=Status.WITHDRAWN)
    waiting = [pages[1].pk, pages[3].pk, pages[4].pk]
    Document.objects.filter(pk__in=waiting).update(want_rev=9)
    Document.objects.filter(pk=pages[4].pk).update(attempts=3, error="ValueError: bad")
    refresh_states([page.pk for page in pages])
    take_census()
    return pages


def links(client: Client, address: str, selector: str) -> dict[str, tuple[str, str]]:
    """What stands before each number: the number and its address."""
    page = LexborHTMLParser(client.get(address).content.decode())
    found = {}
    for each in page.css(selector):
        link = each.css_first("dd a")
        assert link is not None, each.text()
        found[each.css_first("dt").text()] = (link.text(), str(link.attributes["href"]))  # type: ignore[union-attr]
    return found


def length(client: Client, url: str) -> int:
    response = client.get(url)
    assert response.status_code == 200, url
    if "cl" in response.context:
        return int(response.context["cl"].result_count)
    return len(response.context["rows"])


def test_the_figures(pages: list[Document], admin_client: Client, address: str) -> None:
    found = links(admin_client, address, ".figures > div")
    numbers = {label: number for label, (number, _) in found.items()}
    assert {
        "To review": "2",
        "Pages that lost a link": "1",
        "Pages that nothing links to": "4",
        "Waiting for a worker": "2",
        "Set aside": "1",
        "Documents in the index": "6",
        "Approved links to what was withdrawn or deleted": "1",
        "In progress": "0",
        "Pages to be looked at again": "0",
    }.items() <= numbers.items()
    for label, (number, url) in found.items():
        if number.isdigit():
            assert length(admin_client, url) == int(number), label


def test_the_coverage_of_a_section(
    pages: list[Document], admin_client: Client, address: str
) -> None:
    page = LexborHTMLParser(admin_client.get(address).content.decode())
    [row] = [tr for tr in page.css("#coverage tbody tr") if "Harbor" in tr.css_first("th").text()]  # type: ignore[union-attr]
    cell = row.css_first("td")
    assert cell is not None
    assert [line.text() for line in cell.css("a")] == [
        "1 of 5",
        "4 without a link",
        "3 without an offer",
    ]
    urls = [str(line.attributes["href"]) for line in cell.css("a")]
    assert [length(admin_client, url) for url in urls] == [1, 4, 3]
    assert "20 %" in cell.text()
    svg = page.css_first("svg[role=img] desc")
    assert svg is not None
    assert svg.text() == "Related stories: 20 % on the first day, 20 % today"


def test_one_section_has_its_own_chart(
    pages: list[Document], admin_client: Client, address: str
) -> None:
    make_target("Swings", section=Section.objects.create(name="Parks", slug="parks"))
    for section, share in (
        ("parks", "0 %"),
        ("harbor", "20 %"),
        ("nowhere", "17 %"),
        ("\x00", "17 %"),
    ):
        response = admin_client.get(address, {"section": section})
        assert f"on the first day, {share} today" in response.content.decode(), section


def test_decisions_by_day_and_editor(
    pages: list[Document], admin_client: Client, address: str
) -> None:
    page = LexborHTMLParser(admin_client.get(address).content.decode())
    rows = page.css("#decisions details tbody tr")
    assert len(rows) == 28
    numbers = [str(link.attributes["href"]) for link in rows[0].css("a")]
    assert [link.text() for link in rows[0].css("a")] == ["2", "2"]
    assert [length(admin_client, url) for url in numbers] == [2, 2]
    assert rows[1].css("a") == []
    legend = page.css_first("#decisions .chart-legend a")
    assert legend is not None
    assert length(admin_client, str(legend.attributes["href"])) == 2


def test_approvals_by_strength(pages: list[Document], admin_client: Client, address: str) -> None:
    page = LexborHTMLParser(admin_client.get(address).content.decode())
    strong = page.css("#decisions > .figures-table tbody tr")[0]
    assert re.sub(r"\s+", " ", strong.text()).strip().startswith("strong11100 %")
    assert [length(admin_client, str(a.attributes["href"])) for a in strong.css("a")] == [1, 1]


def test_numbers_stand_alone_where_the_list_may_not_be_opened(
    pages: list[Document], client: Client, address: str
) -> None:
    client.force_login(make_staff("kim", "view_document"))
    page = LexborHTMLParser(client.get(address).content.decode())
    targets = {str(link.attributes["href"]) for link in page.css("#content a")}
    for name in ("decision", "decisionlog", "rebuildrun"):
        listed = reverse(f"admin:related_{name}_changelist")
        assert not any(target.startswith(listed) for target in targets), name
    assert not any("/review/" in target or "orphans" in target for target in targets)


def test_a_state_that_is_wrong_is_said_and_computed_again(
    pages: list[Document], admin_client: Client, address: str
) -> None:
    ReviewState.objects.filter(document=pages[0]).update(n_approved=7)
    html = admin_client.get(address).content.decode()
    assert "1 of 6 checked lately were out of date" in html
    assert ReviewState.objects.get(document=pages[0]).is_due


def test_the_old_address_leads_to_it(admin_client: Client, address: str) -> None:
    response = admin_client.get(reverse("admin:related_health"))
    assert (response.status_code, response["Location"]) == (301, address)


def test_orphans_are_listed_by_filter(pages: list[Document], admin_client: Client) -> None:
    address = reverse("admin:related_orphans")
    titles = [row.target.title for row in admin_client.get(address).context["rows"]]
    assert titles == ["Story 5", "Story 4", "Story 3", "Story 0"]
    for query, n in (
        ("words=Story+4", 1),
        ("section=harbor", 4),
        ("section=parks", 0),
        ("age=7", 0),
    ):
        assert length(admin_client, f"{address}?{query}") == n, query
    assert "No article matches" in admin_client.get(f"{address}?section=parks").content.decode()


def test_an_orphan_that_was_approved_since_is_none(
    pages: list[Document], admin_user: User, admin_client: Client
) -> None:
    ref = LinkRef(pages[0], make_slot(), pages[3])
    reviewing.approve(ref, user=admin_user, version=0)
    rows = admin_client.get(reverse("admin:related_orphans")).context["rows"]
    assert "Story 3" not in {row.target.title for row in rows}


def test_before_the_first_census_nothing_is_claimed(
    admin_client: Client, document: Document
) -> None:
    html = admin_client.get(reverse("admin:related_orphans")).content.decode()
    assert "were not counted yet" in html


def test_orphans_are_for_those_who_may_look(client: Client) -> None:
    address = reverse("admin:related_orphans")
    for user, status in ((make_staff("kim", "view_document"), 403), (make_editor("eva"), 200)):
        client.force_login(user)
        assert client.get(address).status_code == status
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("n_rows", [1, 3])
def test_orphans_cost_the_same_queries(
    n_rows: int, admin_client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(n_rows):
        make_target(f"Story {number}")
    take_census()
    address = reverse("admin:related_orphans")
    admin_client.get(address)
    with django_assert_num_queries(12):
        assert length(admin_client, address) == n_rows


def test_the_oldest_that_waits_says_for_how_long(
    pages: list[Document], admin_client: Client
) -> None:
    Document.objects.filter(pk=pages[1].pk).update(marked_at=timezone.now() - timedelta(days=2))
    html = admin_client.get(reverse("admin:related_dashboard")).content.decode()
    assert ">2 days</a>" in html
