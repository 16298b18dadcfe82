"""Headings and summaries of a rogue account: what stood before is on the page again."""

from __future__ import annotations

from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from newsroom.articles.models import Article
from related.domain.attention.states import refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.headings import set_heading
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.undoing import last_step, undo, undo_operation
from related.domain.decisions.writing import LinkRef
from related.domain.pages.placing import place_links
from related.enums import Action
from related.models import (
    BulkOperation,
    DecisionLog,
    Document,
    ReviewState,
    Slot,
    SlotHeading,
    Summary,
)
from tests.related.desk_documents import make_article, make_document, make_slot, make_target

pytestmark = pytest.mark.django_db
TEXTS = "headings, summaries and words on sensitivity, stories or kept links put back."


@pytest.fixture
def rogue() -> User:
    return User.objects.create_user("rogue")


@pytest.fixture
def slot() -> Slot:
    return make_slot()


def run(*options: str) -> str:
    stdout = StringIO()
    call_command("revert_decisions", "--by=rogue", "--since=2020-01-01", *options, stdout=stdout)
    return stdout.getvalue()


def texts() -> tuple[str, str]:
    """The heading and the summary that stand."""
    return SlotHeading.objects.get().heading, Summary.objects.get().text


def write(article: Article, heading: str, summary: str, user: User) -> None:
    [document] = Document.objects.filter(object_id=article.pk)
    set_heading(document, make_slot(), heading, user=user)
    version = Summary.objects.filter(document=document).values_list("version", flat=True).first()
    approve_summary(document, article, summary, user=user, version=version or 0)


def test_what_stood_before_the_first_change_is_put_back_and_logged(
    article: Article, document: Document, slot: Slot, rogue: User, anna: User
) -> None:
    write(article, "More on ferries", "Late.", anna)
    write(article, "Buy pills", "Buy pills.", rogue)
    write(article, "Buy more pills", "Buy more pills.", rogue)
    target = make_target("Ferry repaired")
    reviewing.approve(LinkRef(document, slot, target), user=rogue, version=0)

    assert f"1 decision put back. 0 kept because somebody has changed them since. 2 {TEXTS}" in (
        run("--dry-run")
    )
    assert texts() == ("Buy more pills", "Buy more pills.")
    assert f"2 {TEXTS}" in run("--user", "anna")

    assert texts() == ("More on ferries", "Late.")
    [page] = place_links([article])
    assert (page.slots["related"].heading, page.summary) == ("More on ferries", "Late.")
    undone = DecisionLog.objects.filter(
        action=Action.UNDO, operation=BulkOperation.objects.get().pk
    )
    assert {each.actor_name for each in undone} == {"anna"}
    assert [each.is_folded for each in undone.order_by("pk")] == [False, True, True]
    assert f"0 {TEXTS}" in run("--user", "anna")


def test_without_an_earlier_text_the_slots_own_heading_and_no_summary_are_back(
    article: Article, document: Document, rogue: User, anna: User
) -> None:
    other = make_article("Bridge closed")
    set_heading(make_document(other), make_slot(), "More on the bridge", user=anna)
    write(article, "Buy pills", "Buy pills.", rogue)
    assert f"2 {TEXTS}" in run("--user", "anna")
    assert texts() == ("More on the bridge", "")


def test_a_summary_of_an_earlier_body_comes_back_and_hides_as_ever(
    article: Article, document: Document, rogue: User, anna: User
) -> None:
    write(article, "", "Late.", anna)
    article.body = "It is the bridge that is closed now, and the ferry sails."
    article.save()
    write(article, "", "Buy pills.", rogue)
    run("--user", "anna")
    assert Summary.objects.get().text == "Late."
    assert place_links([article])[0].summary is None
    refresh_states([document.pk])
    assert ReviewState.objects.get(document=document).has_stale_summary


def test_what_somebody_wrote_since_or_in_between_stays(
    article: Article, document: Document, rogue: User, anna: User
) -> None:
    write(article, "Buy pills", "Buy pills.", rogue)
    write(article, "On ferries", "Late.", anna)
    report = run("--user", "anna")
    assert f"2 kept because somebody has changed them since. 0 {TEXTS}" in report
    assert texts() == ("On ferries", "Late.")
    write(article, "Buy again", "Buy again.", rogue)
    assert f"0 kept because somebody has changed them since. 2 {TEXTS}" in run("--user", "anna")
    assert texts() == ("On ferries", "Late.")


def test_texts_from_before_there_was_a_log_are_taken_down(
    article: Article, document: Document, slot: Slot, rogue: User, anna: User
) -> None:
    SlotHeading.objects.create(document=document, slot=slot, heading="Pills", changed_by=rogue)
    Summary.objects.create(document=document, text="Buy pills.", approved_by=rogue, version=1)
    other = make_document(make_article("Bridge closed"))
    SlotHeading.objects.create(document=other, slot=slot, heading="On bridges", changed_by=anna)

    assert f"2 {TEXTS}" in run("--dry-run")
    assert f"2 {TEXTS}" in run("--user", "anna")

    assert texts() == ("On bridges", "")
    assert set(DecisionLog.objects.values_list("action", "actor_name")) == {("undo", "anna")}
    assert f"0 {TEXTS}" in run("--user", "anna")


def test_what_an_undo_of_the_account_brought_back_is_none_of_its_words(
    article: Article, document: Document, rogue: User, anna: User
) -> None:
    write(article, "On ferries", "Late.", anna)
    write(article, "Buy pills", "Buy pills.", rogue)
    while (step := last_step(rogue)) is not None:
        undo(step.operation, step.document, user=rogue)
    assert f"0 {TEXTS}" in run("--user", "anna")
    assert texts() == ("On ferries", "Late.")


def test_texts_of_a_deleted_account_are_found_and_of_no_other(
    article: Article, document: Document, rogue: User, anna: User
) -> None:
    ghost = User.objects.create_user("ghost")
    set_heading(make_document(make_article("Bridge closed")), make_slot(), "Boo", user=ghost)
    write(article, "Buy pills", "Buy pills.", rogue)
    ghost.delete()
    rogue.delete()
    assert f"2 {TEXTS}" in run("--user", "anna")
    assert texts() == ("Boo", "")


def test_summaries_that_an_undo_in_bulk_left_are_found(rogue: User, anna: User) -> None:
    operation = uuid4()
    for title in ("Ferry delayed", "Bridge closed"):
        article = make_article(title)
        link = LinkRef(make_document(article), make_slot(), make_target(f"Before: {title}"))
        reviewing.approve_many([(link, 0)], user=rogue, operation=operation)
        approve_summary(
            *(link.document, article, "Buy pills."), user=rogue, version=0, operation=operation
        )
    assert undo_operation(operation, user=anna, undone=uuid4()) == (2, 0)
    assert f"2 {TEXTS}" in run("--user", "anna")
    assert set(Summary.objects.values_list("text", flat=True)) == {""}


def test_a_command_that_put_back_texts_alone_is_no_step_that_leads_nowhere(
    article: Article, document: Document, rogue: User, anna: User
) -> None:
    link = LinkRef(document, make_slot(), make_target("Ferry repaired"))
    reviewing.approve(link, user=anna, version=0)
    write(article, "Buy pills", "Buy pills.", rogue)
    run("--user", "anna")
    step = last_step(anna)
    assert step is not None
    assert not step.is_bulk
    assert [entry.action for entry in step.entries] == [Action.APPROVE]
