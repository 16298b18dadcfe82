"""Withdrawing, returning to draft and deleting in the admin: first the pages that link there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article, Section, Status
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import ReviewReason
from related.models import Decision, Document, ReviewState, Suggestion
from tests.newsroom.desk import (
    CHIEF,
    LIST,
    SECTION_EDITOR,
    act,
    article_form,
    change_page,
    messages_of,
)
from tests.related.clicks import page_of
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    only_slots,
    suggest,
)

pytestmark = pytest.mark.django_db


class Linked:
    """A page that links to an article, with one in reserve."""

    def __init__(self, user: User, section: Section, title: str = "Ferry delayed") -> None:
        only_slots("related")
        self.page = make_document(make_article(title, section=section))
        self.target = make_target("Ferry repaired", section=section)
        self.reserve = make_target("Ferry sold")
        for target in (self.target, self.reserve):
            suggest(self.page, target)
        reviewing.approve(LinkRef(self.page, make_slot(), self.target), user=user, version=0)

    @property
    def article(self) -> Article:
        return Article.objects.get(pk=self.target.object_id)

    @property
    def approved(self) -> list[Document]:
        decisions = Decision.objects.approved().filter(document=self.page)
        return [decision.target for decision in decisions]

    @property
    def reasons(self) -> list[ReviewReason]:
        return ReviewState.objects.get(document=self.page).why


@pytest.fixture
def linked(log_in: Any, sport: Section) -> Linked:
    return Linked(log_in(CHIEF), sport)


def fields_of(response: Any) -> dict[str, list[str]]:
    """The form of the page that asks, as a browser would send it."""
    page = LexborHTMLParser(response.content)
    fields: dict[str, list[str]] = {}
    for field in page.css("#content form input[name]"):
        ticks = field.attributes.get("type") == "checkbox"
        if not ticks or "checked" in field.attributes:
            name = str(field.attributes["name"])
            fields.setdefault(name, []).append(str(field.attributes["value"]))
    return fields


def test_withdrawing_asks_and_one_press_withdraws_and_fills(
    client: Client, linked: Linked, django_capture_on_commit_callbacks: Any
) -> None:
    asked = act(client, "withdraw_articles", [linked.article])
    page = LexborHTMLParser(asked.content).html or ""
    assert "Before you withdraw 1 article" in page
    assert "Ferry delayed" in page
    assert linked.article.is_visible
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(LIST, fields_of(asked))
    withdrawn, filled = messages_of(done)
    assert withdrawn == "1 article withdrawn."
    assert filled.startswith("1 place filled on 1 page. “Undo” on a review page takes these")
    assert f'href="{page_of(linked.page)}"' in filled
    assert linked.article.status == Status.WITHDRAWN
    assert (linked.approved, linked.reasons) == ([linked.reserve], [])


def test_what_is_not_ticked_is_in_the_queue(
    client: Client, linked: Linked, django_capture_on_commit_callbacks: Any
) -> None:
    fields = fields_of(act(client, "withdraw_articles", [linked.article]))
    del fields["fill"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(LIST, fields)
    assert linked.article.status == Status.WITHDRAWN
    assert ReviewReason.LOST in linked.reasons


def test_a_weak_reserve_is_offered_and_not_ticked(client: Client, linked: Linked) -> None:
    Suggestion.objects.filter(target=linked.reserve).update(score=0.02)
    asked = act(client, "withdraw_articles", [linked.article])
    assert "Ferry sold" in asked.content.decode()
    assert "fill" not in fields_of(asked)


def test_many_at_once_do_not_replace_one_another(client: Client, linked: Linked) -> None:
    reserve = Article.objects.get(pk=linked.reserve.object_id)
    asked = act(client, "withdraw_articles", [linked.article, reserve])
    assert "Before you withdraw 2 articles" in asked.content.decode()
    assert "Nothing is in reserve." in asked.content.decode()
    done = client.post(LIST, fields_of(asked))
    assert messages_of(done) == ["2 articles withdrawn."]


@pytest.mark.parametrize(
    ("button", "how", "status"),
    [("_withdraw", "withdraw", Status.WITHDRAWN), ("_draft", "draft", Status.DRAFT)],
)
def test_the_buttons_of_the_change_page_ask_too(
    client: Client, linked: Linked, button: str, how: str, status: Status
) -> None:
    section = str(linked.article.section_id)
    form = article_form(linked.article, section=section, **{button: "1"})
    address = client.post(change_page(linked.article), form)["Location"]
    assert address == f"{LIST}{linked.article.pk}/leave/{how}/"
    asked = client.get(address)
    assert linked.article.is_visible
    done = client.post(address, fields_of(asked))
    assert done["Location"] == change_page(linked.article)
    assert (linked.article.status, linked.approved) == (status, [linked.reserve])


@pytest.mark.parametrize("many", [False, True])
def test_deleting_asks_too(
    admin_client: Client, linked: Linked, *, many: bool, django_capture_on_commit_callbacks: Any
) -> None:
    article = linked.article
    address = LIST if many else f"{LIST}{article.pk}/delete/"
    chosen = {"action": "delete_selected", "_selected_action": [article.pk]}
    asked = admin_client.post(address, chosen) if many else admin_client.get(address)
    assert "1 page has an approved link there." in asked.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address, fields_of(asked))
    assert not Article.objects.filter(pk=article.pk).exists()
    assert (linked.approved, linked.reasons) == ([linked.reserve], [])


def test_pages_of_other_sections_are_named_and_not_filled(
    client: Client, log_in: Any, sport: Section, news: Section
) -> None:
    user = log_in(SECTION_EDITOR)
    linked = Linked(user, news)
    Article.objects.filter(pk=linked.target.object_id).update(section=sport)
    asked = act(client, "withdraw_articles", [linked.article])
    assert "Its own editors decide here" in asked.content.decode()
    fields = fields_of(asked)
    assert "fill" not in fields
    forged = (
        f"page={linked.page.label}&slot=related&old={linked.target.label}&old_version=1"
        f"&target={linked.reserve.label}&version=0"
    )
    done = client.post(LIST, fields | {"fill": [forged, "nonsense"]})
    assert [message[:30] for message in messages_of(done)] == [
        "1 article withdrawn.",
        "2 places stay as they were: so",
    ]
    assert linked.approved == [linked.target]


def test_what_may_not_be_withdrawn_is_not_asked_about(
    client: Client, log_in: Any, news: Section
) -> None:
    linked = Linked(log_in(SECTION_EDITOR), news)
    address = f"{LIST}{linked.article.pk}/leave/withdraw/"
    assert client.get(address).status_code == client.post(address).status_code == 403
    answer = act(client, "withdraw_articles", [linked.article])
    assert "You may not publish in its section." in messages_of(answer)[0]
    assert client.get(f"{LIST}{linked.article.pk}/leave/sell/").status_code == 404
    assert linked.article.is_visible


def test_publishing_warns_of_links_that_do_not_show_yet(client: Client, linked: Linked) -> None:
    at = datetime(2096, 12, 3, 9, tzinfo=UTC)
    Article.objects.filter(pk=linked.target.object_id).update(
        status=Status.SCHEDULED, published_at=at
    )
    gone = make_target("Ferry sunk")
    user = User.objects.get()
    reviewing.approve(LinkRef(linked.page, make_slot(), gone), user=user, version=0)
    Article.objects.filter(pk=gone.object_id).update(status=Status.WITHDRAWN)
    Article.objects.filter(pk=linked.page.object_id).update(status=Status.DRAFT)
    article = Article.objects.get(pk=linked.page.object_id)
    published, coming, lost = messages_of(act(client, "publish_articles", [article]))
    assert published == "1 article published."
    assert coming.startswith("Approved links that appear later, by themselves: <a href=")
    assert "Ferry repaired</a> (Related stories, not out yet, appears on Dec. 3, 2096" in coming
    assert "because their article is gone: <a href=" in lost
    assert "Ferry sunk</a> (Related stories, withdrawn)" in lost
