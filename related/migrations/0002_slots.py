"""The five slots that every site starts with; editors change them in the admin."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SLOTS: list[dict[str, Any]] = [
    {
        "key": "previous",
        "heading": "Previous Article",
        "rule": "similar_earlier",
        "count": 1,
        "minimum_score": 0.08,
    },
    {
        "key": "next",
        "heading": "Next Article",
        "rule": "similar_later",
        "count": 1,
        "minimum_score": 0.08,
    },
    {
        "key": "inline",
        "heading": "Read more on this",
        "rule": "similar",
        "count": 2,
        "minimum_score": 0.12,
        "skip_linked": True,
        "one_per_story": True,
    },
    {
        "key": "related",
        "heading": "Related stories",
        "rule": "similar",
        "count": 4,
        # Low: an editor sees the weak ones too, ranked last, and decides.
        "minimum_score": 0.02,
        "one_per_story": True,
        # Of the gentle and the steep closeness in time, the gentle one serves editors best.
        "recency_weight": 0.2,
        "recency_half_life": 90.0,
    },
    {
        "key": "section",
        "heading": "More in this section",
        "rule": "latest_in_section",
        "count": 4,
        "requires_approval": False,
    },
]


def add_slots(apps: Any, schema_editor: Any) -> None:
    slot_model = apps.get_model("related", "Slot")
    for position, slot in enumerate(SLOTS):
        slot_model.objects.get_or_create(key=slot["key"], defaults=slot | {"position": position})


class Migration(migrations.Migration):
    dependencies = [("related", "0001_initial")]

    # Going back keeps the rows: the table goes with 0001, and decisions refer to them until then.
    operations = [migrations.RunPython(add_slots, migrations.RunPython.noop)]
