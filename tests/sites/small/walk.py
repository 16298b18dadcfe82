"""What the web does without any extra: it serves, decides and hears of changes; what needs one
says which."""

from __future__ import annotations

import sys

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Corpus, Decision, Document, Slot, Suggestion
from tests.sites.pages.models import Page, Story
from tests.sites.small.settings import EXTRAS

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents() -> list[Document]:
    """Two stories as workers elsewhere left them: compared, the one suggested for the other."""
    city = Page.objects.create(slug="city", title="City")
    for slug, title in (("closes", "Harbor bridge closes"), ("opens", "Harbor bridge opens")):
        Story.objects.create(parent=city, slug=slug, title=title, body="Piers of the bridge.")
    Document.objects.update(is_indexed=True, language="en")
    corpus = Corpus.objects.create(language="en", generation=1)
    first, second = Document.objects.order_by("pk")
    slot = Slot.objects.get(key="related")
    Suggestion.objects.create(
        document=first,
        slot=slot,
        target=second,
        corpus=corpus,
        generation=1,
        similarity=0.5,
        score=0.5,
        rank=1,
        reasons=[],
    )
    return [first, second]


def test_pages_and_decisions(documents: list[Document], admin_client: Client) -> None:
    assert run_checks() == []
    first, second = documents
    address = f"/admin/related/review/pages.story/{first.object_id}/"
    page = admin_client.get(address)
    assert "Harbor bridge opens" in page.content.decode()
    place = LinkRef(first, Slot.objects.get(key="related"), second)
    reviewing.approve(place, user=User.objects.get(), version=0)
    assert Decision.objects.count() == 1
    answer = Client().get(f"/api/v1/links/pages.story/{first.object_id}/").json()
    [link] = answer["slots"]["related"]["items"]
    assert link["title"] == "Harbor bridge opens"
    for name in ("decision", "document", "slot", "rebuildrun"):
        assert admin_client.get(f"/admin/related/{name}/").status_code == 200
    assert admin_client.get("/admin/related/document/dashboard/").status_code == 200


def test_what_needs_an_extra_says_so(documents: list[Document], admin_client: Client) -> None:
    first, second = documents
    address = f"/admin/related/review/pages.story/{first.object_id}/?why={second.label}"
    shown = admin_client.get(address, headers={"HX-Request": "true"})
    assert "This web process cannot compare texts" in shown.content.decode()
    with pytest.raises(CommandError, match=r"numba is not installed: pip .*\[worker\]'"):
        call_command("process_related", verbosity=0)
    for address in ("/api/v1/schema/", "/api/v1/docs/"):
        assert Client().get(address).status_code == 404


def test_a_broker_without_celery(settings: object) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    [warning] = run_checks(tags=["related"])
    assert (warning.id, "[celery]" in warning.hint) == ("related.W004", True)


def test_no_extra_was_loaded(documents: list[Document], admin_client: Client) -> None:
    assert not [name for name in EXTRAS if sys.modules.get(name)]
