"""Headings on a page: the shipped ones in the language of the document, others as written."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from related.domain.decisions.headings import set_heading
from related.domain.pages.placing import place_links
from related.languages import page_language, writing_direction
from related.models import Slot, SlotHeading
from related.models.slots import SHIPPED_HEADINGS
from tests.factories import EditorFactory
from tests.related.stored_articles import make_article, row_of

pytestmark = pytest.mark.django_db


def heading_on(language: str, slot: str = "related") -> str:
    [page] = place_links([make_article(language=language)])
    return page.slots[slot].heading


def test_the_headings_of_the_migration_are_the_shipped_ones() -> None:
    assert set(Slot.objects.values_list("heading", flat=True)) == SHIPPED_HEADINGS


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Related stories"),
        ("de", "Ähnliche Artikel"),
        ("es-mx", "Noticias relacionadas"),
        ("fr", "Sur le même sujet"),
        ("xx", "Related stories"),
    ],
)
def test_a_shipped_heading_is_in_the_language_of_the_document(language: str, heading: str) -> None:
    with translation.override("fr"):  # whatever the reader's
        assert heading_on(language) == heading


def test_the_heading_of_a_slot_that_an_editor_changed_is_shown_as_written() -> None:
    Slot.objects.filter(key="related").update(heading="Search")  # Django would translate it
    assert heading_on("de") == "Search"


def test_a_custom_heading_is_shown_as_written(admin_user: Any) -> None:
    article = make_article(language="de")
    set_heading(
        row_of(article),
        Slot.objects.get(key="related"),
        "Next Article",
        user=EditorFactory(),
    )
    [page] = place_links([article])
    assert page.slots["related"].heading == "Next Article"


def test_a_heading_that_reads_like_the_slots_own_is_no_custom_one() -> None:
    slot, editor = Slot.objects.get(key="related"), EditorFactory()
    document = row_of(make_article(language="de"))
    with translation.override("de"):
        set_heading(document, slot, "Ähnliche Artikel", user=editor)
    assert not SlotHeading.objects.exists()


@pytest.mark.parametrize("code", ["", "xx", "../de", "de\x00", "x" * 600])
def test_content_without_a_language_of_the_site_gets_the_sites_own(code: str) -> None:
    assert page_language(code) == "en"


@pytest.mark.parametrize(
    ("code", "direction"),
    [
        *(("en", "ltr"), ("pt-BR", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("HE", "rtl")),
        *(("yi", "rtl"), ("ckb", "rtl"), ("fa_IR", "rtl"), ("xx", "auto"), ("", "auto")),
    ],
)
def test_the_direction_of_a_language(code: str, direction: str) -> None:
    assert writing_direction(code) == direction


@pytest.mark.parametrize("heading", ["Read more on this", "Upcoming stops", "My own", ""])
def test_the_inline_heading_changes_where_nobody_changed_it(heading: str) -> None:
    migration = import_module("related.migrations.0017_upcoming_stops")
    slots = Slot.objects.filter(key="inline")
    slots.update(heading=heading)
    Slot.objects.filter(key="related").update(heading="Read more on this")
    migration.forwards(apps, None)
    own = heading not in {migration.BEFORE, migration.NOW}
    assert slots.get().heading == (heading if own else "Upcoming stops")
    migration.backwards(apps, None)
    assert slots.get().heading == (heading if own else "Read more on this")
    assert Slot.objects.get(key="related").heading == "Read more on this"
