"""A site that keeps its pages in another database than everything else."""

from typing import Any

from tests.sites.base import *

INSTALLED_APPS = [*PLUGIN, "tests.sites.pages"]
DATABASES = {"default": SQLITE, "archive": SQLITE}


class PagesElsewhere:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "archive" if model._meta.app_label == "pages" else None

    db_for_write = db_for_read


DATABASE_ROUTERS = ["tests.sites.elsewhere.settings.PagesElsewhere"]
