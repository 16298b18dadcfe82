"""The inline slot's heading is "Upcoming stops", unless an editor gave it another."""

from __future__ import annotations

from typing import Any

from django.db import migrations

BEFORE, NOW = "Read more on this", "Upcoming stops"


def rename(apps: Any, before: str, now: str) -> None:
    slots = apps.get_model("related", "Slot").objects
    slots.filter(key="inline", heading=before).update(heading=now)


def forwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, BEFORE, NOW)


def backwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, NOW, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("related", "0016_pages")]

    operations = [migrations.RunPython(forwards, backwards)]
