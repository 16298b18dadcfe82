"""Documents that wait for a worker, and the report of ``related_health`` about them."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from related.models import Document
from tests.related.stored_articles import make_article, row_of

LONG_AGO = timedelta(seconds=301)


def report(*, is_stale: bool) -> dict[str, Any]:
    """What ``related_health --json`` prints; it fails just when the site is stale."""
    stdout = StringIO()
    if is_stale:
        with pytest.raises(CommandError):
            call_command("related_health", "--json", stdout=stdout)
    else:
        call_command("related_health", "--json", stdout=stdout)
    health: dict[str, Any] = json.loads(stdout.getvalue())
    assert health["is_stale"] is is_stale
    return health


def leave_waiting(age: timedelta, **fields: Any) -> Document:
    document = row_of(make_article())
    Document.objects.filter(pk=document.pk).update(
        want_rev=document.done_rev + 1, marked_at=timezone.now() - age, **fields
    )
    return document
