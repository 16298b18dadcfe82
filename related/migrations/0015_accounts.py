"""Who decided, by the account's key: names change, are given to others, and may be of any length.

Entries of accounts that are deleted by now keep their name alone: their key is not known any more.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.models.functions import Left

LOG = import_module("related.migrations.0003_append_only_log")


def name_keys(apps: Any, schema_editor: Any) -> None:
    log = apps.get_model("related", "DecisionLog").objects.using(schema_editor.connection.alias)
    actors = log.filter(actor__isnull=False).order_by().values_list("actor", flat=True)
    for key in actors.distinct():
        log.filter(actor=key).update(actor_key=str(key))


def shorten_names(apps: Any, schema_editor: Any) -> None:
    log = apps.get_model("related", "DecisionLog").objects.using(schema_editor.connection.alias)
    log.update(actor_name=Left("actor_name", 150))


class Migration(migrations.Migration):

    dependencies = [
        ("related", "0014_passages"),
    ]

    # Without the triggers in between: rows are filled, and SQLite rebuilds the table.
    operations = [
        migrations.RunPython(LOG.remove_triggers, LOG.add_triggers),
        migrations.AddField(
            model_name="decisionlog",
            name="actor_key",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=255,
                verbose_name="key of the account",
            ),
        ),
        migrations.AlterField(
            model_name="decisionlog",
            name="actor_name",
            field=models.TextField(verbose_name="editor"),
        ),
        migrations.RunPython(name_keys, shorten_names),
        migrations.RunPython(LOG.add_triggers, LOG.remove_triggers),
    ]
