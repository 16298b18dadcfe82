"""``manage.py check``: Django's own, which tries the sources on the site's objects too."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks.registry import registry
from django.core.management.commands import check

from related.checks.objects import check_objects


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        # Only when it is asked for: a text that kills who reads it must not keep workers from
        # starting, which count their tries.
        checks.register(check_objects, "related")
        try:
            super().handle(*app_labels, **options)
        finally:
            registry.registered_checks.discard(check_objects)
