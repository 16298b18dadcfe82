"""A tree of pages in several tables, as content management systems keep them."""

from tests.sites.base import *

INSTALLED_APPS = [*PLUGIN, "tests.sites.pages"]
