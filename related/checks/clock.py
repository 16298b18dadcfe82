"""The clock of this host beside the database's, which is asked: by `manage.py check` alone."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.clocks import CLOCKS, is_off, own_seconds_ahead


def check_clock(**kwargs: Any) -> list[CheckMessage]:
    if connection.vendor not in CLOCKS:  # E006 says so
        return []
    try:
        ahead = own_seconds_ahead()
    except (DatabaseError, InterfaceError):
        return []  # commands that need the database say so
    if not is_off(ahead):
        return []
    hint = _(
        "Let a time service (NTP) keep it: workers go by the database's clock, but this host's is "
        "on what the site writes here, such as when an article came out."
    )
    return [Warning(describe_offset(ahead), hint=hint, id="related.W011")]


def describe_offset(ahead: float) -> str:
    n = round(abs(ahead))
    if ahead < 0:
        message = ngettext(
            "The clock of this host is %(n)d second behind the database's.",
            "The clock of this host is %(n)d seconds behind the database's.",
            n,
        )
    else:
        message = ngettext(
            "The clock of this host is %(n)d second ahead of the database's.",
            "The clock of this host is %(n)d seconds ahead of the database's.",
            n,
        )
    return message % {"n": n}
