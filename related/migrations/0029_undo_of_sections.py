"""The log of sections says which entries are of one click, and which take one back."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations, models

# On SQLite the trigger names the columns that it watches.
LOG = import_module("related.migrations.0022_sensitivity")


class Migration(migrations.Migration):
    dependencies = [("related", "0028_clocks")]

    operations = [
        migrations.RunPython(LOG.remove_triggers, LOG.add_triggers),
        migrations.AddField(
            model_name="sectionrulelog",
            name="operation",
            field=models.UUIDField(editable=False, null=True, verbose_name="operation"),
        ),
        migrations.AddField(
            model_name="sectionrulelog",
            name="undoes",
            field=models.UUIDField(editable=False, null=True, verbose_name="undone operation"),
        ),
        migrations.RunPython(LOG.add_triggers, LOG.remove_triggers),
    ]
