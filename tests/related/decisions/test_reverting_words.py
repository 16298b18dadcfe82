"""What a rogue account said beside links is taken back with its decisions."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.keeping import keep_against
from related.domain.decisions.telling import say_story
from related.domain.decisions.undoing import last_step, undo
from related.domain.decisions.undoing_sections import last_rules
from related.domain.decisions.writing import LinkRef
from related.enums import Mark, Telling
from related.models import (
    BulkOperation,
    Document,
    KeptLink,
    SectionRule,
    SectionRuleLog,
    Sensitivity,
    StoryVerdict,
)
from tests.related.desk_documents import make_slot, make_target
from tests.related.marks import mark, mark_of

pytestmark = pytest.mark.django_db
WORDS = "headings, summaries and words on sensitivity, stories or kept links put back."
NOTHING = f"0 decisions put back. 0 kept because somebody has changed them since. 0 {WORDS}\n"


@pytest.fixture
def rogue() -> User:
    return User.objects.create_user("rogue")


def run(*options: str) -> str:
    stdout = StringIO()
    call_command("revert_decisions", "--by=rogue", "--since=2020-01-01", *options, stdout=stdout)
    return stdout.getvalue()


def article_of(document: Document) -> Article:
    return Article.objects.get(pk=document.object_id)


def test_what_held_before_holds_again(
    document: Document, target: Document, rogue: User, anna: User
) -> None:
    article = article_of(document)
    mark(article, Mark.NOTHING_LIGHT, anna)
    for marks in (Mark.NO_LINKS, Mark.NEVER_SUGGEST):
        mark(article, marks, rogue)
    mark_of("harbor", Mark.LIGHT, rogue)
    for telling in (Telling.SAME, Telling.DIFFERENT):
        say_story(document, document, target, telling, user=rogue)
    link, rival = LinkRef(document, make_slot(), target), make_target("Rival")
    reviewing.approve(link, user=anna, version=0)
    keep_against(link, rival, user=rogue, version=1)

    assert f"4 {WORDS}" in run("--dry-run")
    assert (Sensitivity.objects.get().marks, KeptLink.objects.count()) == (Mark.NEVER_SUGGEST, 1)
    assert f"4 {WORDS}" in run("--user", "anna")

    assert Sensitivity.objects.get().marks == Mark.NOTHING_LIGHT
    assert SectionRule.objects.get(section="harbor").marks == 0
    last = SectionRuleLog.objects.first()
    assert last is not None
    assert (last.actor_name, last.operation) == ("anna", BulkOperation.objects.get().pk)
    assert last_rules(anna) == []  # put back, and not asked for by her
    assert not StoryVerdict.objects.exists()
    assert not KeptLink.objects.exists()
    assert run("--user", "anna") == NOTHING


def test_what_others_said_since_or_in_between_stays(
    document: Document, target: Document, rogue: User, anna: User
) -> None:
    article, other = article_of(document), article_of(target)
    mark(article, Mark.NO_LINKS, rogue)
    mark(article, Mark.NOTHING_LIGHT, anna)
    mark(other, Mark.NO_LINKS, rogue)
    mark(other, Mark.NOTHING_LIGHT, anna)
    mark(other, 0, rogue)
    mark_of("harbor", Mark.NO_LINKS, rogue)
    mark_of("harbor", Mark.LIGHT, anna)

    for options in (["--dry-run"], ["--user", "anna"]):
        report = run(*options)
        assert "2 kept because somebody has changed them since." in report
        assert "1 heading, summary or word on sensitivity, stories or kept links put" in report

    marks = dict(Sensitivity.objects.values_list("document", "marks"))
    assert marks == {document.pk: Mark.NOTHING_LIGHT, target.pk: Mark.NOTHING_LIGHT}
    assert SectionRule.objects.get(section="harbor").marks == Mark.LIGHT


def test_what_the_account_took_back_itself_is_no_word(document: Document, rogue: User) -> None:
    mark(article_of(document), Mark.NO_LINKS, rogue)
    step = last_step(rogue)
    assert step is not None
    undo(step.operation, step.document, user=rogue)
    mark_of("harbor", Mark.NO_LINKS, rogue)
    mark_of("harbor", 0, rogue)
    assert run("--dry-run").endswith(NOTHING)
