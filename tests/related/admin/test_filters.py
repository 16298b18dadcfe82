"""The admin's lists, asked by an address for what cannot be looked up."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Document, RebuildRun
from tests.related.desk_documents import make_article, make_document, make_slot, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def _rows(admin_user: User) -> None:
    """A row in every list."""
    document = make_document(make_article("Ferry delayed"))
    place = LinkRef(document, make_slot(), make_target("Ferry repaired"))
    reviewing.approve(place, user=admin_user, version=0)
    RebuildRun.objects.create()


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("document", "language=%00"),
        ("document", "section=%00"),
        ("document", "language__exact=%00"),
        ("document", "section__exact=%00"),
        ("document", "published_at__year=99999999"),
        ("document", f"published_at__month={10**30}"),
        ("decision", "verdict__exact=%00"),
        ("decisionlog", "action__exact=%00"),
        ("decisionlog", f"at__year={10**30}"),
        ("rebuildrun", "status__exact=%00"),
        ("rebuildrun", "status=%00"),
        ("slot", "rule__exact=%00"),
    ],
)
def test_a_filter_that_makes_no_sense_is_no_server_error(
    admin_client: Client, name: str, query: str
) -> None:
    address = reverse(f"admin:related_{name}_changelist")

    response = admin_client.get(f"{address}?{query}")

    if response.status_code == 302:
        assert response["Location"] == f"{address}?e=1"
        assert admin_client.get(response["Location"]).status_code == 200
    else:  # SQLite looks a NUL character up like any other, and finds nothing
        assert response.status_code == 200
        assert not response.context["cl"].result_list


def test_a_broken_database_is_not_blamed_on_a_filter(admin_client: Client) -> None:
    def fail(execute: Any, sql: str, *args: Any) -> Any:
        if 'FROM "related_document"' in sql:
            raise OperationalError("the disk is gone")
        return execute(sql, *args)

    address = reverse("admin:related_document_changelist")

    for query in ("", "?e=1"):
        with connection.execute_wrapper(fail), pytest.raises(OperationalError, match="disk"):
            admin_client.get(address + query)


def test_documents_are_filtered_by_what_the_site_calls_their_section(admin_client: Client) -> None:
    harbor = make_target("Ferry repaired")
    Document.objects.create(content_type=harbor.content_type, object_id="999")  # says nothing yet
    address = reverse("admin:related_document_changelist")
    page = LexborHTMLParser(admin_client.get(address).content)
    found = {
        link.text(strip=True): link.attributes["href"] for link in page.css("#changelist-filter a")
    }
    assert "harbor" not in found
    for name, key in (("Harbor", harbor.object_id), ("no section", "999"), ("no language", "999")):
        rows = admin_client.get(f"{address}{found[name]}").context["cl"].result_list
        assert [row.object_id for row in rows] == [key]
    assert "Harbor" in page.css_first(".field-section_name").text()  # type: ignore[union-attr]
