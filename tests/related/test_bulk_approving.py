"""Approving an archive at once: what it approves, what it leaves alone, how it is undone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from newsroom.articles.models import Article
from related.domain.placing import place_links
from related.domain.reviewing import Place, reject, undo
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, Slot, Summary
from tests.related.news import BAKERY, FLOOD, FLOOD_UPDATE, document_of, publish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def articles() -> list[Article]:
    made = [
        publish("Barrier raised", FLOOD),
        publish("Bakery opens", BAKERY, day=1),
        publish("Barrier holds", FLOOD_UPDATE, day=2),
    ]
    work()
    return made


def shown(article: Article) -> dict[str, list[tuple[str, str]]]:
    (page,) = place_links([article])
    return {
        key: [(link.title, link.source) for link in slot.items]
        for key, slot in page.slots.items()
        if slot.items
    }


def test_it_approves_what_a_preview_shows(editor: User, articles: list[Article]) -> None:
    assert shown(articles[2]) == {}
    call_command("approve_suggestions", user="ada")
    assert shown(articles[2]) == {"previous": [("Barrier raised", "approved")]}
    assert shown(articles[0]) == {"next": [("Barrier holds", "approved")]}
    assert DecisionLog.objects.filter(actor_name="ada").count() == Decision.objects.count() == 2


def test_weak_links_and_the_newest_stay_for_review(editor: User, articles: list[Article]) -> None:
    call_command("approve_suggestions", user="ada", minimum_similarity=0.99)
    assert not Decision.objects.exists()
    call_command("approve_suggestions", user="ada", keep_newest=1)
    assert [d.document for d in Decision.objects.all()] == [document_of(articles[0])]


def test_the_limit_counts_from_the_newest(editor: User, articles: list[Article]) -> None:
    call_command("approve_suggestions", user="ada", limit=1)
    assert [d.document for d in Decision.objects.all()] == [document_of(articles[2])]


def test_an_editors_word_stands(editor: User, articles: list[Article]) -> None:
    place = Place(
        document_of(articles[2]), Slot.objects.get(key="related"), document_of(articles[0])
    )
    reject(place, user=editor, version=0)
    before = list(Decision.objects.filter(verdict=Verdict.REJECTED).values())
    call_command("approve_suggestions", user="ada")
    assert list(Decision.objects.filter(verdict=Verdict.REJECTED).values()) == before
    assert shown(articles[2]) == {}


def test_running_it_again_changes_nothing(editor: User, articles: list[Article]) -> None:
    call_command("approve_suggestions", user="ada", summaries=True)
    before = list(Decision.objects.values()), list(Summary.objects.values())
    call_command("approve_suggestions", user="ada", summaries=True)
    assert (list(Decision.objects.values()), list(Summary.objects.values())) == before


def test_all_of_it_can_be_undone_at_once(editor: User, articles: list[Article]) -> None:
    call_command("approve_suggestions", user="ada")
    (operation,) = set(DecisionLog.objects.values_list("operation", flat=True))
    undo(operation, user=editor)
    assert shown(articles[0]) == shown(articles[2]) == {}


def test_summaries_show_until_the_body_changes(editor: User, articles: list[Article]) -> None:
    call_command("approve_suggestions", user="ada", summaries=True)
    (page,) = place_links([articles[0]])
    assert page.summary
    assert page.summary.split(".")[0] in FLOOD
    articles[0].body = BAKERY
    articles[0].save()
    (page,) = place_links([articles[0]])
    assert page.summary is None


def test_an_unknown_editor_is_refused() -> None:
    with pytest.raises(CommandError, match="no user 'bob'"):
        call_command("approve_suggestions", user="bob")
    assert not Document.objects.exists()
