"""The admin as a whole: the paper's name in place of Django's, and a limit for its login."""

from __future__ import annotations

from django.contrib import admin
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from newsroom.articles.templatetags.newsroom import newsroom_name
from newsroom.logins import LimitedLoginForm


def _index_title() -> str:
    return _("Newsroom of %(name)s") % {"name": newsroom_name()}


# Lazy: the setting is read when a page is shown, as everywhere else.
admin.site.site_header = admin.site.site_title = lazy(newsroom_name, str)()
admin.site.login_form = LimitedLoginForm
admin.site.index_title = lazy(_index_title, str)()
