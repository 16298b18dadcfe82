"""Slots as commands name them."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from related.models import Slot


def slots_by_similarity(key: str | None = None) -> list[Slot]:
    """The active slots for which workers store suggestions; with a key only that one.

    Raises:
        CommandError: there is no such slot; the message names those there are.
    """
    slots = {slot.key: slot for slot in Slot.objects.active().by_similarity()}
    if key is None:
        return list(slots.values())
    if key not in slots:
        message = _("There are no suggestions for a slot %(key)r; no active slot has any.")
        if slots:
            message = _(
                "There are no suggestions for a slot %(key)r. Active slots that go by similarity: "
                "%(known)s."
            )
        raise CommandError(message % {"key": key, "known": ", ".join(slots)})
    return [slots[key]]


def slots_named(key: str | None = None) -> list[Slot]:
    """All slots, in use or not; with a key only that one.

    Raises:
        CommandError: there is no such slot; the message names those there are.
    """
    slots = {slot.key: slot for slot in Slot.objects.all()}
    if key is None:
        return list(slots.values())
    if key not in slots:
        message = _("There is no slot %(key)r. Slots: %(known)s.")
        raise CommandError(message % {"key": key, "known": ", ".join(slots)})
    return [slots[key]]
