"""Links while writing: the review desk's cards below the form of any ModelAdmin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from related.admin.panel import TEMPLATES, panel_context, panel_for

__all__ = ["LinksWhileWriting"]


class LinksWhileWriting(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in stubs only
    """Puts the links of an article below its form, to be decided while it is written.

    The site's own template stays: the panel is added after whatever it shows. Deciding never sends
    or loads the form, so what is typed there stays.
    """

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response = super().render_change_form(request, context, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse) and not _is_popup(request):
            panel = panel_for(request.user, context.get("original"))
            if panel is not None:
                own = response.resolve_template(response.template_name)
                links = {"writing_form": own, "writing": panel_context(panel)}
                response.context_data = {**(response.context_data or {}), **links}
                response.template_name = f"{TEMPLATES}change_form.html"
        return response


def _is_popup(request: HttpRequest) -> bool:
    return IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
