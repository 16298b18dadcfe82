"""The kinds of receivers: what each is told, and how."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid5

from django.utils import timezone

from related.api.answers import EVERYTHING
from related.contrib.notices.contents import Changes
from related.contrib.notices.posting import Refused, Unavailable, post

JSON = {"Content-Type": "application/json", "User-Agent": "django-newsroom-related"}


class Kind(Protocol):
    @property
    def at_once(self) -> int:
        """How many documents one message is about."""

    @property
    def forgets_all(self) -> bool:
        """Whether it can be told "everything" in place of very many."""

    def tell(self, changes: Changes) -> None:
        """Raises ``Refused`` or ``Unavailable``."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """JSON, signed as standardwebhooks.com has it, so that there are libraries to verify it."""

    url: str
    # More than one while a secret is being replaced.
    secrets: tuple[bytes, ...] = field(repr=False)

    at_once = 100
    forgets_all = False

    def tell(self, changes: Changes) -> None:
        documents = [document.as_json() for document in changes.documents]
        data = {"everything": changes.everything, "documents": documents}
        now = timezone.now()
        message = {"type": "pages.changed", "timestamp": now.isoformat(), "data": data}
        body = json.dumps(message).encode()
        # Sent again it is the same message, unless what it says has changed meanwhile.
        event = uuid5(changes.event, json.dumps(data))
        post(self.url, body, JSON | self.signed(str(event), int(now.timestamp()), body))

    def signed(self, event: str, timestamp: int, body: bytes) -> dict[str, str]:
        content = f"{event}.{timestamp}.".encode() + body
        digests = (hmac.digest(secret, content, "sha256") for secret in self.secrets)
        return {
            "webhook-id": event,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(f"v1,{base64.b64encode(d).decode()}" for d in digests),
        }


@dataclass(frozen=True, slots=True)
class Fastly:
    url: str
    service: str
    soft: bool
    token: str = field(repr=False)

    at_once = 200
    forgets_all = True
    keys_at_once = 256

    def tell(self, changes: Changes) -> None:
        headers = {"Fastly-Key": self.token, "Accept": "application/json"}
        if self.soft:
            headers["Fastly-Soft-Purge"] = "1"
        for keys in _chunks(_keys(changes), self.keys_at_once):
            body = json.dumps({"surrogate_keys": keys}).encode()
            _purge(f"{self.url}/service/{self.service}/purge", body, JSON | headers)


@dataclass(frozen=True, slots=True)
class Cloudflare:
    url: str
    zone: str
    token: str = field(repr=False)

    at_once = 200
    forgets_all = True
    keys_at_once = 30  # of 100 on today's plans: older ones took no more

    def tell(self, changes: Changes) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        for keys in _chunks(_keys(changes), self.keys_at_once):
            body = json.dumps({"tags": keys}).encode()
            answer = _purge(f"{self.url}/zones/{self.zone}/purge_cache", body, JSON | headers)
            if not _is_success(answer):
                raise Unavailable(answer.decode("utf-8", "replace")[:300])


def _purge(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Keys are all alike: what a cache refuses is the token, or the zone."""
    try:
        return post(url, body, headers)
    except Refused as error:
        raise Unavailable(str(error)) from error


def _is_success(answer: bytes) -> bool:
    try:
        read: Any = json.loads(answer)
    except ValueError:
        return False
    return isinstance(read, dict) and read.get("success") is True


def _keys(changes: Changes) -> list[str]:
    return [EVERYTHING] if changes.everything else changes.keys


def _chunks(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
