"""Who decides at the desk of which section, and who says so: the groups and their members."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from newsroom.articles.editors import create_groups
from newsroom.articles.models import Article, Section
from newsroom.articles.publishing import withdraw
from related.admin.actions import ACTIONS
from related.domain.decisions import reviewing, undoing
from related.domain.decisions.writing import LinkRef
from related.models import Decision, Document, SlotHeading, Summary
from tests.factories import ArticleFactory
from tests.newsroom.desk import (
    CHIEF,
    CONTRIBUTOR,
    SECTION_EDITOR,
    messages_of,
)
from tests.related.clicks import page_of, seen
from tests.related.desk_documents import make_document, make_slot, suggest

pytestmark = pytest.mark.django_db

QUEUE = "/admin/related/review/"


def clicks(document: Document, target: Document) -> dict[str, dict[str, Any]]:
    """Every button of the desk, as a form that would be valid."""
    link = {"slot": "related", **seen(target)}
    return {
        **dict.fromkeys(("approve", "reject", "not_here", "pin", "unpin", "reopen"), link),
        **dict.fromkeys(("up", "down"), link),
        "place": {**link, "place": 1},
        "swap": {**link, "reserve": target.label, "reserve_version": 0},
        "agree": {"links": [urlencode(link)]},
        "done": {},
        "keys": {},
        "keep": {**link, "rival": target.label},
        "sensitive": {"marks": ["1"], "seen_marks": 0},
        "story": {"slot": "related", "one": target.label, "other": target.label, "telling": "same"},
        "replace": {**link, "old": target.label, "old_version": 0},
        "undo": {"operation": "7f1d3c2e-4f0e-4a57-9d38-1f1c2b0c0a11"},
        "heading": {"slot": "related", "heading": "Mine"},
        "publish_summary": {"version": 0, "body": "0" * 64, "text": "Mine."},
        "remove_summary": {"version": 0},
    }


def test_every_button_is_refused_in_another_section(
    client: Client, log_in: Any, news: Section
) -> None:
    log_in(SECTION_EDITOR)
    target = make_document(ArticleFactory(section=news))
    document = make_document(ArticleFactory(section=news))
    suggest(document, target)
    buttons = clicks(document, target)
    assert buttons.keys() == ACTIONS.keys()
    for action, fields in buttons.items():
        answer = client.post(page_of(document), {"action": action, **fields})
        assert answer.status_code == 403, action
    for model in (Decision, SlotHeading, Summary):
        assert not model._default_manager.exists()
    page = client.get(page_of(document)).content.decode()
    assert "You may look here, but not decide." in page
    assert 'name="press"' not in page


@pytest.mark.parametrize(
    ("group", "in_sport", "in_news", "in_none"),
    [
        (CONTRIBUTOR, 403, 403, 403),
        (SECTION_EDITOR, 302, 403, 403),
        (CHIEF, 302, 302, 302),
    ],
)
def test_who_decides_where(
    *,
    client: Client,
    log_in: Any,
    sport: Section,
    news: Section,
    group: str,
    in_sport: int,
    in_news: int,
    in_none: int,
) -> None:
    log_in(group)
    target = make_document(ArticleFactory(section=news))
    for section, status in ((sport, in_sport), (news, in_news), (None, in_none)):
        document = make_document(ArticleFactory(section=section))
        fields = {"action": "approve", "slot": "related", **seen(target)}
        assert client.post(page_of(document), fields).status_code == status
        is_approved = Decision.objects.approved().filter(document=document).exists()
        assert is_approved == (status == 302)


def test_the_section_counts_as_it_is_now(client: Client, log_in: Any, sport: Section) -> None:
    """The worker's copy of the section may be old; the article's own decides."""
    log_in(SECTION_EDITOR)
    article = ArticleFactory(section=sport)
    document = make_document(article)
    target = make_document(ArticleFactory())
    Article.objects.filter(pk=article.pk).update(section=None)
    fields = {"action": "approve", "slot": "related", **seen(target)}
    assert client.post(page_of(document), fields).status_code == 403


def test_an_editor_who_lost_the_section_undoes_nothing(
    client: Client, log_in: Any, sport: Section
) -> None:
    user = log_in(SECTION_EDITOR)
    document = make_document(ArticleFactory(section=sport))
    target = make_document(ArticleFactory())
    reviewing.approve(LinkRef(document, make_slot(), target), user=user, version=0)
    step = undoing.last_step(user)
    assert step is not None
    [entry] = step.entries
    sport.editors.clear()
    fields = {"action": "undo", "operation": str(entry.operation)}
    assert client.post(page_of(document), fields).status_code == 403
    assert Decision.objects.approved().exists()


@pytest.mark.parametrize(
    ("group", "titles", "sections"),
    [
        (SECTION_EDITOR, {"Cup final"}, ["sport"]),
        (CHIEF, {"Cup final", "Bridge closed", "In no section"}, ["news", "sport"]),
        (CONTRIBUTOR, {"Cup final", "Bridge closed", "In no section"}, ["news", "sport"]),
    ],
)
def test_the_queue_lists_what_is_theirs(
    *,
    client: Client,
    log_in: Any,
    sport: Section,
    news: Section,
    group: str,
    titles: set[str],
    sections: list[str],
) -> None:
    log_in(group)
    for title, section in (("Cup final", sport), ("Bridge closed", news), ("In no section", None)):
        make_document(ArticleFactory(title=title, section=section))
    context = client.get(f"{QUEUE}?state=all").context
    assert {row.target.title for row in context["rows"]} == titles
    assert [key for key, _ in context["sections"]] == sections
    hidden = client.get(f"{QUEUE}?state=all&section=news").context["rows"]
    assert {row.target.title for row in hidden} == titles & {"Bridge closed"}


def test_what_failed_before_its_section_was_known_is_in_the_queue(
    client: Client, log_in: Any, sport: Section
) -> None:
    log_in(SECTION_EDITOR)
    document = make_document(ArticleFactory(title="Poison", section=sport), section="")
    Document.objects.filter(pk=document.pk).update(want_rev=9, attempts=3, error="broken")
    rows = client.get(f"{QUEUE}?state=failed").context["rows"]
    assert [row.target.title for row in rows] == ["Poison"]


def test_only_own_failed_documents_are_tried_again(
    client: Client, log_in: Any, sport: Section, news: Section
) -> None:
    log_in(SECTION_EDITOR)
    gone = ArticleFactory(section=sport)
    failed = [make_document(each) for each in (ArticleFactory(section=sport), gone)]
    failed.append(make_document(ArticleFactory(section=news)))
    withdraw(gone)
    Document.objects.update(want_rev=9, attempts=3, error="broken")
    fields = {"action": "try_again", "_selected_action": [each.pk for each in failed]}
    answer = client.post(reverse("admin:related_document_changelist"), fields)
    assert messages_of(answer) == ["1 document will be retried. 2 are not yours to decide."]
    assert list(Document.objects.filter(error="")) == [failed[0]]


def test_the_chief_says_who_edits_a_section(client: Client, log_in: Any, news: Section) -> None:
    log_in(CHIEF)
    other = User.objects.create_user("other", is_staff=True)
    address = reverse("admin:newsroom_section_change", args=[news.pk])
    form = {"name": "News", "slug": "news", "position": "1", "editors": [other.pk]}
    assert client.post(address, form).status_code == 302
    assert list(other.edited_sections.all()) == [news]


@pytest.mark.parametrize("group", [SECTION_EDITOR, CONTRIBUTOR])
def test_nobody_else_does(client: Client, log_in: Any, news: Section, group: str) -> None:
    user = log_in(group)
    address = reverse("admin:newsroom_section_change", args=[news.pk])
    form = {"name": "News", "slug": "news", "position": "1", "editors": [user.pk]}
    assert client.post(address, form).status_code == 403
    assert not news.editors.exists()


def test_making_the_groups_twice_changes_nothing() -> None:
    create_groups()
    before = set(Group.objects.values_list("name", "permissions__codename"))
    create_groups()
    assert set(Group.objects.values_list("name", "permissions__codename")) == before
    assert ("Section editors", "edit_all_sections") not in before
