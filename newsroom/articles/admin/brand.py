"""The paper's name in place of Django's on every page of the admin."""

from __future__ import annotations

from django.contrib import admin
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from newsroom.articles.templatetags.newsroom import newsroom_name


def _index_title() -> str:
    return _("Newsroom of %(name)s") % {"name": newsroom_name()}


# Lazy: the setting is read when a page is shown, as everywhere else.
admin.site.site_header = admin.site.site_title = lazy(newsroom_name, str)()
admin.site.index_title = lazy(_index_title, str)()
