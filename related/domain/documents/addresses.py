"""The addresses of documents and of what their bodies link to, as short keys that can be stored.

A key is a hash of one spelling of an address (``related.addresses``), eight bytes long; many are
stored side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from html import unescape
from itertools import islice
from urllib.parse import urljoin

from related.addresses import Address, read_address
from related.conf import conf

KEY_BYTES = 8
MAX_ADDRESSES = 1_000  # of one document; nobody renames a page so often

# Patterns, not a parser: linear on any input, and a missed link only costs a doubled one.
_HREF = re.compile(
    r"""\bhref\s*=\s*(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})'|([^"'\s<>]{1,2000}))""", re.IGNORECASE
)
_BARE = re.compile(r"""://([^\s<>"']{1,2000})""")
_BARE_HOST = re.compile(r"""(?<![/\w])www\.[^\s<>"']{1,2000}""", re.IGNORECASE)
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?…»”’)]}"
# More links are no article. Relative ones are read from the first of the page's own addresses.
_MAX_LINKS = 20_000
_MAX_BASES = 3


def rule_of_keys() -> str:
    """What keys depend on beside the addresses: a digest of PAGE_PARAMETERS, "" without them.

    It is stored with the keys, so that keys of another rule are known as such.
    """
    names = conf.page_parameters
    if names is None:
        return ""
    return blake2b("\x1f".join(sorted(names)).encode(), digest_size=6).hexdigest()


def url_key(address: Address) -> int:
    """The key by which a document is found under its address, whatever the host."""
    return _number(_key(address.on_any_host))


def spelled_keys(address: Address) -> set[int]:
    """The keys by which a document may be known that has or had this address."""
    return {_number(_key(address)), _number(_key(address.on_any_host))}


def numbers(keys: bytes) -> list[int]:
    """Keys that are stored side by side, one by one."""
    return [_number(keys[at : at + KEY_BYTES]) for at in range(0, len(keys), KEY_BYTES)]


def address_keys(urls: Iterable[str]) -> bytes:
    """The keys of a document's addresses. Without a host, it is known on every host."""
    addresses = {read_address(url) for url in urls}
    return b"".join(sorted(_key(address) for address in addresses if address))


def linked_keys(html: str, own_urls: Sequence[str]) -> bytes:
    """The keys of all that a body links to, with tags or by bare addresses.

    Args:
        own_urls: the addresses of the page itself, from which relative links are read.
    """
    addresses = {*_linked_addresses(html, own_urls)}
    if not addresses:
        return b""
    own = [address for address in map(read_address, own_urls) if address]
    by_query = {address.path for address in own if address.query}
    keys: set[bytes] = set()
    for address in addresses:
        keys.add(_key(address))
        keys.add(_key(address.on_any_host))
        # Parameters may say where a reader comes from, or which of the pages of one path it is.
        if address.query and address.path and address.path not in by_query:
            keys.add(_key(address.loosest))
            keys.add(_key(address.loosest.on_any_host))
    return b"".join(sorted(keys))


def split_keys(keys: bytes | memoryview[int]) -> list[bytes]:
    """The keys one by one."""
    stored = bytes(keys)
    return [stored[at : at + KEY_BYTES] for at in range(0, len(stored), KEY_BYTES)]


def links_to(linked: bytes, addresses: bytes) -> bool:
    """Whether a body with these ``linked_keys`` links to the page with these ``address_keys``."""
    return any(_holds(linked, key) for key in split_keys(addresses))


def _linked_addresses(html: str, own_urls: Sequence[str]) -> Iterator[Address]:
    # Pages of one folder read them alike.
    folders = {url.rstrip("/").rpartition("/")[0]: url for url in reversed(own_urls) if url}
    bases = [url for url in own_urls if url in folders.values()][:_MAX_BASES]
    for link in islice(dict.fromkeys(_links(html)), _MAX_LINKS):
        is_whole = _HAS_SCHEME.match(link) or link.startswith("//")
        for base in [""] if is_whole else bases or [""]:
            try:
                address = read_address(urljoin(base, link))
            except ValueError:  # an invalid address, such as an unclosed IPv6 bracket
                continue
            if address:
                yield address


def _links(html: str) -> Iterator[str]:
    lowered = html.lower()  # patterns that ignore case are slow, and most texts have no link
    if "href" in lowered:
        for match in _HREF.finditer(html):
            link = unescape(match[1] or match[2] or match[3]).strip()
            if not link.startswith("#"):
                yield link
    for match in _BARE.finditer(html):
        if html[max(0, match.start() - 5) : match.start()].lower().endswith(("http", "https")):
            yield f"https://{_without_end(unescape(match[1]))}"
    if "www." in lowered:
        for match in _BARE_HOST.finditer(html):
            yield f"https://{_without_end(unescape(match[0]))}"


def _without_end(link: str) -> str:
    """An address in a text without the signs that end the sentence."""
    while link and link[-1] in _AFTER_ADDRESS and not (link[-1] == ")" and "(" in link):
        link = link[:-1]
    return link


def _key(address: Address) -> bytes:
    spelled = "\x1f".join(address).encode("utf-8", "surrogatepass")
    return blake2b(spelled, digest_size=KEY_BYTES).digest()


def _number(key: bytes) -> int:
    return int.from_bytes(key, "big", signed=True)


def _holds(keys: bytes, key: bytes) -> bool:
    at = keys.find(key)
    while at % KEY_BYTES and at >= 0:  # across the border of two others
        at = keys.find(key, at + 1)
    return at >= 0
