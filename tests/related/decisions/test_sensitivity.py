"""Marking articles and sections: the log, undo, conflicts, and what it keeps editors from."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from newsroom.articles.models import Article
from related.domain.attention.states import refresh_due
from related.domain.decisions import replacing, reviewing
from related.domain.decisions.bulk import approve_placed
from related.domain.decisions.conflicts import DecisionConflict, NotReviewable
from related.domain.decisions.ordering import place
from related.domain.decisions.sensitivity import mark_document
from related.domain.decisions.undoing import last_step, undo
from related.domain.decisions.writing import LinkRef
from related.domain.pages.placing import place_links
from related.domain.pages.rows import outdated_pages
from related.domain.reports.exports import read_names, suggestion_rows
from related.enums import Action, Mark, ReviewReason
from related.models import (
    Decision,
    DecisionLog,
    Document,
    ReviewState,
    SectionRule,
    SectionRuleLog,
    Sensitivity,
    Slot,
)
from tests.related.marks import mark, mark_of
from tests.related.stored_articles import approve, make_article, row_of, suggest

pytestmark = pytest.mark.django_db


def reasons(article: Article) -> list[ReviewReason]:
    return ReviewState.objects.get(document=row_of(article)).why


def related_slot() -> Slot:
    return Slot.objects.get(key="related")


def test_a_mark_is_logged_and_undone_as_a_step_of_its_editor(anna: User, ben: User) -> None:
    article = make_article()
    mark(article, Mark.NO_LINKS, ben)
    mark(article, Mark.NO_LINKS | Mark.NEVER_SUGGEST, anna)
    row = Sensitivity.objects.get()
    assert (row.marks, row.changed_by) == (3, anna)
    entry = DecisionLog.objects.first()
    assert entry is not None
    assert (entry.action, entry.before, entry.after) == (
        Action.SENSITIVE,
        {"marks": 1},
        {"marks": 3},
    )
    step = last_step(anna, row_of(article))
    assert step is not None
    undo(step.operation, step.document, user=anna)
    row.refresh_from_db()
    assert row.marks == 1
    assert last_step(anna, row_of(article)) is None


def test_an_undo_gives_way_to_what_another_editor_marked_since(anna: User, ben: User) -> None:
    article = make_article()
    mark(article, Mark.NO_LINKS, anna)
    step = last_step(anna)
    mark(article, Mark.NEVER_SUGGEST, ben)
    assert step is not None
    with pytest.raises(DecisionConflict, match="something has changed since"):
        undo(step.operation, step.document, user=anna)
    assert Sensitivity.objects.get().marks == Mark.NEVER_SUGGEST


def test_nobody_takes_back_unseen_what_another_marked(anna: User, ben: User) -> None:
    article = make_article()
    mark(article, Mark.NO_LINKS, ben)
    with pytest.raises(DecisionConflict, match="ben changed the sensitivity first"):
        mark_document(row_of(article), Mark.NEVER_SUGGEST, seen=0, user=anna)
    assert Sensitivity.objects.get().marks == Mark.NO_LINKS


@pytest.mark.parametrize("is_section", [True, False])
def test_an_approved_link_that_is_barred_brings_its_page_to_the_queue(
    anna: User, is_section: bool
) -> None:
    article, target = make_article("A"), make_article("B", section="Fun")
    link = LinkRef(row_of(article), related_slot(), row_of(target))
    reviewing.approve(link, user=anna, version=0)
    assert reasons(article) == []
    if is_section:
        mark_of("fun", Mark.NEVER_SUGGEST, anna)
        assert refresh_due() >= 1
    else:
        mark(target, Mark.NEVER_SUGGEST, anna)
    assert reasons(article) == [ReviewReason.BARRED]
    assert not outdated_pages([row_of(article).pk])
    mark(article, Mark.NO_LINKS, anna)  # nobody is asked about a page without links
    assert reasons(article) == []


def test_what_is_barred_is_neither_asked_for_nor_exported(anna: User) -> None:
    article, target = make_article("A"), make_article("B", section="Fun")
    suggest(article, "related", target)
    mark(article, Mark.NOTHING_LIGHT, anna)
    assert reasons(article) == [ReviewReason.NEW]
    mark_of("fun", Mark.LIGHT, anna)
    assert refresh_due() >= 1
    assert reasons(article) == []
    names = read_names()
    assert not any(row["suggestions"] for row in suggestion_rows(names, [related_slot()]))
    mark(article, 0, anna)
    assert reasons(article) == [ReviewReason.NEW]
    assert any(row["suggestions"] for row in suggestion_rows(names, [related_slot()]))


def test_a_sensitive_page_asks_for_approval_in_every_slot(anna: User) -> None:
    Slot.objects.update(requires_approval=False)
    article, target = make_article("A"), make_article("B")
    suggest(article, "related", target)
    mark(target, Mark.LIGHT, anna)  # brings the states up to date
    mark(article, 0, anna)
    mark(article, Mark.SENSITIVE, anna)
    assert reasons(article) == [ReviewReason.NEW]


def test_nobody_approves_what_is_barred_however_old_the_page(anna: User) -> None:
    article, target, other = (make_article(title) for title in "ABC")
    link = LinkRef(row_of(article), related_slot(), row_of(target))
    old = reviewing.approve(LinkRef(link.document, link.slot, row_of(other)), user=anna, version=0)
    mark(target, Mark.NEVER_SUGGEST, anna)
    n_decisions = Decision.objects.count()
    for click in (
        lambda: reviewing.approve(link, user=anna, version=0),
        lambda: reviewing.pin(link, user=anna, version=0),
        lambda: reviewing.approve_many([(link, 0)], user=anna),
        lambda: place(link, 1, user=anna, version=0),
        lambda: replacing.replace(link, user=anna, version=0, old=row_of(other), old_version=1),
        lambda: replacing.swap(
            LinkRef(link.document, link.slot, row_of(other)),
            user=anna,
            version=old.version,
            reserve=row_of(target),
            reserve_version=0,
        ),
    ):
        with pytest.raises(NotReviewable, match="never suggest this"):
            click()
    assert Decision.objects.count() == n_decisions
    reviewing.reject(link, user=anna, version=0)  # that is always possible


def test_an_undo_puts_back_what_is_barred_since_and_readers_do_not_see_it(anna: User) -> None:
    article, target = make_article("A"), make_article("B")
    link = LinkRef(row_of(article), related_slot(), row_of(target))
    reviewing.approve(link, user=anna, version=0)
    reviewing.reject(link, user=anna, version=1)
    step = last_step(anna)
    mark(target, Mark.NEVER_SUGGEST, anna)
    assert step is not None
    undo(step.operation, step.document, user=anna)
    assert Decision.objects.approved().count() == 1
    assert not place_links([article])[0].slots["related"].items
    assert reasons(article) == [ReviewReason.BARRED]


def test_bulk_approval_leaves_sensitive_articles_and_barred_targets_alone(anna: User) -> None:
    plain, sensitive, target = (make_article(title) for title in "ABC")
    barred = make_article("D")
    for article in (plain, sensitive):
        suggest(article, "related", barred, target)
    mark(barred, Mark.NEVER_SUGGEST, anna)
    mark(sensitive, Mark.SENSITIVE, anna)
    rows = [row_of(plain), row_of(sensitive)]
    assert approve_placed(rows, user=anna).n_links == 1
    [decision] = Decision.objects.all()
    assert (decision.document, decision.target) == (row_of(plain), row_of(target))


def test_the_rule_of_a_section_is_logged_for_good(
    anna: User, announced: list[list[int] | None], django_capture_on_commit_callbacks: object
) -> None:
    make_article(section="Fun")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        mark_of("fun", Mark.LIGHT, anna)
        mark_of("fun", Mark.LIGHT, anna)
    assert announced == [None]
    [entry] = SectionRuleLog.objects.all()
    assert (entry.section, entry.before, entry.after) == ("fun", 0, Mark.LIGHT)
    assert (entry.actor_name, SectionRule.objects.get().changed_by) == ("anna", anna)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE related_sectionrulelog SET after = 0")
    with pytest.raises(TypeError, match="append-only"):
        SectionRuleLog.objects.all().delete()


def test_a_mark_announces_the_article_and_the_pages_that_link_to_it(
    anna: User, announced: list[list[int] | None], django_capture_on_commit_callbacks: object
) -> None:
    article, target, suggesting = (make_article(title) for title in "ABC")
    approve(article, "related", target)
    suggest(suggesting, "related", target)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        mark(target, Mark.NEVER_SUGGEST, anna)
    assert announced == [sorted(Document.objects.values_list("pk", flat=True))]
