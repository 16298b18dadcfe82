"""Keys: made, shown once, looked up by their hash, scoped to types, revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.utils import timezone

from related.contrib.headless.models import ApiKey
from related.registry import registered

PREFIX = "rk_"
SECONDS_BETWEEN_NOTES = 60  # "last used at" is no write for every request


def pushable_types() -> list[str]:
    """Labels of the registered models that take pushes."""
    return [
        model._meta.label_lower for model, source in registered().items() if source.accepts_pushes
    ]


def make_key(name: str, types: list[str], user: Any) -> tuple[ApiKey, str]:
    """A new key: its row, and the text to show once."""
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(name=name, types=types, hint=text[:10], hash=hash_key(text), created_by=user)
    row.save()
    return row, text


def find_key(text: str) -> ApiKey | None:
    """The key of this text, if there is one and it was not revoked; notes that it was used.

    The text has 256 random bits: a plain hash, found by an index, gives nothing away.
    """
    key = ApiKey.objects.filter(hash=hash_key(text), revoked_at=None).first()
    if key is not None:
        now = timezone.now()
        stale = Q(used_at=None) | Q(used_at__lt=now - timedelta(seconds=SECONDS_BETWEEN_NOTES))
        ApiKey.objects.filter(stale, pk=key.pk).update(used_at=now)
    return key


def revoke(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def hash_key(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
