"""The panel below an article's form: what it shows, to whom, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article, Status
from newsroom.articles.related_sources import ArticleSource
from related import Source
from related.domain.attention.states import refresh_states
from related.domain.decisions.writing import Change, LinkRef, setting
from related.domain.decisions.writing_many import change_each
from related.domain.documents.marking import document_of
from related.domain.operations.preparing import record
from related.enums import Action, BulkKind
from related.models import Decision, Document
from tests.related.clicks import page_of
from tests.related.desk_documents import make_slot, make_target, suggest
from tests.related.editors import make_editor, make_staff

pytestmark = pytest.mark.django_db
FORM = "/admin/newsroom/article/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft() -> Article:
    return Article.objects.create(title="Ferry to sail again", body="The ferry sails again.")


@pytest.fixture
def row(draft: Article) -> Document:
    """The draft's row, as a worker leaves it, with one suggestion."""
    row = answered(draft)
    suggest(row, make_target("Ferry repaired"))
    return row


def answered(draft: Article) -> Document:
    row = document_of(draft)
    assert row is not None
    row.is_draft, row.language, row.published_at = True, "en", timezone.now()
    row.done_rev = row.want_rev
    row.save()
    refresh_states([row.pk])
    return row


@pytest.fixture
def writer(client: Client) -> User:
    """An editor who writes, and decides about links."""
    user = make_editor("writer")
    for name in ("view_article", "change_article", "add_article"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(user)
    return user


def panel(client: Client, article: Article | None, **query: str) -> LexborHTMLParser | None:
    address = f"{FORM}{article.pk}/change/" if article else f"{FORM}add/"
    response = client.get(address, query)
    assert response.status_code == 200
    found = LexborHTMLParser(response.content).css_first("#writing")
    return LexborHTMLParser(found.html) if found else None


def shown(client: Client, article: Article | None) -> str:
    found = panel(client, article)
    assert found is not None
    return " ".join(found.body.text().split()) if found.body else ""


def test_the_panel_stands_outside_of_the_form(client: Client, writer: User, row: Document) -> None:
    page = LexborHTMLParser(client.get(f"{FORM}{row.object_id}/change/").content)
    assert page.css_first("#article_form") is not None
    assert page.css_first("#article_form #writing") is None
    assert page.css_first("form form") is None
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    form = page.css_first("#desk-form")
    assert form is not None
    assert form.attributes["action"] == page_of(row)
    assert form.attributes["target"] == "_blank"  # without JavaScript, what is typed stays here
    assert "Ferry repaired" in form.text()
    assert "draft, not public" in page.css_first("#writing").text()


def test_before_it_is_saved(client: Client, writer: User) -> None:
    assert "Save the article first" in shown(client, None)
    assert panel(client, None, _popup="1") is None


@pytest.mark.parametrize(
    ("fields", "says", "asks_again"),
    [
        ({"done_rev": 0}, "Looking for links…", True),
        ({"done_rev": 0, "marked_at": timedelta(minutes=5)}, "the workers may be away", True),
        ({"done_rev": 0, "attempts": 9, "error": "ValueError: x"}, "ValueError: x", False),
        ({}, "What you decide stands when the article is published.", False),
    ],
)
@pytest.mark.usefixtures("writer")
def test_how_far_the_search_is(
    client: Client,
    row: Document,
    fields: dict[str, Any],
    says: str,
    asks_again: bool,
) -> None:
    if "marked_at" in fields:
        fields = fields | {"marked_at": timezone.now() - fields["marked_at"]}
    Document.objects.filter(pk=row.pk).update(**fields)
    found = panel(client, Article.objects.get(pk=row.object_id))
    assert found is not None
    assert says in found.html
    assert bool(found.css("[hx-trigger]")) is asks_again


def test_it_asks_until_there_is_something_new(client: Client, writer: User, row: Document) -> None:
    Document.objects.filter(pk=row.pk).update(done_rev=0)
    asked = {"panel": "1", "seen": "looking"}
    assert client.get(page_of(row), asked, headers=HTMX).status_code == 204
    Document.objects.filter(pk=row.pk).update(done_rev=row.want_rev)
    answer = client.get(page_of(row), asked, headers=HTMX)
    assert answer.status_code == 200
    assert "Ferry repaired" in answer.content.decode()
    assert "hx-trigger" not in answer.content.decode()


def test_deciding_answers_with_the_panel_and_leads_nowhere(
    client: Client, writer: User, row: Document
) -> None:
    address = f"{page_of(row)}?panel=1"
    link = f"slot=related&target={Document.objects.get(suggested_for__isnull=False).label}"
    sent = {"press": f"action=approve&{link}&version=0"}
    answer = client.post(address, sent, headers=HTMX)
    assert answer.status_code == 200
    assert "Approved “Ferry repaired”" in answer.content.decode()
    assert "desk-link--approved" in answer.content.decode()
    assert "HX-Redirect" not in answer.headers
    again = client.post(address, sent, headers=HTMX)
    assert again.status_code == 409  # it was decided meanwhile
    assert "Not saved" in again.content.decode()
    operation = again.context["panel"].undoable.operation
    client.post(address, {"press": f"action=undo&operation={operation}"}, headers=HTMX)
    assert Decision.objects.get().verdict == "open"


def test_an_operation_in_bulk_is_taken_back_on_its_own_page(
    client: Client, writer: User, row: Document
) -> None:
    target = Document.objects.get(suggested_for__isnull=False)
    operation = record(BulkKind.APPROVE, user=writer, options={})
    change = Change(
        LinkRef(row, make_slot(), target), Action.APPROVE, setting({"verdict": "approved"}), 0
    )
    change_each([change], user=writer, operation=operation.pk)
    page = panel(client, Article.objects.get(pk=row.object_id))
    undo = page and page.css_first('[aria-label^="Undo"]')
    assert undo is not None
    assert undo.tag == "a"
    assert undo.attributes["target"] == "_blank"  # what is typed above stays
    assert client.get(undo.attributes["href"] or "").context["operation"] == operation
    sent = {"press": f"action=undo&operation={operation.pk}"}
    assert client.post(f"{page_of(row)}?panel=1", sent, headers=HTMX).status_code == 409


def test_agreeing_stays_on_the_page(client: Client, writer: User, row: Document) -> None:
    target = Document.objects.get(suggested_for__isnull=False)
    sent = {"press": "action=agree", "links": f"slot=related&target={target.label}&version=0"}
    answer = client.post(f"{page_of(row)}?panel=1", sent, headers=HTMX)
    assert answer.status_code == 200
    assert "HX-Redirect" not in answer.headers
    assert Decision.objects.get().verdict == "approved"


def test_who_may_only_look_sees_no_buttons(client: Client, draft: Article, row: Document) -> None:
    user = make_staff("reader", "view_suggestion")
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(user)
    found = panel(client, draft)
    assert found is not None
    assert "Ferry repaired" in found.html
    assert "You may look here, but not decide." in found.html
    assert not found.css("button[name=press]")


def test_who_may_not_look_sees_no_panel(client: Client, draft: Article, row: Document) -> None:
    user = make_staff("stranger")
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(user)
    assert panel(client, draft) is None


def test_the_desk_opens_for_a_draft_to_those_who_may_see_it(
    client: Client, writer: User, row: Document
) -> None:
    page = client.get(page_of(row)).content.decode()
    assert "draft, not public" in page
    assert "This is a draft" in page
    assert "Public page" not in page
    client.force_login(make_editor("elsewhere"))  # decides, and may not open articles
    hidden, missing = (
        client.get(f"/admin/related/review/newsroom.article/{key}/") for key in (row.object_id, 999)
    )
    assert hidden.status_code == missing.status_code == 404


def test_drafts_are_in_no_queue_and_no_count(client: Client, writer: User, row: Document) -> None:
    for state in ("to_review", "reviewed", "nothing", "all"):
        page = client.get("/admin/related/review/", {"state": state}).content.decode()
        assert "Ferry to sail again" not in page


def test_what_to_do_where_drafts_get_no_links(
    client: Client,
    writer: User,
    draft: Article,
    register_only: Callable[[dict[type[Model], type[Source]]], None],
) -> None:
    Article.objects.filter(pk=draft.pk).update(status=Status.WITHDRAWN)
    assert "In this state the article gets no links" in shown(client, draft)

    class Silent(ArticleSource):
        drafts = Source.drafts

    register_only({Article: Silent})
    assert "define drafts() in Silent" in shown(client, draft)
    register_only({})
    assert "not registered" in shown(client, draft)


def test_the_shared_words_of_a_drafts_card(client: Client, writer: User, row: Document) -> None:
    target = Document.objects.get(suggested_for__isnull=False)
    answer = client.get(page_of(row), {"why": target.label}, headers=HTMX)
    assert answer.status_code == 200  # no text is stored here: nothing is shared, nothing fails
    assert "desk-terms" in answer.content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_the_form_takes_as_many_queries_at_any_number_of_links(
    client: Client,
    writer: User,
    draft: Article,
    django_assert_num_queries: DjangoAssertNumQueries,
    n: int,
) -> None:
    row = answered(draft)
    for number in range(n):
        suggest(row, make_target(f"Ferry {number}", days_ago=number + 2))
    client.get(f"{FORM}{draft.pk}/change/")
    with django_assert_num_queries(31):
        client.get(f"{FORM}{draft.pk}/change/")
