"""The decision log, append-only in the database itself, and found by operation.

The only change that goes through is the one that Django makes when an account is deleted: the
actor becomes empty. Emptying a whole database stays possible, for tests and `manage.py flush`:
PostgreSQL does it by TRUNCATE, which fires no trigger of a row, but SQLite by DELETE, so there the
triggers refuse changes alone and deletion is refused by the model.

SQLite loses triggers when Django rebuilds a table to alter it: a later migration that alters
the log's table must run `add_triggers` again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

MESSAGE = "The decision log is append-only."

# Both vendors report the refusal as IntegrityError.
POSTGRESQL = [
    f"""
    CREATE FUNCTION related_refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND (NEW.actor_id IS NULL OR NEW.actor_id = OLD.actor_id)
            AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER related_refuse_log_change BEFORE UPDATE OR DELETE ON related_decisionlog
    FOR EACH ROW EXECUTE FUNCTION related_refuse_log_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER related_refuse_log_change ON related_decisionlog",
    "DROP FUNCTION related_refuse_log_change()",
]
SQLITE = """
    CREATE TRIGGER related_refuse_log_change BEFORE UPDATE ON related_decisionlog
    WHEN {changed} OR (NEW.actor_id IS NOT NULL AND NEW.actor_id IS NOT OLD.actor_id)
    BEGIN SELECT RAISE(ABORT, '{message}'); END
    """
SQLITE_BACK = ["DROP TRIGGER related_refuse_log_change"]


def add_triggers(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        _execute(schema_editor, POSTGRESQL)
    elif vendor == "sqlite":
        fields = apps.get_model("related", "DecisionLog")._meta.concrete_fields
        columns = [field.column for field in fields if field.name != "actor"]
        changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
        _execute(schema_editor, [SQLITE.format(changed=changed, message=MESSAGE)])


def remove_triggers(apps: Any, schema_editor: Any) -> None:
    back = {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}
    _execute(schema_editor, back.get(schema_editor.connection.vendor, []))


def _execute(schema_editor: Any, statements: list[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("related", "0002_slots")]

    operations = [
        migrations.AddIndex(
            model_name="decisionlog",
            index=models.Index(fields=["operation"], name="related_log_operation"),
        ),
        migrations.RunPython(add_triggers, remove_triggers),
    ]
