"""Sensitive articles and sections. The log of sections is append-only in the database itself."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

LOG = import_module("related.migrations.0003_append_only_log")
NAME = "related_refuse_section_log_change"
POSTGRESQL = f"""
    CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON related_sectionrulelog
    FOR EACH ROW EXECUTE FUNCTION related_refuse_log_change()
    """
SQLITE = """
    CREATE TRIGGER {name} BEFORE UPDATE ON related_sectionrulelog
    WHEN {changed} OR (NEW.actor_id IS NOT NULL AND NEW.actor_id IS NOT OLD.actor_id)
    BEGIN SELECT RAISE(ABORT, '{message}'); END
    """
BACK = {
    "postgresql": f"DROP TRIGGER {NAME} ON related_sectionrulelog",
    "sqlite": f"DROP TRIGGER {NAME}",
}


def add_triggers(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
    elif vendor == "sqlite":
        fields = apps.get_model("related", "SectionRuleLog")._meta.concrete_fields
        columns = [field.column for field in fields if field.name != "actor"]
        changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
        statement = SQLITE.format(name=NAME, changed=changed, message=LOG.MESSAGE)
        schema_editor.execute(statement, params=None)


def remove_triggers(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor in BACK:
        schema_editor.execute(BACK[schema_editor.connection.vendor], params=None)


def account(name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=name,
    )


def kind(on_delete: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        on_delete=on_delete,
        related_name="+",
        to="contenttypes.contenttype",
        verbose_name="kind",
    )


MARKED = [
    ("marks", models.PositiveSmallIntegerField(default=0, verbose_name="sensitivity")),
    (
        "changed_at",
        models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed at"),
    ),
]
KEY = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("related", "0021_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sensitivity",
            fields=[
                *MARKED,
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="sensitivity",
                        serialize=False,
                        to="related.document",
                        verbose_name="document",
                    ),
                ),
                ("changed_by", account("changed by")),
            ],
            options={
                "verbose_name": "sensitivity",
                "verbose_name_plural": "sensitivities",
                "default_permissions": ("change",),
            },
        ),
        migrations.CreateModel(
            name="SectionRule",
            fields=[
                KEY,
                *MARKED,
                ("section", models.CharField(max_length=255, verbose_name="section")),
                ("changed_by", account("changed by")),
                ("content_type", kind(django.db.models.deletion.CASCADE)),
            ],
            options={
                "verbose_name": "rule of a section",
                "verbose_name_plural": "rules of sections",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content_type", "section"), name="related_one_rule_per_section"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionRuleLog",
            fields=[
                KEY,
                ("section", models.CharField(max_length=255, verbose_name="section")),
                ("before", models.PositiveSmallIntegerField(verbose_name="before")),
                ("after", models.PositiveSmallIntegerField(verbose_name="after")),
                ("actor_key", models.CharField(max_length=255, verbose_name="key of the account")),
                ("actor_name", models.TextField(verbose_name="editor")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                ("actor", account("account")),
                ("content_type", kind(django.db.models.deletion.PROTECT)),
            ],
            options={
                "verbose_name": "entry of the log of sections",
                "verbose_name_plural": "log of sections",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.RunPython(add_triggers, remove_triggers),
        migrations.AddField(
            model_name="document",
            name="site_marks",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="document",
            name="own_marks",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="decisionlog",
            name="action",
            field=models.CharField(
                choices=[
                    ("approve", "approved"),
                    ("reject", "rejected"),
                    ("pin", "pinned"),
                    ("unpin", "unpinned"),
                    ("move", "moved"),
                    ("reopen", "reopened"),
                    ("undo", "undone"),
                    ("not_here", "kept out of the slot"),
                    ("heading", "changed the heading"),
                    ("summary", "changed the summary"),
                    ("done", "called the page done"),
                    ("sensitive", "changed the sensitivity"),
                ],
                max_length=10,
                verbose_name="action",
            ),
        ),
    ]
