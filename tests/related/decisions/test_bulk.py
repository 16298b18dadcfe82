"""Approving an archive at once: what it approves, what it leaves alone, how it is undone."""

from __future__ import annotations

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from newsroom.articles.models import Article
from related.domain.decisions.reviewing import approve_many, pin, reject
from related.domain.decisions.undoing import last_step
from related.domain.decisions.writing import LinkRef
from related.domain.pages.placing import place_links
from related.enums import Verdict
from related.models import BulkOperation, Decision, DecisionLog, Document, Slot, Summary
from tests.related.stories import BAKERY, FLOOD, FLOOD_UPDATE, document_of, publish, work

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


def run(*arguments: str) -> str:
    stdout = StringIO()
    call_command("approve_suggestions", "--user", "ada", *arguments, stdout=stdout)
    return stdout.getvalue()


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
    place = LinkRef(
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
    assert DecisionLog.objects.filter(is_folded=False).count() == 1  # stands for all, texts as well
    call_command("approve_suggestions", user="ada", summaries=True)
    assert (list(Decision.objects.values()), list(Summary.objects.values())) == before


def test_all_of_it_can_be_undone_at_once(editor: User, articles: list[Article]) -> None:
    call_command("approve_suggestions", user="ada")
    (operation,) = set(DecisionLog.objects.values_list("operation", flat=True))
    assert run("--undo", str(operation)).startswith("2 decisions taken back. 0 left")
    assert shown(articles[0]) == shown(articles[2]) == {}


def test_undoing_all_of_it_leaves_what_an_editor_changed_since(
    editor: User, articles: list[Article]
) -> None:
    run()
    (operation,) = set(DecisionLog.objects.values_list("operation", flat=True))
    changed = Decision.objects.get(document=document_of(articles[0]))
    pin(LinkRef(changed.document, changed.slot, changed.target), user=editor, version=1)

    assert run("--undo", str(operation)).startswith("1 decision taken back. 1 left")

    assert Decision.objects.approved().get() == changed
    assert run("--undo", str(operation)).startswith("0 decisions taken back. 2 left")


def test_a_click_on_one_document_is_undone_as_a_whole_or_not_at_all(
    editor: User, articles: list[Article]
) -> None:
    one, *others = (document_of(article) for article in articles)
    places = [LinkRef(one, Slot.objects.get(key="inline"), other) for other in others]
    approve_many([(place, 0) for place in places], user=editor)
    approve_many([(LinkRef(one, Slot.objects.get(key="related"), others[0]), 0)], user=editor)
    alone, both = DecisionLog.objects.values_list("operation", flat=True)[:2]
    assert run("--undo", str(alone)).startswith("1 decision taken back. 0 left")
    pin(places[0], user=editor, version=1)

    with pytest.raises(CommandError, match="Not undone: something has changed since"):
        run("--undo", str(both))

    assert Decision.objects.approved().count() == 2


def test_an_operation_that_is_not_known_cannot_be_undone(editor: User) -> None:
    with pytest.raises(CommandError, match="has no operation"):
        run("--undo", str(uuid4()))
    with pytest.raises(CommandError, match="invalid UUID"):
        run("--undo", "yesterday")


def test_approvals_are_announced_for_caches(
    editor: User,
    articles: list[Article],
    announced: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run()
        run()  # approves nothing more

    assert announced == [sorted(document_of(articles[i]).pk for i in (0, 2))]


def test_all_of_it_is_one_step_and_one_line_of_the_log(
    editor: User, articles: list[Article]
) -> None:
    run()
    step = last_step(editor)
    assert step is not None
    assert step.is_bulk
    assert DecisionLog.objects.filter(operation=step.operation).count() == 2
    assert DecisionLog.objects.filter(operation=step.operation, is_folded=False).count() == 1

    run("--undo", str(step.operation))

    assert last_step(editor) is None
    kinds = BulkOperation.objects.order_by("created_at").values_list("kind", "state", "n_changed")
    assert list(kinds) == [("approve", "finished", 2), ("undo", "finished", 2)]


def test_the_operation_is_named_before_and_after(editor: User, articles: list[Article]) -> None:
    first, last = run().splitlines()
    (operation,) = set(DecisionLog.objects.values_list("operation", flat=True))
    undo = f"manage.py approve_suggestions --user ada --undo {operation}"
    assert first == f"Operation {operation}. To take it back: {undo}"
    assert last == f"2 links and 0 summaries approved on 3 documents (operation {operation})."


def test_an_error_says_how_far_it_came_and_how_to_take_it_back(
    editor: User, articles: list[Article]
) -> None:
    def fail(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "related_summary"'):
            raise OperationalError("disk full")
        return execute(sql, *args)

    with (
        connection.execute_wrapper(fail),
        pytest.raises(CommandError, match=r"Stopped by OperationalError \(disk full\)") as stopped,
    ):
        run("--summaries")

    (operation,) = set(DecisionLog.objects.values_list("operation", flat=True))
    assert "after 0 of 3 documents. What is approved stays" in str(stopped.value)
    assert str(stopped.value).endswith(f"approve_suggestions --user ada --undo {operation}")
    assert Decision.objects.approved().count() == 2


@pytest.mark.parametrize("option", ["--keep-newest", "--limit"])
def test_a_negative_number_is_refused(editor: User, option: str) -> None:
    with pytest.raises(CommandError, match=f"{option} must be 0 or more, not -1"):
        run(option, "-1")


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
