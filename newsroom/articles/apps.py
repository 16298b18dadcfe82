"""The app that stores, publishes and shows articles."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "newsroom.articles"
    label = "newsroom"
    verbose_name = _("Newsroom")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(make_groups, sender=self)


def make_groups(**kwargs: Any) -> None:
    """``migrate`` leaves the groups of editors, where they are missing; existing ones stay."""
    from newsroom.articles.editors import create_missing_groups

    create_missing_groups(kwargs["using"])
