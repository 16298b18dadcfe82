"""Every migration goes back and forth, on both databases, with all decisions intact.

New migrations are found by themselves. What a migration adds is gone once it is taken back; what
was there on both sides of a step has to be the same, byte by byte.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.newsroom import APPROVE, CREATE_EDITOR, FILL, MIGRATE
from tests.services.project import Project

# Rejections, pins, notes, a heading and a summary, beside what APPROVE leaves.
DECIDE = """
from django.contrib.auth.models import User
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Decision, SlotHeading, Suggestion
user = User.objects.get()
for number, decision in enumerate(Decision.objects.order_by("pk")[:6]):
    place = LinkRef(decision.document, decision.slot, decision.target)
    if number % 2:
        reviewing.pin(place, user=user, version=decision.version)
    else:
        note = 'Not "this", née \\U0001f600'
        reviewing.reject(place, user=user, version=decision.version, note=note)
SlotHeading.objects.create(document=decision.document, slot=decision.slot, heading="Upcoming stops")
"""
WALK = """
from tests.services.migration_walk import walk
walk({app!r})
"""
CHANGE_LOG = """
from django.db import IntegrityError, connection
try:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE related_decisionlog SET note = 'forged'")
except IntegrityError as error:
    print("refused:", error)
"""
KEPT = {"related_decision", "related_decisionlog", "related_slotheading", "related_summary"}
KEPT |= {"related_document", "related_slot", "newsroom_article", "newsroom_section", "auth_user"}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_decisions_survive_every_step(
    database: str, make_project: Callable[..., Project], request: pytest.FixtureRequest
) -> None:
    environment = {}
    if database == "postgresql":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    project = make_project(**environment)
    parts = [MIGRATE, CREATE_EDITOR, FILL, APPROVE, DECIDE, 'print("---")']
    parts += [WALK.format(app="related"), 'print("---")', WALK.format(app="newsroom")]
    parts += ['print("---")', CHANGE_LOG]
    result = project.manage("shell", "--no-imports", "--command", "\n".join(parts))
    _, related, newsroom, refused = result.stdout.split("---\n")
    assert "refused: The decision log is append-only." in refused
    for lines in (related, newsroom):
        steps = [json.loads(line) for line in lines.splitlines()]
        assert_kept(steps)


def assert_kept(steps: list[dict[str, Any]]) -> None:
    """The columns of each step against those at the start, as far as both have them."""
    start, *walked = steps
    tables = {name.partition(".")[0] for name in start["columns"]}
    assert tables >= KEPT
    assert {step["direction"] for step in walked} == {"back", "forth"}
    for step in walked:
        columns = step["columns"]
        assert {name.partition(".")[0] for name in columns} >= KEPT, step["name"]
        kept = [name for name in columns if name.partition(".")[0] in KEPT]
        changed = [name for name in kept if columns[name] != start["columns"].get(name)]
        # A column that an older state had alone was filled when the newer one was taken back.
        changed = [name for name in changed if name in start["columns"]]
        assert changed == [], f"{step['direction']} at {step['name']}"
