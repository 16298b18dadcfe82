"""Databases that the plugin cannot work with; `tests/sites` has whole sites on such."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

Check = Callable[[], list[CheckMessage]]


# The check looks at the settings alone; nothing is connected to what stands in them.
@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_sqlite_without_immediate_transactions(check: Check, settings: Settings) -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.DATABASES = settings.DATABASES | {"other": database}
    [message] = check()
    assert message.id == "related.W003"
    assert "'other'" in message.msg
