"""The app ``related.contrib.notices``."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from related.signals import documents_changed, health_measured, pages_changed, sweeping


class NoticesConfig(AppConfig):
    name = "related.contrib.notices"
    label = "related_notices"
    verbose_name = _("Notices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from related.contrib.notices import noting, sending, tasks  # noqa: F401
        from related.contrib.notices.checks import check_notices
        from related.contrib.notices.concerns import measure

        documents_changed.connect(noting.on_documents_changed, dispatch_uid="related.notices")
        pages_changed.connect(noting.on_pages_changed, dispatch_uid="related.notices")
        sweeping.connect(sending.on_sweep, dispatch_uid="related.notices")
        health_measured.connect(measure, dispatch_uid="related.notices")
        checks.register(check_notices, "related")
