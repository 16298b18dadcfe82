"""One HTTP request to a receiver, and what its answer means."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import Any

SECONDS = 5.0  # to connect, and between two pieces of an answer
READ = 10_000  # bytes of an answer
# What is wrong with the message itself. All other answers are about the receiver: it is away, has
# enough, or lets nobody in until somebody mends its settings.
REFUSALS = frozenset({400, 413, 414, 422, 431})
LONGEST_WISH = 3600.0  # seconds of Retry-After that are granted


class Refused(Exception):
    """The receiver understood, and will not take this message."""


class Unavailable(Exception):
    """The receiver takes nothing now; ``retry_after`` is in seconds, 0 where it said nothing."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Where a receiver points to is not whom the settings name."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Send a body; returns what the receiver answered, up to 10,000 bytes.

    Raises:
        Refused: this message is not taken.
        Unavailable: nothing is.
    """
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - see checks
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            read: bytes = answer.read(READ)
            return read
    except urllib.error.HTTPError as error:
        raise _reason(error) from error
    except (OSError, HTTPException) as error:
        raise Unavailable(str(getattr(error, "reason", "") or error or type(error))) from error


def _reason(error: urllib.error.HTTPError) -> Refused | Unavailable:
    with error:
        reason = f"HTTP {error.code}: {_text(error)}"
        if error.code in REFUSALS:
            return Refused(reason)
        wish = error.headers.get("Retry-After") or ""
        seconds = float(wish) if wish.isascii() and wish.isdigit() and len(wish) < 9 else 0.0
        return Unavailable(reason, min(seconds, LONGEST_WISH))


def _text(answer: urllib.error.HTTPError | HTTPResponse) -> str:
    try:
        return answer.read(READ).decode("utf-8", "replace").strip()[:300]
    except (OSError, HTTPException):
        return ""
