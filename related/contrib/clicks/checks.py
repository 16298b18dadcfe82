"""What ``manage.py check`` finds in ``RELATED_CLICKS``."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.checks.settings import Range
from related.checks.throttle import RATE
from related.contrib.clicks.conf import DEFAULTS

RANGES = {
    "FLUSH_SECONDS": Range("related_clicks.E001", float, 0.1, 3_600),
    "FLUSH_EVENTS": Range("related_clicks.E001", int, 1, 100_000),
    "KEEP_DAYS": Range("related_clicks.E001", int, 7, 3_650),
    "MAX_PENDING": Range("related_clicks.E001", int, 100, 1_000_000),
}


def check_clicks(**kwargs: Any) -> list[CheckMessage]:
    chosen = getattr(settings, "RELATED_CLICKS", {})
    if not isinstance(chosen, dict):
        return [Error(_("RELATED_CLICKS must be a dictionary."), id="related_clicks.E002")]
    found: list[CheckMessage] = [
        Error(
            _("RELATED_CLICKS has no setting %(name)r.") % {"name": name},
            hint=_("The settings are: %(names)s.") % {"names": ", ".join(DEFAULTS)},
            id="related_clicks.E002",
        )
        for name in sorted(set(chosen) - set(DEFAULTS), key=str)
    ]
    found += [
        Error(
            _(
                "RELATED_CLICKS[%(name)r] must be a number from %(minimum)s to %(maximum)s, not "
                "%(value)r."
            )
            % {
                "name": name,
                "minimum": number_format(allowed.minimum, force_grouping=True),
                "maximum": number_format(allowed.maximum, force_grouping=True),
                "value": chosen[name],
            },
            id=allowed.id,
        )
        for name, allowed in RANGES.items()
        if name in chosen and not allowed.admits(chosen[name])
    ]
    rate = chosen.get("RATE", DEFAULTS["RATE"])
    if rate is not None and not (isinstance(rate, str) and re.fullmatch(RATE, rate)):
        message = _("RELATED_CLICKS['RATE'] is %(rate)r, which is not a rate.") % {"rate": rate}
        hint = _("Write 3000/min, or per s, h or d; None means no limit.")
        found.append(Error(message, hint=hint, id="related_clicks.E003"))
    return found
