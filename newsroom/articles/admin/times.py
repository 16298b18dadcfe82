"""Dates with their time, as forms take them: also of the hour that a clock change repeats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone


def moment_of(value: datetime | None, kept: datetime | None = None) -> datetime | None:
    """The moment of a time of the current time zone.

    A form shows no fraction of a second, and of a repeated hour not which one: what reads as the
    moment that is ``kept`` is that very moment. Another time that exists twice is the first, or the
    second where the kept one was.

    Raises:
        ValidationError: there is no such time, when clocks go forward.
    """
    if value is None:
        return None
    shown = timezone.make_naive(kept).replace(microsecond=0) if kept else None
    if value == shown:
        return kept
    try:
        return from_current_timezone(value)
    except ValidationError:
        zone = timezone.get_current_timezone()
        first, second = (value.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() < second.utcoffset():  # type: ignore[operator]  # both are aware
            raise  # skipped, not repeated
        return second if kept is not None and timezone.localtime(kept).fold else first


class MomentField(forms.DateTimeField):
    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            return moment_of(error.params["datetime"])


class SplitMomentField(forms.SplitDateTimeField):
    """Date and time in two fields; the form sets ``kept``, the moment that is stored."""

    kept: datetime | None = None

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list or data_list[0] in self.empty_values or data_list[1] in self.empty_values:
            super().compress(data_list)  # says which half is missing
            return None
        return moment_of(datetime.combine(*data_list), self.kept)
