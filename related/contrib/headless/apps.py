from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HeadlessConfig(AppConfig):
    name = "related.contrib.headless"
    label = "headless"
    verbose_name = _("Pushed documents")
    default_auto_field = "django.db.models.BigAutoField"
