"""Once a night, for sites without Celery's beat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from related.contrib.clicks.tidying import tidy


class Command(BaseCommand):
    help = "Deletes old counts of clicks, link by link, and finds the links that readers pass by."

    def handle(self, *args: Any, **options: Any) -> None:
        n_deleted, n_passed = tidy()
        message = _("Deleted %(deleted)d old rows. Readers pass by %(passed)d links.")
        self.stdout.write(message % {"deleted": n_deleted, "passed": n_passed})
