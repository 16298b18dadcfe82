"""The review pages in the admin: what they show, to whom, at which address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse, reverse_lazy

from newsroom.articles.models import Article, Status
from newsroom.articles.related_sources import ArticleSource
from related.admin.queue import PAGE_SIZE
from related.domain.attention.states import refresh_due, refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.documents.marking import reconcile_rows
from related.models import Decision, Document, ReviewState
from tests.factories import ArticleFactory, SectionFactory
from tests.related.clicks import page_of, press, seen
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)
from tests.related.editors import make_staff

pytestmark = pytest.mark.django_db

QUEUE = reverse_lazy("admin:related_review_queue")


def test_the_page_shows_what_an_editor_needs(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    html = client.get(page_of(document)).content.decode()

    for text in ("Ferry repaired", "similarity 0.42", "ferry", "harbor", "Harbor", "Previous"):
        assert text in html
    assert "?preview=1" in html


def test_titles_are_escaped(client: Client, anna: User, document: Document) -> None:
    suggest(document, make_target("<script>alert(1)</script>"))

    html = client.get(page_of(document)).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_no_inline_script_or_style(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    for address in (page_of(document), QUEUE):
        html = client.get(address).content.decode()
        assert "style=" not in html
        assert "<style" not in html
        assert " onclick" not in html


@pytest.mark.parametrize(
    "rest",
    [
        "newsroom.article/999999/",
        f"newsroom.article/{10**30}/",
        "newsroom.article/-1/",
        "newsroom.article/01/",
        "newsroom.article/x/y/",
        f"newsroom.article/{quote('1' + chr(0))}/",
        f"newsroom.article/{'9' * 400}/",
        "auth.user/1/",
        "nothing/1/",
        f"{quote(chr(0))}/1/",
    ],
)
def test_unknown_addresses_are_not_found(client: Client, anna: User, rest: str) -> None:
    assert client.get(f"{QUEUE}{rest}").status_code == 404
    assert client.post(f"{QUEUE}{rest}", {"action": "approve"}).status_code == 404


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_what_is_not_offered_has_no_review_page(
    client: Client, anna: User, document: Document, status: Status
) -> None:
    Article.objects.update(status=status)

    assert client.get(page_of(document)).status_code == 404


def test_an_article_that_was_saved_behind_our_back_gets_its_row(
    client: Client, anna: User, document: Document
) -> None:
    Document.objects.all().delete()

    response = client.get(page_of(document))

    assert "are in progress (since" in response.content.decode()
    assert Document.objects.get().is_waiting


def test_a_failed_document_says_why(client: Client, anna: User, document: Document) -> None:
    Document.objects.update(want_rev=9, attempts=3, error="ValueError: broken markup")

    html = client.get(page_of(document)).content.decode()

    assert "could not be computed" in html
    assert "ValueError: broken markup" in html


def test_visitors_are_sent_to_the_login(client: Client, document: Document) -> None:
    for address in (QUEUE, page_of(document)):
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")


def test_without_permission_nothing_is_shown(client: Client, document: Document) -> None:
    client.force_login(make_staff("guest", "view_document"))

    for address in (QUEUE, page_of(document), f"{QUEUE}newsroom.article/999/", f"{QUEUE}x/1/"):
        assert client.get(address).status_code == 403
    assert client.post(page_of(document), {"action": "approve"}).status_code == 403


def test_who_may_look_only_sees_no_button(
    client: Client, document: Document, target: Document
) -> None:
    client.force_login(make_staff("guest", "view_suggestion"))

    html = client.get(page_of(document)).content.decode()
    assert "Ferry repaired" in html
    assert "You may look here, but not decide." in html
    assert 'name="press"' not in html

    fields = {"action": "approve", "slot": "related", **seen(target)}
    assert client.post(page_of(document), fields).status_code == 403
    assert not Decision.objects.exists()


def test_the_site_says_who_may_review_what(
    client: Client, anna: User, document: Document, target: Document, register_only: Any
) -> None:
    class ForNobody(ArticleSource):
        def may_review(self, user: Any, obj: Any) -> bool:
            return False

    register_only({Article: ForNobody})
    fields = {"action": "approve", "slot": "related", **seen(target)}
    assert client.post(page_of(document), fields).status_code == 403
    assert 'name="press"' not in client.get(page_of(document)).content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(
    client: Client, anna: User, document: Document, method: str
) -> None:
    for address in (page_of(document), QUEUE):
        assert getattr(client, method)(address).status_code == 405
    assert client.post(QUEUE).status_code == 405


def test_a_form_from_elsewhere_is_refused(anna: User, document: Document) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)

    assert strict.post(page_of(document), {"action": "approve"}).status_code == 403


@pytest.mark.parametrize("n_suggestions", [1, 3])
def test_the_page_asks_the_same_queries_for_any_number_of_links(
    client: Client,
    anna: User,
    document: Document,
    n_suggestions: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(n_suggestions):
        suggest(document, make_target(f"Story {number}"))
        approved = make_target(f"Approved {number}")
        reviewing.approve(LinkRef(document, make_slot(), approved), user=anna, version=0)
    client.get(page_of(document))

    with django_assert_num_queries(33):
        client.get(page_of(document))


def test_the_queue_lists_and_leads_on(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    older = make_document(make_article("Older story", days_ago=5))
    suggest(older, target)

    html = client.get(QUEUE).content.decode()
    assert html.index(page_of(document)) < html.index(page_of(older))
    assert client.get(page_of(document)).context["next_url"] == page_of(older)
    filtered = client.get(f"{page_of(document)}?section=harbor")
    assert filtered.context["next_url"] == f"{page_of(older)}?section=harbor"

    press(client, document, "approve", **seen(target))
    html = client.get(QUEUE).content.decode()
    assert page_of(document) not in html
    assert page_of(document) in client.get(f"{QUEUE}?state=reviewed").content.decode()


def test_the_queue_turns_pages(client: Client, anna: User) -> None:
    section = SectionFactory(name="Harbor", slug="harbor")
    Article.objects.bulk_create(
        ArticleFactory.build(section=section, slug=f"story-{number}")
        for number in range(PAGE_SIZE + 1)
    )
    reconcile_rows()
    Document.objects.update(is_indexed=True, section="harbor")
    refresh_states(Document.objects.values_list("pk", flat=True))

    first = client.get(f"{QUEUE}?state=all&section=harbor")
    assert first.context["newer_query"] == ""
    second = client.get(f"{QUEUE}?{first.context['older_query']}")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (PAGE_SIZE, 1)
    assert second.context["older_query"] == ""
    assert "section=harbor" in second.context["newer_query"]


@pytest.mark.parametrize(
    "query", ["page=x", "page=0", f"page={10**20}", "state=x", "q=%00", "section=%00", "page=99999"]
)
def test_the_queue_survives_any_query(client: Client, anna: User, query: str) -> None:
    assert client.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize("n_documents", [1, 3])
def test_the_queue_page_asks_the_same_queries_for_any_number_of_rows(
    client: Client, anna: User, n_documents: int, django_assert_num_queries: Any
) -> None:
    target = make_target("Old news")
    for number in range(n_documents):
        suggest(make_document(make_article(f"Story {number}")), target)
    client.get(QUEUE)

    with django_assert_num_queries(13):
        client.get(QUEUE)


def test_messages_are_read_once(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    press(client, document, "approve", **seen(target))

    assert list(get_messages(client.get(page_of(document)).wsgi_request)) == []


def test_an_empty_queue_says_what_workers_are_still_to_look_at(
    client: Client, anna: User, document: Document
) -> None:
    """As after a first rebuild on a site whose workers are not running yet."""
    document.is_indexed = True
    document.save()
    ReviewState.objects.all().delete()
    for address in (str(QUEUE), reverse("admin:index")):
        assert "a worker still has to look at 1 page." in client.get(address).content.decode()
    refresh_due()
    for address in (str(QUEUE), reverse("admin:index")):
        assert "Nothing is waiting for review." in client.get(address).content.decode()
