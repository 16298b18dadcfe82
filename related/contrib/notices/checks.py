"""What ``manage.py check`` finds wrong with the receivers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _

from related.contrib.notices.options import read_receiver


def check_notices(**kwargs: Any) -> list[CheckMessage]:
    chosen = getattr(settings, "RELATED", {})
    receivers = chosen.get("NOTICES", {}) if isinstance(chosen, dict) else {}
    if not isinstance(receivers, dict):
        return []  # related.E123
    found: list[CheckMessage] = []
    for name, options in receivers.items():
        try:
            read_receiver(name, options)
        except ValueError as error:
            message = _('RELATED["NOTICES"][%(name)r]: %(error)s.')
            names = {"name": name, "error": error}
            hint = _("docs/guide/caching.md shows each kind.")
            found.append(Error(message % names, hint=hint, id="related.E124"))
    return found
