"""``RELATED["NOTICES"]``: a dictionary of receivers by name, read and found fault with."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from related.conf import conf
from related.contrib.notices.receivers import Cloudflare, Fastly, Kind, Webhook

SECRET = "whsec_"  # noqa: S105 - what a secret begins with
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_NAME = 100
SHORTEST_SECRET = 24  # bytes

Options = Mapping[str, Any]


def find_receiver(name: str) -> Kind | None:
    """The receiver of this name, None where the settings have none.

    Raises:
        ValueError: what the settings say of it is wrong.
    """
    options = conf.notices.get(name)
    return None if options is None else read_receiver(name, options)


def read_receiver(name: Any, options: Any) -> Kind:
    """Raises ``ValueError``, with what is wrong, in words."""
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(_("its name must be a text of 1 to %d characters") % LONGEST_NAME)
    kind = options.get("kind") if isinstance(options, Mapping) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(_('it needs a "kind": %s') % ", ".join(KINDS))
    known, read = KINDS[kind]
    unknown = sorted(str(key) for key in {*options} - {"kind", *known})
    if unknown:
        raise ValueError(_("a %(kind)s has no %(names)s") % {"kind": kind, "names": unknown})
    return read(options)


def _webhook(options: Options) -> Webhook:
    secrets = options.get("secret")
    listed = secrets if isinstance(secrets, list | tuple) and secrets else [secrets]
    return Webhook(_address(options, "url"), tuple(_secret(secret) for secret in listed))


def _fastly(options: Options) -> Fastly:
    soft = options.get("soft", False)
    if soft is not True and soft is not False:
        raise ValueError(_('"soft" must be True or False'))
    url = _address(options, "url", "https://api.fastly.com")
    return Fastly(url, _text(options, "service"), soft, _text(options, "token"))


def _cloudflare(options: Options) -> Cloudflare:
    url = _address(options, "url", "https://api.cloudflare.com/client/v4")
    return Cloudflare(url, _text(options, "zone"), _text(options, "token"))


KINDS: dict[str, tuple[frozenset[str], Callable[[Options], Kind]]] = {
    "cloudflare": (frozenset({"url", "zone", "token"}), _cloudflare),
    "fastly": (frozenset({"url", "service", "token", "soft"}), _fastly),
    "webhook": (frozenset({"url", "secret"}), _webhook),
}


def _text(options: Options, name: str) -> str:
    value = options.get(name)
    if not isinstance(value, str) or not value or quote(value, safe="~+/=:") != value:
        raise ValueError(_('"%s" must be a text without spaces') % name)
    return value


def _address(options: Options, name: str, default: str = "") -> str:
    """An https address, or one of this machine: nothing else keeps a token to itself."""
    value = options.get(name, default)
    try:
        parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
        host = parts.hostname or ""
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
        is_plain = value.isascii() and value.isprintable() and " " not in value
        if host and is_safe and is_plain and parts.port != 0:
            return str(value).rstrip("/") if default else str(value)
    except (ValueError, AttributeError):
        pass  # an invalid port, or no text
    raise ValueError(_('"%s" must be an https address') % name)


def _secret(value: Any) -> bytes:
    try:
        if isinstance(value, str) and value.startswith(SECRET):
            secret = base64.b64decode(value.removeprefix(SECRET), validate=True)
            if len(secret) >= SHORTEST_SECRET:
                return secret
    except binascii.Error:
        pass
    message = _('"secret" must be %(start)s and at least %(n)d random bytes in base64')
    raise ValueError(message % {"start": SECRET, "n": SHORTEST_SECRET})
