"""``manage.py check``: Django's own, which tries the sources on the site's objects and looks at the
clock too."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks.registry import registry
from django.core.management.commands import check

from related.checks.clock import check_clock
from related.checks.objects import check_objects

BY_CHECK_ALONE = (check_objects, check_clock)


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        # Only when it is asked for: a text that kills who reads it must not keep workers from
        # starting, which count their tries.
        for each in BY_CHECK_ALONE:
            checks.register(each, "related")
        try:
            super().handle(*app_labels, **options)
        finally:
            registry.registered_checks.difference_update(BY_CHECK_ALONE)
