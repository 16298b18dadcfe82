"""The databases: a kind that the plugin can work with, and transactions that take their turn."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.db import connections, router
from django.utils.translation import gettext as _

from related.models import Document

SUPPORTED = ("postgresql", "sqlite")  # the backends' vendors


def check_databases(**kwargs: Any) -> list[CheckMessage]:
    """Nothing is connected to, so that it runs with every command."""
    return [*_unsupported(router.db_for_write(Document)), *_without_turns()]


def _unsupported(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if connection.vendor in SUPPORTED:
        return []
    message = _("The plugin's tables are in %(alias)r, a database of the kind %(kind)s.")
    hint = _(
        "Use PostgreSQL, or SQLite for a small site. MySQL and MariaDB cannot lock a row without "
        "its key (FOR NO KEY UPDATE), so that workers would block editors' saves."
    )
    names = {"alias": alias, "kind": getattr(connection, "display_name", connection.vendor)}
    return [Error(message % names, hint=hint, id="related.E006")]


def _without_turns() -> list[CheckMessage]:
    return [
        Warning(
            _("The SQLite database %(alias)r does not open its transactions as IMMEDIATE.")
            % {"alias": alias},
            hint=_(
                "Workers and editors write at the same time; add 'OPTIONS': {'transaction_mode': "
                "'IMMEDIATE', 'timeout': 20}, or they will run into 'database is locked'."
            ),
            id="related.W003",
        )
        for alias, database in settings.DATABASES.items()
        if database.get("ENGINE", "").endswith(".sqlite3")
        and database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ]
