"""A card with the other articles of its story, and the buttons that say what tells the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsroom.articles.models import Article
from related.domain.attention.states import refresh_states
from related.domain.desk.context import DeskLink
from related.domain.desk.page import Desk, build_desk
from related.domain.pages.placing import place_links
from related.enums import Telling
from related.models import Document, ReviewState, Slot, StoryVerdict
from tests.related.clicks import page_of, press
from tests.related.desk.shown import slot_of, titles
from tests.related.desk_documents import only_slots
from tests.related.stories import document_of, work
from tests.related.versions import tell_background, tell_story

pytestmark = pytest.mark.django_db

NEWEST = "UPDATE 3-Storm hits the coast"


@pytest.fixture
def reader(anna: User, client: Client) -> Article:
    """An article that a story of three versions is suggested for."""
    client.force_login(anna)
    only_slots("related")
    Slot.objects.filter(key="related").update(minimum_score=0.0, count=6)
    background = tell_background()
    tell_story(3)
    work()
    return background[3]


def desk_of(article: Article, user: User) -> Desk:
    return build_desk(document_of(article), article, user)


def card(desk: Desk, title: str) -> DeskLink:
    slot = slot_of(desk, "related")
    return next(link for link in (*slot.approved, *slot.suggestions) if link.target.title == title)


def sent(fields: str) -> dict[str, str]:
    return dict(parse_qsl(fields))


def test_the_newest_stands_for_its_story_and_an_editor_takes_another(
    reader: Article, anna: User, client: Client
) -> None:
    versions = card(desk_of(reader, anna), NEWEST).versions
    assert [version.target.title for version in versions] == [
        "UPDATE 2-Storm hits the coast",
        "UPDATE 1-Storm hits the coast",
    ]
    html = client.get(page_of(document_of(reader))).content.decode()
    assert "also: 2 versions" in html

    message = press(client, document_of(reader), **sent(versions[1].taking))
    assert message == "Approved “UPDATE 1-Storm hits the coast” for “Related stories”."
    desk = desk_of(reader, anna)
    slot = slot_of(desk, "related")
    assert titles(slot.approved) == ["UPDATE 1-Storm hits the coast"]
    assert NEWEST not in titles(slot.proposed), "one place for a story"
    [shown] = place_links([reader], preview=True)
    assert NEWEST not in [link.title for link in shown.slots["related"].items]
    items = ReviewState.objects.get(document=document_of(reader)).items
    newest = document_of(Article.objects.get(title=NEWEST))
    assert not any(item.endswith(f":{newest.pk}") for item in items)

    newer = next(v for v in slot.approved[0].versions if v.target.title == NEWEST)
    assert "in place of" in press(client, document_of(reader), **sent(newer.taking))
    assert titles(slot_of(desk_of(reader, anna), "related").approved) == [NEWEST]


def test_the_same_story_as_the_article_leaves_its_page_at_once(
    reader: Article, anna: User, client: Client
) -> None:
    document = document_of(reader)
    other = card(desk_of(reader, anna), "Background 1").target
    fields = {"target": other.label, "telling": "same"}
    message = press(client, document, "story", **fields)
    assert message == "“Background 3” and “Background 1” tell the same story from now on."
    desk = desk_of(reader, anna)
    assert "Background 1" not in titles(slot_of(desk, "related").suggestions)
    assert [version.target.title for version in desk.versions] == ["Background 1"]
    assert desk.newer_version is None
    assert desk_of(Article.objects.get(title="Background 1"), anna).newer_version is not None
    refresh_states([document.pk])
    state = ReviewState.objects.get(document=document)
    assert state.n_offered == len(slot_of(desk, "related").proposed)

    assert desk.undoable is not None
    told = "said what tells the same story: Background 1 – Background 3"
    assert desk.undoable.description == told
    said = press(client, document, "undo", operation=desk.undoable.operation)
    assert said == f"Undone: {told}."
    assert "Background 1" in titles(slot_of(desk_of(reader, anna), "related").suggestions)
    assert desk_of(reader, anna).versions == []


def test_two_cards_that_tell_the_same_story_are_one_at_once(
    reader: Article, anna: User, client: Client
) -> None:
    desk = desk_of(reader, anna)
    one, other = (card(desk, f"Background {n}").target.label for n in (1, 2))
    press(client, document_of(reader), "story", of=one, target=other, telling="same")
    slot = slot_of(desk_of(reader, anna), "related")
    assert "Background 1" not in titles(slot.suggestions)
    together = card(desk_of(reader, anna), "Background 2")
    assert [version.target.title for version in together.versions] == ["Background 1"]

    press(client, document_of(reader), "story", of=one, target=other, telling="different")
    assert {"Background 1", "Background 2"} <= set(
        titles(slot_of(desk_of(reader, anna), "related").suggestions)
    )
    assert StoryVerdict.objects.get().telling == Telling.DIFFERENT


def test_a_wrong_newer_version_leaves_the_page_with_the_press(
    reader: Article, client: Client
) -> None:
    update = Article.objects.get(title="UPDATE 1-Storm hits the coast")
    newest = Article.objects.get(title=NEWEST)
    middle = Article.objects.get(title="UPDATE 2-Storm hits the coast")
    document = document_of(update)
    for wrong in (newest, middle):
        value = f"action=story&target={document_of(wrong).label}&telling=different"
        answer = client.post(page_of(document), {"press": value}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
    html = answer.content.decode()
    assert '<div id="desk-newer" hx-swap-oob="innerHTML">\n</div>' in html
    [shown] = place_links([update])
    assert shown.newer_version is None
    [shown] = place_links([middle])
    assert shown.newer_version is not None
    assert client.post(page_of(document), {"action": "story", "telling": "x"}).status_code == 302
    assert StoryVerdict.objects.count() == 2


def test_who_may_not_decide_says_nothing(reader: Article, client: Client, ben: User) -> None:
    ben.groups.clear()
    client.force_login(ben)
    other = document_of(Article.objects.get(title="Background 1"))
    fields = {"action": "story", "target": other.label, "telling": "same"}
    assert client.post(page_of(document_of(reader)), fields).status_code == 403
    assert not StoryVerdict.objects.exists()


@pytest.mark.parametrize("n_versions", [1, 3])
def test_a_desk_with_stories_asks_the_same_queries(
    anna: User, n_versions: int, django_assert_num_queries: Any
) -> None:
    background = tell_background()
    tell_story(n_versions + 1)
    work()
    document: Document = document_of(background[3])
    with django_assert_num_queries(20):  # two of them for permissions
        build_desk(document, background[3], anna)
