"""The dashboard: the facts of `related_health` with the lists behind them, and buttons to retry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Section, Status
from newsroom.articles.related_sources import ArticleSource
from related.enums import RunStatus
from related.models import Document, RebuildRun
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_target,
)
from tests.related.editors import make_editor, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def address() -> str:
    return reverse("admin:related_dashboard")


def make_failed(title: str, **fields: Any) -> Document:
    """A document that was set aside, as workers leave it."""
    document = make_document(make_article(title, **fields))
    long_ago = timezone.now() - timedelta(hours=1)
    Document.objects.filter(pk=document.pk).update(
        want_rev=9, attempts=3, error="ValueError: no <verb>", marked_at=long_ago
    )
    document.refresh_from_db()
    return document


def test_it_says_that_all_is_well(admin_client: Client, address: str) -> None:
    make_target("Ferry repaired")
    finished = timezone.now() - timedelta(hours=3)
    RebuildRun.objects.create(status=RunStatus.FINISHED, finished_at=finished)
    html = admin_client.get(address).content.decode()
    assert "Fresh: nothing is waiting" in html
    assert ">3 h ago</a>" in html
    assert "Retry" not in html


def test_what_failed_is_named_with_its_title_and_error(admin_client: Client, address: str) -> None:
    failed = make_failed("Ferry < tram, delayed")
    html = admin_client.get(address).content.decode()
    assert "Stale: 1 document was set aside" in html
    assert "Ferry &lt; tram, delayed" in html
    assert "ValueError: no &lt;verb&gt;" in html
    assert f'name="document" value="{failed.pk}"' in html


def test_a_broken_title_does_not_break_the_page(
    admin_client: Client, address: str, register_only: Any
) -> None:
    class SomeUntitled(ArticleSource):
        def title(self, obj: Article) -> str:
            if obj.title == "Broken":
                raise ValueError("no title today")
            return super().title(obj)

    register_only({Article: SomeUntitled})
    failed, fine = make_failed("Broken"), make_failed("Fine")
    for page in (address, reverse("admin:related_document_changelist")):
        html = admin_client.get(page).content.decode()
        assert failed.label in html
        assert "Fine" in html
        assert fine.label in html


def test_a_running_rebuild_shows_its_progress(admin_client: Client, address: str) -> None:
    started = timezone.now() - timedelta(minutes=5)
    RebuildRun.objects.create(phase="suggest en", n_done=100, n_documents=400, started_at=started)
    html = admin_client.get(address).content.decode()
    assert "Running for 5 min: writing suggestions (en), 100 of 400, 15 min left" in html
    assert 'max="400" value="100"' in html
    assert "htmx.min.js" in html
    piece = admin_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'max="400" value="100"' in piece
    assert f'hx-get="{address}"' in piece
    assert "<html" not in piece
    RebuildRun.objects.update(status=RunStatus.FINISHED, finished_at=timezone.now())
    piece = admin_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "The latest rebuild finished 0 s ago." in piece
    assert "hx-get" not in piece, "it asks no more"


def test_one_is_tried_again(admin_client: Client, address: str) -> None:
    failed, other = make_failed("One"), make_failed("Other")
    response = admin_client.post(address, {"document": failed.pk}, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["1 document will be retried."]
    failed.refresh_from_db()
    other.refresh_from_db()
    assert (failed.want_rev, failed.attempts, failed.error) == (10, 0, "")
    assert other.attempts == 3


def test_all_are_tried_again(admin_client: Client, address: str) -> None:
    for number in range(12):  # more than the page lists
        make_failed(f"Story {number}")
    response = admin_client.post(address, {"document": "all"}, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["12 documents will be retried."]
    assert not Document.objects.failed().exists()


@pytest.mark.parametrize("value", ["", "0", "x", "-1", "9" * 30, "\x00", "²"])
def test_what_is_not_there_changes_nothing(admin_client: Client, address: str, value: str) -> None:
    failed = make_failed("Stays")
    response = admin_client.post(address, {"document": value}, follow=True)
    assert response.status_code == 200
    assert Document.objects.failed().get() == failed


def test_a_section_editor_retries_in_their_sections_only(client: Client, address: str) -> None:
    editor = make_staff("sam", "view_document", "change_document", "change_decision")
    own = Section.objects.create(name="Parks", slug="parks")
    own.editors.add(editor)
    mine, theirs = make_failed("Mine", section=own), make_failed("Theirs")
    client.force_login(editor)
    response = client.post(address, {"document": theirs.pk}, follow=True)
    (message,) = response.context["messages"]
    assert str(message) == "0 documents will be retried. 1 is not yours to decide."
    response = client.post(address, {"document": "all"}, follow=True)
    assert set(Document.objects.failed()) == {theirs}
    mine.refresh_from_db()
    assert mine.attempts == 0


def test_many_are_retried_in_few_queries_even_where_the_sites_code_fails(
    client: Client,
    address: str,
    register_only: Any,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    editor = make_staff("sam", "view_document", "change_document", "change_decision")
    own = Section.objects.create(name="Parks", slug="parks")
    own.editors.add(editor)
    failed = [make_failed(f"Story {n}", section=own) for n in range(30)]
    broken = failed[0].object_id

    class SectionOfMost(ArticleSource):
        def section(self, obj: Article) -> str:
            if str(obj.pk) == broken:
                raise ValueError("no section can be told")
            return super().section(obj)

    register_only({Article: SectionOfMost})
    client.force_login(editor)
    with django_assert_max_num_queries(30):
        assert client.post(address, {"document": "all"}).status_code == 302
    assert Document.objects.failed().get() == failed[0]  # for those who edit every section


@pytest.mark.parametrize(
    ("permissions", "get", "post"),
    [
        ([], 403, 403),
        (["view_suggestion"], 403, 403),
        (["view_document"], 200, 403),
        (["view_document", "change_document"], 200, 302),
    ],
)
def test_permissions(
    client: Client, address: str, permissions: list[str], get: int, post: int
) -> None:
    client.force_login(make_staff("kim", *permissions))
    failed = make_failed("Ferry")
    page = client.get(address)
    assert page.status_code == get
    assert (b"Retry" in page.content) == (post == 302)
    assert client.post(address, {"document": failed.pk}).status_code == post


def test_readers_are_sent_to_the_login(client: Client, address: str) -> None:
    client.force_login(User.objects.create_user("reader"))
    for response in (client.get(address), client.post(address, {"document": "all"})):
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]


def test_a_retry_needs_the_token(admin_user: User, address: str) -> None:
    failed = make_failed("Ferry")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert strict.post(address, {"document": failed.pk}).status_code == 403
    failed.refresh_from_db()
    assert failed.attempts == 3


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(admin_client: Client, address: str, method: str) -> None:
    assert getattr(admin_client, method)(address).status_code == 405


def test_editors_find_it(client: Client, address: str) -> None:
    client.force_login(make_editor())
    places = [reverse("admin:related_review_queue"), reverse("admin:related_document_changelist")]
    places += [reverse("admin:app_list", args=["related"]), reverse("admin:index")]
    for place in places:
        assert f'href="{address}"' in client.get(place).content.decode(), place


@pytest.mark.parametrize("n_rows", [1, 3])
def test_a_constant_number_of_queries(
    admin_client: Client, address: str, n_rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(n_rows):
        make_failed(f"Story {number}")
    admin_client.get(address)
    with django_assert_num_queries(25):
        assert admin_client.get(address).status_code == 200


def test_documents_are_listed_by_title(admin_client: Client) -> None:
    withdrawn = make_target("Ferry repaired")
    Article.objects.filter(pk=withdrawn.object_id).update(status=Status.WITHDRAWN)
    html = admin_client.get(reverse("admin:related_document_changelist")).content.decode()
    assert ">Ferry repaired</a>" in html
    assert withdrawn.label in html
