"""The keys of ``RELATED``: known, in range, and in keeping with what is promised."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.conf import DEFAULTS, FOLDERS, PARAMETERS, RECEIVERS, REMOVED

LONGEST_IN_CACHES = 60  # seconds that a withdrawn link may live on
KNOWN = [*DEFAULTS, *FOLDERS, *PARAMETERS, *RECEIVERS]


@dataclass(frozen=True, slots=True)
class Range:
    """What a setting may be; a whole number is fine where a fraction is."""

    id: str
    kind: type[int | float]
    minimum: float
    maximum: float

    def admits(self, value: Any) -> bool:
        kinds = (int,) if self.kind is int else (int, float)
        return (
            isinstance(value, kinds)
            and not isinstance(value, bool)
            and self.minimum <= value <= self.maximum
        )

    def refuse(self, name: str, value: Any) -> CheckMessage:
        """The message for a value that is not admitted."""
        if self.kind is int:
            message = _(
                "RELATED[%(name)r] must be a whole number from %(minimum)s to %(maximum)s, not "
                "%(value)r."
            )
        else:
            message = _(
                "RELATED[%(name)r] must be a number from %(minimum)s to %(maximum)s, not %(value)r."
            )
        names = {
            "name": name,
            "minimum": number_format(self.minimum, force_grouping=True),
            "maximum": number_format(self.maximum, force_grouping=True),
            "value": value,
        }
        return Error(message % names, id=self.id)


RANGES = {
    "API_MAX_DOCUMENTS": Range("related.E101", int, 1, 1_000),
    "BATCH_SIZE": Range("related.E102", int, 1, 10_000),
    "CACHE_SECONDS": Range("related.E103", int, 0, 86_400),
    "HEARTBEAT_SECONDS": Range("related.E113", float, 0.1, 60),
    "MAX_ATTEMPTS": Range("related.E106", int, 1, 1_000),
    "MAX_TEXT_BYTES": Range("related.E107", int, 1_000, 10_000_000),
    "MEMORY_LIMIT_MB": Range("related.E111", int, 0, 10_000_000),
    "POLL_SECONDS": Range("related.E108", float, 0.01, 3_600),
    "REFRESH_DRIFT": Range("related.E109", float, 0.01, 100.0),
    "SECOND_CHANCE_SECONDS": Range("related.E112", int, 1, 604_800),
    "SILENCE_SECONDS": Range("related.E114", int, 1, 3_600),
    "STALE_SECONDS": Range("related.E110", int, 1, 604_800),
}


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    chosen = getattr(settings, "RELATED", {})
    if not isinstance(chosen, dict):
        return [
            Error(
                _("RELATED must be a dictionary, not %(type)s.") % {"type": type(chosen).__name__},
                hint=_(
                    "See docs/reference/settings.md, for example RELATED = {'CACHE_SECONDS': 10}."
                ),
                id="related.E001",
            )
        ]
    return [
        *_unknown_settings(chosen),
        *_settings_out_of_range(chosen),
        *_relative_folders(chosen),
        *_no_parameters(chosen),
        *_receivers(chosen.get("NOTICES", {})),
        *_long_caching(chosen),
        *_short_silence(chosen),
    ]


def _unknown_settings(chosen: dict[str, Any]) -> Iterator[CheckMessage]:
    for name in sorted(set(chosen) - {*KNOWN}, key=str):
        yield Error(
            _("RELATED has no setting %(name)r.") % {"name": name},
            hint=REMOVED.get(name)
            or _("The settings are: %(names)s.") % {"names": ", ".join(KNOWN)},
            id="related.E002",
        )


def _settings_out_of_range(chosen: dict[str, Any]) -> Iterator[CheckMessage]:
    for name, allowed in RANGES.items():
        if name in chosen and not allowed.admits(chosen[name]):
            yield allowed.refuse(name, chosen[name])


def _relative_folders(chosen: dict[str, Any]) -> Iterator[CheckMessage]:
    for name in FOLDERS:
        folder = chosen.get(name, "")
        if not isinstance(folder, str | os.PathLike) or (folder and not Path(folder).is_absolute()):
            message = _("RELATED[%(name)r] must be an absolute path, not %(folder)r.")
            yield Error(message % {"name": name, "folder": folder}, id="related.E121")


def _no_parameters(chosen: dict[str, Any]) -> Iterator[CheckMessage]:
    for name in PARAMETERS:
        names = chosen.get(name)
        is_collection = isinstance(names, list | tuple | set | frozenset)
        if names is None or (is_collection and all(isinstance(n, str) and n for n in names)):
            continue
        message = _("RELATED[%(name)r] must be None or a list of parameters' names, not %(value)r.")
        hint = _('For example ["id", "p"]; [] where the path alone names a page.')
        yield Error(message % {"name": name, "value": names}, hint=hint, id="related.E122")


def _receivers(receivers: Any) -> Iterator[CheckMessage]:
    if not isinstance(receivers, dict):
        message = _('RELATED["NOTICES"] must be a dictionary of receivers by name.')
        yield Error(message, id="related.E123")
    elif receivers and not apps.is_installed("related.contrib.notices"):
        yield Warning(
            _('RELATED["NOTICES"] names receivers, but nothing is told.'),
            hint=_("Add 'related.contrib.notices' to INSTALLED_APPS, and migrate."),
            id="related.W010",
        )


def _long_caching(chosen: dict[str, Any]) -> Iterator[CheckMessage]:
    name = "CACHE_SECONDS"
    seconds = chosen.get(name, DEFAULTS[name])
    if RANGES[name].admits(seconds) and 2 * seconds > LONGEST_IN_CACHES:
        message = _(
            "With CACHE_SECONDS = %(seconds)d, a withdrawn link can stay in caches for "
            "%(longest)d s, longer than the promised %(promised)d s."
        )
        hint = _("Choose at most %(most)d, or purge caches on links_changed.")
        yield Warning(
            message % {"seconds": seconds, "longest": 2 * seconds, "promised": LONGEST_IN_CACHES},
            hint=hint % {"most": LONGEST_IN_CACHES // 2},
            id="related.W002",
        )


def _short_silence(chosen: dict[str, Any]) -> Iterator[CheckMessage]:
    names = ("HEARTBEAT_SECONDS", "SILENCE_SECONDS")
    values = [chosen.get(name, DEFAULTS[name]) for name in names]
    if not all(RANGES[name].admits(value) for name, value in zip(names, values, strict=True)):
        return
    beat, silence = values
    if silence < 2 * beat:
        message = _(
            "With a heartbeat every %(beat)s s, a worker that is silent for %(silence)s s may well "
            "be at work: others will do the same again."
        )
        yield Warning(
            message % {"beat": beat, "silence": silence},
            hint=_("Let SILENCE_SECONDS be several times HEARTBEAT_SECONDS."),
            id="related.W006",
        )
