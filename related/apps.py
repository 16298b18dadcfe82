"""The Django app: registration of the site's sources, receivers and system checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RelatedConfig(AppConfig):
    name = "related"
    verbose_name = _("Related articles")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from related import checks, receivers, wakeups

        if wakeups.celery_app is not None:
            # A message that is sent by name takes its options from the known task.
            from related import tasks  # noqa: F401

        autodiscover_modules("related_sources")
        receivers.connect()
        checks.register()
