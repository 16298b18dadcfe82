"""``{% load related_clicks %}``: the script that counts."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("related/clicks/script.html")
def related_clicks() -> dict[str, Any]:
    """``{% related_clicks %}``: once on each page that shows links, anywhere in it."""
    return {"address": reverse("related_clicks:clicks")}
