"""The app ``related.contrib.importing``."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "related.contrib.importing"
    label = "related_importing"
    verbose_name = _("Imported articles")
    default_auto_field = "django.db.models.BigAutoField"
