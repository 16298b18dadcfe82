"""A Wagtail site: two page types below a home page, Wagtail's admin and Django's, and its API."""

from tests.sites.base import *

INSTALLED_APPS = [
    "tests.sites.wagtail",
    "related.contrib.wagtail",
    *("wagtail.users", "wagtail.snippets", "wagtail.documents", "wagtail.images", "wagtail.search"),
    *("wagtail.admin", "wagtail.api.v2", "wagtail", "modelcluster", "taggit"),
    "django.contrib.staticfiles",
    *PLUGIN,
]
ROOT_URLCONF = "tests.sites.wagtail.urls"
# Tables are made from the models: Wagtail's own migrations take longer than all that is tested.
NAMES = ["core", "users", "snippets", "docs", "images", "search", "admin"]
MIGRATION_MODULES = dict.fromkeys([*(f"wagtail{name}" for name in NAMES), "taggit", "wagtail"])
WAGTAIL_SITE_NAME = "News"
WAGTAILADMIN_BASE_URL = "http://localhost"
WAGTAIL_I18N_ENABLED = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "German")]
LANGUAGE_CODE = "en"
WAGTAILIMAGES_EXTENSIONS = ["png"]
MEDIA_ROOT = "/nowhere"
MEDIA_URL = "/media/"
