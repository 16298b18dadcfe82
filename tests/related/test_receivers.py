"""Saves and deletes are noticed without a word from the site."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from related.models import Document
from tests.related.stories import FLOOD, document_of, publish

pytestmark = pytest.mark.django_db


def test_a_save_marks_its_document() -> None:
    article = publish("Barrier raised", FLOOD)
    assert (document_of(article).want_rev, document_of(article).done_rev) == (1, 0)
    article.save()
    assert document_of(article).want_rev == 2


def test_a_fixture_being_loaded_is_not_marked(tmp_path: object) -> None:
    article = publish("Barrier raised", FLOOD)
    fixture = f"{tmp_path}/articles.json"
    call_command("dumpdata", "newsroom.article", output=fixture, verbosity=0)
    before = document_of(article).want_rev
    call_command("loaddata", fixture, verbosity=0)
    assert document_of(article).want_rev == before


def test_a_delete_marks_the_document_and_keeps_it() -> None:
    article = publish("Barrier raised", FLOOD)
    document = document_of(article)
    article.delete()
    document.refresh_from_db()
    assert document.want_rev == 2


def test_an_edit_revives_a_document_that_was_set_aside() -> None:
    article = publish("Barrier raised", FLOOD)
    in_a_day = timezone.now() + timedelta(days=1)
    Document.objects.update(attempts=3, error="ValueError: bad text", retry_at=in_a_day)
    assert not Document.objects.claimable().exists()
    article.save()
    document = Document.objects.claimable().get()
    assert (document.attempts, document.error) == (0, "")


def test_waiting_counts_from_the_first_change() -> None:
    article = publish("Barrier raised", FLOOD)
    since = document_of(article).marked_at
    article.save()
    assert document_of(article).marked_at == since
    Document.objects.update(done_rev=2)
    article.save()
    assert document_of(article).marked_at > since
