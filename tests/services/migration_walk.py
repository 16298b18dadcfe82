"""Every migration of an application taken back and applied again, on a database with decisions.

Prints one JSON object per line: the step, and a fingerprint of every column that was there after
it. Runs inside `manage.py shell`, so that all steps share one start of Python.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from itertools import pairwise

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

Columns = dict[str, str]  # table.column -> fingerprint of its values, in the order of the rows


def walk(app: str) -> None:
    """Each migration but the first: back and forth alone, then all the way back and forth."""
    report("start", "")
    names = names_of(app)
    for before, name in reversed(list(pairwise(names))):
        migrate(app, before, "back")
        migrate(app, name, "forth")
        migrate(app, before, "back")
    for name in names[1:]:
        migrate(app, name, "forth")


def names_of(app: str) -> list[str]:
    """The migrations of an application, the first one first."""
    graph = MigrationLoader(connection).graph
    (newest,) = graph.leaf_nodes(app)
    return [name for label, name in graph.forwards_plan(newest) if label == app]


def migrate(app: str, name: str, direction: str) -> None:
    call_command("migrate", app, name, verbosity=0)
    report(direction, name)


def report(direction: str, name: str) -> None:
    step = {"direction": direction, "name": name, "columns": dict(fingerprints())}
    sys.stdout.write(json.dumps(step) + "\n")


def fingerprints() -> Iterator[tuple[str, str]]:
    """Read by SQL: the models know the newest tables only."""
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        table, key = model._meta.db_table, model._meta.pk.column
        if table not in there or model._meta.app_label not in {"related", "newsroom", "auth"}:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM {connection.ops.quote_name(table)} "
                f"ORDER BY {connection.ops.quote_name(str(key))}"
            )
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        for position, name in enumerate(names):
            values = [bytes_or_value(row[position]) for row in rows]
            yield f"{table}.{name}", hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def bytes_or_value(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
