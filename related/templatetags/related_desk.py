"""What the desk's own templates need: the direction of a text, time in words, the way to start."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from related.domain.decisions.permissions import may_look
from related.domain.desk.counts import QueueCounts, count_queue
from related.languages import writing_direction

register = template.Library()


@register.filter
def writing(language: str) -> SafeString:
    """The attributes of an element in an article's language: ``lang`` and ``dir``."""
    if not language:
        return mark_safe('dir="auto"')
    return format_html('lang="{}" dir="{}"', language, writing_direction(language))


@register.filter
def apart(there: datetime, here: datetime | None) -> str:
    """How long before or after an article another one came out, in words."""
    if here is None:
        return ""
    if abs((there - here).total_seconds()) < 12 * 3600 or there.date() == here.date():
        return _("the same day")
    if there < here:
        return _("%(time)s earlier") % {"time": timesince(there, here, depth=1)}
    return _("%(time)s later") % {"time": timesince(here, there, depth=1)}


@register.inclusion_tag("admin/related/start.html", takes_context=True)
def review_start(context: Context) -> dict[str, Any]:
    """``{% review_start %}``: how much waits, a button to begin, and the way to the dashboard; what
    the user may not open is left out."""
    user = context["request"].user
    counts: QueueCounts | None = count_queue(user) if may_look(user) else None
    return {"counts": counts, "may_see_dashboard": user.has_perm("related.view_document")}
