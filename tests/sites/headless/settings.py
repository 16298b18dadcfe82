"""A site that only answers for others: what is linked is pushed to it."""

from tests.sites.base import *

INSTALLED_APPS = [*PLUGIN, "related.contrib.headless", "tests.sites.pages"]
ROOT_URLCONF = "tests.sites.headless.urls"
