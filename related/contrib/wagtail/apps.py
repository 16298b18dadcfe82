from __future__ import annotations

from django.apps import AppConfig
from django.core import checks as django_checks
from django.utils.translation import gettext_lazy as _


class WagtailConfig(AppConfig):
    name = "related.contrib.wagtail"
    label = "related_wagtail"
    verbose_name = _("Related articles in Wagtail")

    def ready(self) -> None:
        from related.contrib.wagtail import checks, receivers

        receivers.connect()
        django_checks.register(checks.check_desk, "related")
