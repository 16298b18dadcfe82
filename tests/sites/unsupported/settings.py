"""A site on a database that the plugin cannot work with."""

from tests.sites.base import *

INSTALLED_APPS = [*PLUGIN, "tests.sites.pages"]
DATABASES = {"default": SQLITE | {"ENGINE": "tests.sites.unsupported"}}
