"""A site whose stories are written in the admin, with a form template and inlines of its own."""

from tests.sites.base import *

INSTALLED_APPS = [*PLUGIN, "tests.sites.writing"]
