"""Markup that HTML parsers take quadratic time for, found in linear time before they see it."""

import re

# Parsers compare each attribute of a tag with all before it: 80,000 of them took half a minute.
MAX_ATTRIBUTES = 200

# As the HTML standard reads a tag; nothing here is tried twice (++, *+), so the time is linear.
_NAME = r"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
_VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?!["'>])[^\t\n\f\r >]++)"""
_ATTRIBUTE = rf"(?:[\t\n\f\r /]*+{_NAME}(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+{_VALUE})?+)"
_TAG_START = re.compile(r"</?[a-zA-Z]")
_TAG = re.compile(
    rf"</?[a-zA-Z][^\t\n\f\r />]*+{_ATTRIBUTE}{{0,{MAX_ATTRIBUTES}}}+({_ATTRIBUTE})?+"
)
_ANY_TAG = re.compile(r"<[^<>]*>")


def has_too_many_attributes(html: str) -> bool:
    """Whether a tag has more than ``MAX_ATTRIBUTES``.

    A tag is looked for at every "<", also where a parser would see none (in a comment, a script, a
    value): what it takes for which depends on all before. Tags that lie in each other time and
    again count as too many as well, for looking at them would itself take quadratic time.
    """
    left = 4 * len(html) + 10_000  # characters to look at
    for start in _TAG_START.finditer(html):
        tag = _TAG.match(html, start.start())
        assert tag is not None
        left -= tag.end() - tag.start()
        if tag[1] is not None or left < 0:
            return True
    return False


def without_markup(html: str) -> str:
    """The text of hostile HTML, as far as it can be told, with nothing that starts a tag."""
    return _ANY_TAG.sub(" ", html).replace("<", " ")
