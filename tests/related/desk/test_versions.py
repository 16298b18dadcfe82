"""What the desk says of an article's own versions."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from related.admin.records import review_url
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import build_desk, find_links
from related.models import Document, Slot
from tests.related.desk.shown import slot_of, titles
from tests.related.stories import document_of, publish, work
from tests.related.versions import tell_background, tell_story

pytestmark = pytest.mark.django_db

NEWEST = "UPDATE 3-Storm hits the coast"


def test_a_version_that_was_approved_is_marked_and_stays(anna: User) -> None:
    background, updates = tell_background(), tell_story(3)
    work()
    document, slot = document_of(updates[0]), Slot.objects.get(key="related")
    for article in (updates[2], background[0]):
        reviewing.approve(LinkRef(document, slot, document_of(article)), user=anna, version=0)
    desk = build_desk(document, updates[0], anna)
    approved = slot_of(desk, "related").approved
    assert {link.target.title: (link.is_version, link.is_on_page) for link in approved} == {
        NEWEST: (True, True),
        background[0].title: (False, True),
    }
    assert not any(
        title.startswith("UPDATE") for title in titles(slot_of(desk, "next").suggestions)
    )


def test_the_newest_version_is_named_and_found_ones_are_marked(anna: User) -> None:
    publish("Storm of 1962", "Survivors remember.")
    updates = tell_story(3)
    work()
    desk = build_desk(document_of(updates[1]), updates[1], anna)
    assert desk.newer_version is not None
    assert desk.newer_version.title == NEWEST
    found = find_links(desk, slot_of(desk, "related"), "storm")
    marked = {link.target.title for link in found if link.is_version}
    assert marked == {"UPDATE 1-Storm hits the coast", NEWEST}
    assert {link.target.title for link in found} - marked == {"Storm of 1962"}
    assert build_desk(document_of(updates[2]), updates[2], anna).newer_version is None


def test_the_review_page_says_so(admin_client: Client, admin_user: User) -> None:
    updates = tell_story(3)
    work()
    document: Document = document_of(updates[0])
    slot = Slot.objects.get(key="related")
    link = LinkRef(document, slot, document_of(updates[1]))
    reviewing.approve(link, user=admin_user, version=0)
    html = admin_client.get(review_url(document)).content.decode()
    assert "There is a newer version of this article" in html
    address = updates[2].get_absolute_url()
    assert f'<a href="{address}" lang="en" dir="ltr">{NEWEST}</a>' in html
    assert "a version of this article" in html
