from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ClicksConfig(AppConfig):
    name = "related.contrib.clicks"
    label = "related_clicks"
    verbose_name = _("Clicks of readers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from related.contrib.clicks.checks import check_clicks
        from related.contrib.clicks.passed import notice_passed
        from related.domain.attention.noticing import register_notice

        checks.register(check_clicks, "related")
        register_notice(notice_passed)
