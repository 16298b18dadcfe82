"""The desk: what an editor is shown of one document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newsroom.articles.models import Article, Status
from related.domain.decisions import reviewing
from related.domain.decisions.agreeing import call_done
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import build_desk, title_of
from related.domain.desk.summary import read_text
from related.models import Document
from tests.related.desk.shown import slot_of, titles
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db


def test_the_live_title_is_shown(document: Document, look: Any) -> None:
    target = make_target("Old title")
    suggest(document, target)
    Article.objects.filter(pk=target.object_id).update(title="New title")

    assert titles(slot_of(look(), "related").suggestions) == ["New title"]
    assert title_of(target) == "New title"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"status": Status.WITHDRAWN}, "withdrawn"),
        (
            {"published_at": datetime(2096, 12, 3, 9, tzinfo=UTC)},
            "not out yet, appears on Dec. 3, 2096, 9 a.m.",
        ),
    ],
)
def test_a_hidden_target_is_named_and_not_on_the_page(
    document: Document, look: Any, anna: Any, change: dict[str, Any], state: str
) -> None:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    Article.objects.filter(pk=target.object_id).update(**change)

    link = slot_of(look(), "related").approved[0]

    assert (link.target.title, link.target.state, link.is_on_page) == ("Repaired", state, False)


def test_a_deleted_target_is_named_by_its_label(document: Document, look: Any, anna: Any) -> None:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    Article.objects.filter(pk=target.object_id).delete()

    link = slot_of(look(), "related").approved[0]

    assert (link.target.title, link.target.state) == (target.label, "deleted")


def test_a_scheduled_article_is_reviewed_before_it_is_out(anna: Any) -> None:
    article = make_article("Tomorrow", days_ago=-1)
    document = make_document(article)
    suggest(document, make_target("Yesterday"))

    desk = build_desk(document, article, anna)

    slot = slot_of(desk, "related")
    assert (desk.public_url, desk.preview_url) == ("", "/articles/tomorrow/?preview=1")
    assert titles(slot.suggestions) == ["Yesterday"]
    assert not slot.suggestions[0].is_on_page
    assert slot.automatic == []
    assert titles(slot_of(desk, "section").automatic) == []


def test_the_state_of_the_work_is_shown(document: Document, look: Any) -> None:
    assert (look().is_waiting, look().document.is_set_aside) == (False, False)

    Document.objects.filter(pk=document.pk).update(want_rev=5)
    assert (look().is_waiting, look().document.is_set_aside) == (True, False)

    Document.objects.filter(pk=document.pk).update(attempts=3, error="ValueError: no text")
    desk = look()
    assert (desk.is_waiting, desk.document.is_set_aside) == (False, True)
    assert desk.document.error == "ValueError: no text"


def test_the_last_click_can_be_undone(document: Document, look: Any, anna: Any) -> None:
    assert look().undoable is None
    places = [LinkRef(document, make_slot(), make_target(title)) for title in ("First", "Second")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)
    description = "approved “First” and 1 more in “Related stories”"
    assert look().undoable.description == description

    other = make_document(make_article("Harbor closed"))
    call_done(other, user=anna)
    assert look().undoable.description == "called the page done, on “Harbor closed”"


def test_the_text_has_the_sentences_of_the_draft_marked(
    document: Document, article: Article
) -> None:
    body = "The ferry left at noon. Nobody was hurt.\n\nThe ferry is slow."
    article.body = body
    paragraphs, is_cut = read_text(document, article, "The ferry left at noon.")
    assert [each.sentences for each in paragraphs] == [
        [("The ferry left at noon.", True), ("Nobody was hurt.", False)],
        [("The ferry is slow.", False)],
    ]
    assert not is_cut
    article.body = "word " * 5000
    assert read_text(document, article, "")[1]


def test_a_card_has_a_sentence_of_the_text(document: Document, look: Any) -> None:
    target = make_target("Repaired", body="<p>It sails again. More follows.</p>")
    suggest(document, target)
    assert slot_of(look(), "related").proposed[0].target.excerpt == "It sails again."


def test_the_summary_starts_as_a_draft_and_hides_when_the_text_changes(
    article: Article, document: Document, look: Any, anna: Any
) -> None:
    summary = look().summary
    assert summary.draft
    assert (summary.proposal, summary.is_current, summary.version) == (summary.draft, False, 0)

    approve_summary(document, article, "In short.", user=anna, version=0)
    summary = look().summary
    assert (summary.proposal, summary.is_current, summary.version) == ("In short.", True, 1)

    Article.objects.update(body="Something else.")
    assert (look().summary.text, look().summary.is_current) == ("In short.", False)


@pytest.mark.parametrize("n_suggestions", [1, 3])
def test_the_desk_asks_the_same_queries_for_any_number_of_links(
    article: Article,
    document: Document,
    anna: Any,
    n_suggestions: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(n_suggestions):
        for key in ("previous", "inline", "related"):
            suggest(document, make_target(f"{key} {number}"), make_slot(key))
        target = make_target(f"Approved {number}")
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
        target = make_target(f"Rejected {number}")
        reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0)
    build_desk(document, article, anna)  # content types and permissions are kept from here on

    with django_assert_num_queries(19):
        build_desk(document, article, anna)
