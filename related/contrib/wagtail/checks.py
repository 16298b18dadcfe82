"""The desk is part of Django's admin, which a Wagtail site may not have."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004
from django.utils.translation import gettext as _

from related.contrib.wagtail.desk import queue_url


def check_desk(**kwargs: Any) -> list[CheckMessage]:
    if queue_url():
        return []
    return [
        Warning(
            _("The review desk has no address, so Wagtail's menu and panel cannot lead there."),
            hint=_(
                "Add django.contrib.admin to INSTALLED_APPS, and its addresses to the site's: "
                'path("django-admin/", admin.site.urls).'
            ),
            id="related.W201",
        )
    ]
