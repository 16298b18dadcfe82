"""``manage.py learn_strength``: from editors' decisions to the chance that a link is approved."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.strength.learning import learn_strength
from related.management.output import in_columns, write_lines
from related.models import StrengthCurve


class Command(BaseCommand):
    help = _(
        "Learn from editors' decisions how likely a suggestion is approved. Every rebuild by night "
        "or by hand does the same."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        learned = learn_strength()
        if not learned:
            self.stdout.write(_("No slot goes by similarity, so there is nothing to learn."))
            return
        width = max(len(row.slot.key) for row in learned) + 2
        write_lines(
            self.stdout, (in_columns(row.slot.key, _describe(row), width) for row in learned)
        )


def _describe(row: StrengthCurve) -> str:
    message = ngettext(
        "%(n)d decision, and %(all)d of all slots (version %(version)d of its curve)",
        "%(n)d decisions, and %(all)d of all slots (version %(version)d of its curve)",
        row.n_decisions,
    )
    return message % {"n": row.n_decisions, "all": row.n_of_all_slots, "version": row.version}
