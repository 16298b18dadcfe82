"""Every migration goes back and forth, on both databases, with all decisions intact.

New migrations are found by themselves. What a migration adds is gone once it is taken back; what
was there on both sides of a step has to be the same, byte by byte.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.newsroom import APPROVE, CREATE_EDITOR, FILL
from tests.services.project import Project

# Rejections, pins, notes, a heading and a summary, beside what APPROVE leaves.
pytestmark = pytest.mark.timeout(600)  # a process for every step, back and forth

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
# One document in the hands of a worker of the older release, one that it set aside.
UPGRADE = """
from datetime import timedelta
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
call_command("migrate", "related", "0006", verbosity=0)
old = MigrationLoader(connection).project_state([("related", "0006_detect_changes")]).apps
rows = old.get_model("related", "Document").objects
claimed, set_aside = rows.order_by("pk")[:2]
soon = timezone.now() + timedelta(seconds=20)
rows.filter(pk=claimed.pk).update(want_rev=9, attempts=1, due_at=soon)
rows.filter(pk=set_aside.pk).update(want_rev=9, attempts=4, error="bad text")
call_command("migrate", "related", verbosity=0)
from related.models import Document
waiting = Document.objects.waiting()
print(sorted(waiting.values_list("attempts", "error")))
print(waiting.failed().get().attempts)
print(set(Document.objects.claimable()) == set(waiting))
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
    project.migrate()
    parts = [CREATE_EDITOR, FILL, APPROVE, DECIDE, 'print("---")']
    parts += [WALK.format(app="related"), 'print("---")', WALK.format(app="newsroom")]
    parts += ['print("---")', CHANGE_LOG, 'print("---")', UPGRADE]
    result = project.manage("shell", "--no-imports", "--command", "\n".join(parts))
    _, related, newsroom, refused, upgraded = result.stdout.split("---\n")
    assert "refused: The decision log is append-only." in refused
    assert upgraded.splitlines() == ["[(1, ''), (4, 'bad text')]", "4", "True"]
    for lines in (related, newsroom):
        steps = [json.loads(line) for line in lines.splitlines()]
        assert_kept(steps)


# Of log entries about headings, summaries and pages that are done, which older versions have not.
FILLED = {"related_decisionlog.target_id", "related_decisionlog.slot_id"}
# An older release knows neither: what workers find again when they next look at a document, and
# which entries of the log are shown behind the first of their operation, whose table goes as well.
FOUND_AGAIN = {"related_document.is_draft", "related_decisionlog.is_folded"}
# Since then, the heading that the inline slot was shipped with is another.
RENAMED, RENAMED_IN = "related_slot.heading", "0017_upcoming_stops"


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
        changed = [name for name in changed if name not in FOUND_AGAIN]
        if step is not walked[-1]:  # filled on the way back, emptied by the last step forth
            changed = [name for name in changed if name not in FILLED]
        if step["name"] < RENAMED_IN:
            changed = [name for name in changed if name != RENAMED]
        assert changed == [], f"{step['direction']} at {step['name']}"
