"""What the desk's control of sensitivity sends and does."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from related.admin.click import Click
from related.domain.decisions.sensitivity import mark_document
from related.domain.desk.page import title_of
from related.domain.desk.sensitivity import TICKS
from related.enums import Mark

MAX_MARKS = sum(Mark)


class MarksForm(forms.Form):
    """The ticks of one article, all of them, and the sum that the editor saw."""

    marks = forms.TypedMultipleChoiceField(
        choices=[(mark.value, mark.label) for mark in TICKS], coerce=int, required=False
    )
    seen_marks = forms.IntegerField(min_value=0, max_value=MAX_MARKS)


def mark(click: Click) -> str:
    marks = sum(click.data["marks"])
    mark_document(click.document, marks, seen=click.data["seen_marks"], user=click.user)
    names = {"title": title_of(click.document)}
    if not marks:
        return _("“%(title)s” is not marked as sensitive.") % names
    names["marks"] = ", ".join(str(each.label) for each in Mark.of(marks))
    return _("“%(title)s” is sensitive: %(marks)s.") % names
