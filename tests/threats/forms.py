"""The forms of a page, with what a browser would send of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

Fields = dict[str, list[str]]


@dataclass
class Form:
    action: str
    method: str
    fields: Fields = field(default_factory=dict)


class Forms(HTMLParser):
    """``forms`` of a page; buttons are fields, for each of them may be pressed."""

    def __init__(self, address: str, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._address = address
        self._select = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            action = urljoin(self._address, given.get("action", ""))
            self.forms.append(Form(action, given.get("method", "get").lower()))
        elif tag == "select":
            self._select = name
            self._add(name)
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, value)
        elif tag == "textarea":
            self._text = name
            self._add(name)
        elif tag in {"input", "button"}:
            is_off = given.get("type") in {"checkbox", "radio"} and "checked" not in given
            self._add(name, *([] if is_off else [value]))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._add(self._text, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""

    def _add(self, name: str, *values: str) -> None:
        if name and self.forms:
            self.forms[-1].fields.setdefault(name, []).extend(values)


def posts_of(address: str, page: str) -> Iterator[Form]:
    """The forms that change something, each kind once: a page has one for every card."""
    seen = set()
    for form in Forms(address, page).forms:
        kind = (form.action.split("?")[0], frozenset(form.fields))
        if form.method == "post" and form.fields and kind not in seen:
            seen.add(kind)
            yield form
