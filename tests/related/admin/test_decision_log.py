"""The decision log only grows: the model refuses the rest, and so does the database."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, DecisionLog
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> LinkRef:
    document = make_document(make_article("Ferry delayed"))
    return LinkRef(document, make_slot(), make_target("Ferry repaired"))


def test_the_log_only_grows(place: LinkRef, anna: Any) -> None:
    reviewing.approve(place, user=anna, version=0, note="good")
    entry = DecisionLog.objects.get()

    assert entry.before["verdict"] == Verdict.OPEN
    assert entry.after["verdict"] == Verdict.APPROVED
    assert (entry.actor, entry.actor_name, entry.note) == (anna, "anna", "good")
    with pytest.raises(TypeError, match="append-only"):
        entry.save()
    with pytest.raises(TypeError, match="append-only"):
        entry.delete()
    with pytest.raises(TypeError, match="append-only"):
        DecisionLog.objects.update(note="forged")
    with pytest.raises(TypeError, match="append-only"):
        place.document.decision_log.all().delete()
    with pytest.raises(TypeError, match="append-only"):
        DecisionLog.objects.bulk_update([entry], ["note"])


# What passes by the model's own refusal is refused by the database.
RAW = [
    "UPDATE related_decisionlog SET note = 'forged'",
    "UPDATE related_decisionlog SET actor_id = NULL, actor_name = 'nobody'",
    "UPDATE related_decisionlog SET actor_id = {other}",
    "DELETE FROM related_decisionlog",
]


@pytest.mark.parametrize("statement", RAW)
def test_the_database_keeps_the_log_as_it_is(
    place: LinkRef, anna: Any, ben: Any, statement: str
) -> None:
    if statement.startswith("DELETE") and connection.vendor == "sqlite":
        pytest.skip("SQLite empties a database by DELETE; docs/explanation/architecture.md")
    reviewing.approve(place, user=anna, version=0)
    before = list(DecisionLog.objects.values())

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(other=ben.pk))

    assert list(DecisionLog.objects.values()) == before


def test_the_triggers_of_the_log_come_and_go_with_their_migration(
    place: LinkRef, anna: Any
) -> None:
    log = import_module("related.migrations.0003_append_only_log")
    of_sections = import_module("related.migrations.0022_sensitivity")  # by the same function
    reviewing.approve(place, user=anna, version=0)
    forge = DecisionLog._base_manager.all

    for migration in (of_sections, log):
        migration.remove_triggers(apps, connection.schema_editor())
    assert forge().update(note="forged") == 1

    for migration in (log, of_sections):
        migration.add_triggers(apps, connection.schema_editor())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        forge().update(note="forged again")


def test_the_log_keeps_the_name_of_a_deleted_account(place: LinkRef, anna: Any) -> None:
    reviewing.approve(place, user=anna, version=0)

    anna.delete()

    entry = DecisionLog.objects.get()
    assert (entry.actor, entry.actor_name) == (None, "anna")
    assert Decision.objects.get().decided_by is None
