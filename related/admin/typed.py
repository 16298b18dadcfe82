"""A half-written summary, kept in the editor's session where there is no JavaScript."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from related.admin.forms import MAX_SUMMARY
from related.domain.desk.summary import read_summary
from related.models import Document

NAME = "related_typed"
MOST = 10  # texts in a session


def keep_typed(request: HttpRequest, document: Document, obj: Any) -> None:
    """Keep what was sent beside another button, where it is not what the page showed."""
    text = request.POST.get("text")
    if text is None or request.headers.get("HX-Request"):  # then the field itself is still there
        return
    typed = dict(request.session.get(NAME, {}))
    typed.pop(str(document.pk), None)
    if text.splitlines() != read_summary(document, obj).proposal.splitlines():
        typed[str(document.pk)] = text[:MAX_SUMMARY]
    request.session[NAME] = dict(list(typed.items())[-MOST:])


def typed_before(request: HttpRequest, document: Document) -> str | None:
    text: str | None = request.session.get(NAME, {}).get(str(document.pk))
    return text


def forget_typed(request: HttpRequest, document: Document) -> None:
    typed = request.session.get(NAME, {})
    if str(document.pk) in typed:
        request.session[NAME] = {
            key: text for key, text in typed.items() if key != str(document.pk)
        }
