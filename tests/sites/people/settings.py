"""A site whose accounts have no `username`: people log in with addresses, keys are UUIDs."""

from tests.sites.base import *

INSTALLED_APPS = [*PLUGIN, "tests.sites.people"]
AUTH_USER_MODEL = "people.Person"
