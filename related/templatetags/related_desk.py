"""What the desk's own templates need: the direction of a text, time in words, the way to start."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.forms.utils import flatatt
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from related.domain.decisions.permissions import may_look
from related.domain.desk.counts import QueueCounts, count_queue
from related.domain.takedown.holes import LinkingPages
from related.languages import writing_direction
from related.links import pages_linking_to

register = template.Library()


@register.filter
def writing(language: str) -> SafeString:
    """The attributes of an element in an article's language: ``lang`` and ``dir``."""
    if not language:
        return mark_safe('dir="auto"')
    return format_html('lang="{}" dir="{}"', language, writing_direction(language))


@register.filter
def apart(there: datetime, here: datetime | None) -> str:
    """How long before or after an article another one came out, in words; beside a draft, when."""
    if here is None:
        return date_format(localtime(there))
    if abs((there - here).total_seconds()) < 12 * 3600 or there.date() == here.date():
        return _("the same day")
    if there < here:
        return _("%(time)s earlier") % {"time": timesince(there, here, depth=1)}
    return _("%(time)s later") % {"time": timesince(here, there, depth=1)}


@register.simple_tag(takes_context=True)
def linking_pages(context: Context, objects: Model | Iterable[Model]) -> LinkingPages:
    """``{% linking_pages objects as linking %}``: the pages that link to one object, or several."""
    several = [objects] if isinstance(objects, Model) else objects
    return pages_linking_to(several, context["request"].user)


@register.inclusion_tag("admin/related/start.html", takes_context=True)
def review_start(context: Context) -> dict[str, Any]:
    """``{% review_start %}``: how much waits, a button to begin, and the way to the dashboard; what
    the user may not open is left out."""
    user = context["request"].user
    counts: QueueCounts | None = count_queue(user) if may_look(user) else None
    return {"counts": counts, "may_see_dashboard": user.has_perm("related.view_document")}


@register.simple_tag
def desk_words() -> str:
    """What the desk's script says, as attributes, and where it finds a fresh token."""
    words = {
        "csrf": "" if settings.CSRF_COOKIE_HTTPONLY else settings.CSRF_COOKIE_NAME,
        "login-url": reverse("admin:login"),
        "log-in": _("Log in (opens beside this page)"),
        "offline": _("Not saved: the network is away. Nothing is lost; press again."),
        "logged-out": _(
            "Not saved: you are logged out. Log in, then press again; nothing is lost."
        ),
        "failed": _("Not saved: the server could not answer. Press again, or load the page again."),
        "nothing": _("This key does nothing for this link."),
        "no-card": _("Press j first: no link is chosen."),
        "restored": _("What you had written is back; it is not saved yet."),
    }
    return flatatt({f"data-{name}": text for name, text in words.items()})
