"""Web addresses: which of them a page may link to, and which page they name."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from related.conf import conf
from related.similarity.text.plain_text import clean_text

__all__ = ["web_address"]

# Only what starts like this is followed as a page; `javascript:` and its kind never are.
_WEB_ADDRESS = re.compile(r"https?://|/", re.IGNORECASE)
_DEFAULT_PORTS = {None, 80, 443}
# What campaigns, newsletters and networks add to an address; it names no other page.
_TRACKING = re.compile(
    r"(utm|mtm)_\w+|pk_(campaign|kwd|source|medium|content)|at_(campaign|medium|custom)\w*"
    r"|wt_z?mc\w*|(fb|g|d|ms|tw|tt|y)cl(k)?id|[wg]braid|gclsrc|igshid|li_fat_id|mc_[ce]id"
    r"|_ga|_gl|ref|ref_src|cmp|cmpid|xtor|smid|amp",
    re.IGNORECASE,
)


class Address(NamedTuple):
    """A web address in the parts that name a page, each in one spelling.

    ``http`` or ``https``, ``www.``, the last slash, the order of parameters, and the fragment name
    no other page. Nor do other parameters than PAGE_PARAMETERS; or those of campaigns, where the
    site does not say.
    """

    host: str  # with its port, unless that is the usual one; "" in a path
    path: str
    query: str

    @property
    def on_any_host(self) -> Address:
        return Address("", self.path, self.query)

    @property
    def loosest(self) -> Address:
        """Without parameters, of which any may name no page; as it is where the site says which
        ones do."""
        return Address(self.host, self.path, "") if conf.page_parameters is None else self


def web_address(url: str | None) -> str:
    """The address if it is a path or starts with http(s), else ""."""
    stripped = (url or "").strip()
    return stripped if _WEB_ADDRESS.match(stripped) else ""


def read_address(url: str | None) -> Address | None:
    """The page that an address names; None if it names none, such as a site's front page."""
    try:
        parts = urlsplit(clean_text(url or "").strip())
        if parts.scheme.lower() not in {"", "http", "https"}:
            return None
        host = _host(parts.hostname or "", parts.port)
    except ValueError:  # an invalid address, such as an unclosed IPv6 bracket
        return None
    path = clean_text(unquote(parts.path)).rstrip("/")
    query = _query(parts.query) if parts.query else ""
    return Address(host, path, query) if path or query else None


def path_of(url: str) -> str:
    """The path of an address without its trailing slash, cut to 500 characters; "" if it has none.

    Percent signs are decoded, so that every spelling of a path is the same.
    """
    address = read_address(url)
    return address.path[:500] if address else ""


def _query(written: str) -> str:
    pairs = parse_qsl(written, keep_blank_values=True)
    names = conf.page_parameters
    kept = sorted(
        (name, value)
        for name, value in pairs
        if (not _TRACKING.fullmatch(name) if names is None else name in names)
    )
    return clean_text("&".join(f"{name}={value}" for name, value in kept))


def _host(name: str, port: int | None) -> str:
    name = name.rstrip(".").removeprefix("www.")
    if not name.isascii():
        name = name.encode("idna").decode()  # UnicodeError, which is a ValueError
    return name if port in _DEFAULT_PORTS else f"{name}:{port}"
