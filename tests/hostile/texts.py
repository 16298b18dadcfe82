"""Hostile texts by kind. Each kind is a function of a seeded generator, so that sizes vary."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Text = Callable[[Random], str]

MARKUP = ("<b>", "</b>", "<p>", "</p>", "<", ">", "&", "<!--", "-->", '"', "'", "<a href=", "<i ")
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e"
FAMILY = "👩🏽\u200d👩🏿\u200d👧🏻\u200d👦🏾"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]><rss><channel><item>&lol9;&file;</item>'
)


def _repeated(piece: str, most: int) -> Text:
    """The piece as often as it takes; every third text has the full size."""

    def text(random: Random) -> str:
        return piece * (most if random.random() < 1 / 3 else random.randint(1, most))

    return text


def _within(before: str, kind: Text, after: str) -> Text:
    return lambda random: f"{before}{kind(random)}{after}"


def _letters(first: int, last: int, most: int) -> Text:
    """Any characters of a range, with a full stop here and there and no spaces."""
    return lambda random: "".join(
        chr(random.randint(first, last)) if random.random() > 0.03 else "。"
        for _ in range(random.randint(1, most))
    )


def _distinct_words(random: Random) -> str:
    n_words = 100_000 if random.random() < 1 / 3 else random.randint(1, 100_000)
    return " ".join(f"w{random.getrandbits(40):x}" for _ in range(n_words))


def _names(random: Random, separator: str) -> str:
    most = 80_000
    n_names = most if random.random() < 1 / 3 else random.randint(1, most)
    return separator.join(f"a{number}" for number in range(n_names))


def _markup_salad(random: Random) -> str:
    words = (*MARKUP, "word ", "\n\n", "\x00", "\ud800")
    return "".join(random.choices(words, k=random.randint(1, 20_000)))


def _any_characters(random: Random) -> str:
    """Of all of Unicode, lone surrogates and unassigned ones included."""
    return "".join(chr(random.randrange(0x110000)) for _ in range(random.randint(1, 5_000)))


def _sprinkled(characters: str) -> Text:
    def text(random: Random) -> str:
        words = ["harbor", "bridge", "council", "storm", "vote"]
        pieces = [random.choice(words) + random.choice(characters) for _ in range(200)]
        return " ".join(pieces)

    return text


TEXTS: dict[str, Text] = {
    # Markup without an end
    "nested div": _repeated("<div>", 500_000),
    "nested and closed": lambda r: (n := r.randint(1, 50_000)) and "<div>" * n + "</div>" * n,
    "nested formatting": _repeated("<b><i><a href=x><u>", 50_000),
    "nested tables": _repeated("<table><tr><td>", 50_000),
    "nested lists": _repeated("<ul><li><p>", 50_000),
    "nested svg": _repeated("<svg><math><foreignObject>", 30_000),
    "unclosed tag": _repeated("<a ", 50_000),
    "unclosed attribute": _repeated('<a href="', 50_000),
    "distinct attributes": lambda r: f"<p {_names(r, ' ')}>text</p>",
    "distinct attributes without an end": lambda r: f"</p/{_names(r, '/')}",
    "distinct attributes with values": lambda r: "<p " + _names(r, '=">"') + ">text</p>",
    "distinct attributes after a script": lambda r: (
        f'<script>x<b a="</script><p {_names(r, " ")}>text</p>'
    ),
    "tags in tags": _repeated('<a b="', 80_000),
    "many attributes": _within("<p ", _repeated("a=b ", 100_000), ">text</p>"),
    "closing only": _repeated("</p></div>", 100_000),
    "angle brackets": _repeated("<", 1_000_000),
    "comments": _repeated("<!--", 100_000),
    "comment ends": _within("<p><!--", _repeated("--!>-->", 50_000), ""),
    "cdata": _repeated("<![CDATA[", 100_000),
    "processing instructions": _repeated("<?xml <!DOCTYPE ", 50_000),
    "script": _within("<p>text</p><script>", _repeated("alert(1)//", 50_000), ""),
    "style": _within("<style>", _repeated("p{x:expression(1)}", 30_000), ""),
    "textarea and title": _repeated("<textarea><title><plaintext>", 20_000),
    "ampersands": _repeated("&", 1_000_000),
    "entities": _repeated("&lt;&#x110000;&#0;&#xD800;&nosuch;&amp", 30_000),
    "xml bomb": lambda r: BOMB,
    "markup salad": _markup_salad,
    # Size
    "five megabytes": _within("<p>", _repeated("The council met again. ", 230_000), "</p>"),
    "hundred thousand words": _distinct_words,
    "one word": _repeated("a", 1_000_000),
    "one word repeated": _repeated("spam ", 200_000),
    "digits": _repeated("9", 300_000),
    "hyphens": _repeated("a-", 300_000),
    "apostrophes": _repeated("a'’", 200_000),
    "full stops": _repeated(". ", 300_000),
    "initials": _repeated("U.S.A.", 100_000),
    "blank lines": _repeated("\n", 1_000_000),
    "blank lines with spaces": _repeated("\n \t", 300_000),
    "carriage returns": _repeated("\r\r\n\x0b\x0c\x85\u2028", 100_000),
    "spaces": _within("a", _repeated(" ", 1_000_000), "b"),
    "odd spaces": _repeated("\u3000\u00a0\u2003", 200_000),
    # Characters
    "empty": lambda r: "",
    "blank": lambda r: r.choice([" ", "\n", "\t \r\n", "\u00a0", INVISIBLE]),
    "nul": _sprinkled("\x00"),
    "controls": _sprinkled("\x01\x07\x08\x0b\x1b\x7f\x80\x9f\ufffe\uffff\U0001fffe"),
    "lone surrogates": _sprinkled("\ud800\udbff\udc00\udfff"),
    "bidi": _sprinkled(BIDI),
    "bidi only": _repeated(BIDI, 10_000),
    "invisible": _sprinkled(INVISIBLE),
    "emoji": _repeated(FAMILY, 20_000),
    "chinese": _letters(0x4E00, 0x9FFF, 60_000),
    "japanese": _letters(0x3041, 0x30FF, 60_000),
    "korean": _letters(0xAC00, 0xD7A3, 60_000),
    "korean in parts": _repeated("\u1112\u1161\u11ab", 100_000),
    "arabic": _within("", _repeated("العربية في المدينة، ", 20_000), "؟"),
    "thai": _letters(0x0E01, 0x0E2E, 60_000),
    "combining": _within("a", _repeated("\u0301\u0316\u0327", 100_000), ""),
    "combining per letter": _repeated("z" + "\u0300\u0323\u0336" * 20, 10_000),
    "grows in capitals": _repeated("ßŉǰΐﬃ", 50_000),
    "any characters": _any_characters,
    # Code in places of words
    "javascript links": _repeated('<a href="jAvA\tscript:alert(1)" onclick=x()>a</a>', 5_000),
    "data links": _within('<img src="data:image/svg+xml;base64,', _repeated("PHN2", 50_000), '">'),
    "malformed addresses": _repeated('<a href="http://[::1">a</a> http://a..b:99999/%zz ', 5_000),
    "formula cells": _repeated("=cmd|' /C calc'!A0\t@SUM(1)\r+1-1\n", 5_000),
    "templates": _repeated("{{ 7*7 }}{% load x %}${x}#{x}%s%n%(a)s{0.__class__}\\N{BELL}", 3_000),
    "queries": _repeated("'; DROP TABLE related_document; -- \" %_\\ $1 :a ?", 3_000),
    "paths": _repeated("../../etc/passwd\\..\\ file:///etc/hosts ", 3_000),
}
