"""Articles whose date nobody knows: out, shown as undated, and last wherever dates decide."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from related.enums import Rule
from related.models import Slot
from tests.factories import ArticleFactory, SectionFactory
from tests.related.stories import work

pytestmark = pytest.mark.django_db

FERRY = "The ferry to the harbor island carries passengers, bicycles and the evening mail again."
HARBOR = "Passengers wait at the harbor: the island ferry is late, and so are mail and bicycles."


def test_pages_say_that_there_is_no_date(client: Client) -> None:
    section = SectionFactory()
    undated = ArticleFactory(title="Old chronicle", section=section, published_at=None)
    dated = ArticleFactory(title="Fresh news", section=section)
    page = client.get(undated.get_absolute_url()).content.decode()
    byline = LexborHTMLParser(page).css_first(".article__byline")
    assert byline is not None
    assert "undated" in byline.text()
    for address in ("/", section.get_absolute_url()):
        stories = LexborHTMLParser(client.get(address).content).css("article.story")
        assert [story.css_first(".story__title").text() for story in stories] == [
            dated.title,
            undated.title,
        ]
        assert stories[1].css_first(".story__date").text() == "undated"
        assert stories[1].css_first("time") is None


def test_the_feed_gives_no_date(client: Client) -> None:
    ArticleFactory(title="Old chronicle", published_at=None)
    assert b"<pubDate>" not in client.get(reverse("newsroom:feed")).content


def test_no_slot_by_date_takes_it_and_the_api_has_null(client: Client) -> None:
    Slot.objects.all().delete()
    for position, rule in enumerate(Rule):
        if rule != Rule.NONE:
            Slot.objects.create(
                key=rule.value.replace("_", "-"),
                heading=str(rule.label),
                rule=rule,
                position=position,
                requires_approval=False,
            )
    section = SectionFactory()
    undated = ArticleFactory(
        title="Ferry chronicle", body=FERRY, section=section, published_at=None
    )
    new = ArticleFactory(title="Ferry news", body=HARBOR, section=section)
    work()
    slots = _slots(client, new.pk)
    (shown,) = [slot["items"] for slot in slots.values() if slot["items"]]
    assert [(item["id"], item["published_at"]) for item in shown] == [(str(undated.pk), None)]
    assert slots["similar"]["items"] == shown
    slots = _slots(client, undated.pk)
    assert {key for key, slot in slots.items() if slot["items"]} <= {"similar", "latest-in-section"}


def _slots(client: Client, pk: int) -> dict[str, dict[str, list[dict[str, object]]]]:
    slots: dict[str, dict[str, list[dict[str, object]]]] = client.get(
        f"/api/v1/links/newsroom.article/{pk}/"
    ).json()["slots"]
    return slots
