"""What Wagtail's own admin shows of the plugin; Wagtail finds this module by its name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from related.contrib.wagtail.desk import count_waiting, may_use_desk, queue_url


class DeskMenuItem(MenuItem):  # type: ignore[misc]  # Wagtail has no types
    """The way to the desk, with how many pages wait for this editor."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_use_desk(request.user) and bool(queue_url())

    def render_component(self, request: HttpRequest) -> Any:
        waiting = count_waiting(request.user)
        label = self.label
        if waiting:
            label = _("%(name)s (%(count)s)") % {"name": label, "count": number_format(waiting)}
        return LinkMenuItem(self.name, label, queue_url(), icon_name=self.icon_name)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def register_desk() -> MenuItem:
    label = gettext_lazy("Related articles")
    return DeskMenuItem(label, "", name="related-articles", icon_name="link", order=310)
