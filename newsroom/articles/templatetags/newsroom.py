"""What every page of the newsroom needs: its name, its sections, short texts for lists."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from newsroom.articles.models import Article, Section
from newsroom.articles.teasers import teaser_of
from related.addresses import web_address
from related.languages import writing_direction

register = template.Library()
# For what the admin's checks did not see, because other code stored it.
register.filter("web_address", web_address)
register.filter("direction", writing_direction)


@register.simple_tag
def newsroom_name() -> str:
    """The paper's name: settings.NEWSROOM_NAME."""
    return settings.NEWSROOM_NAME


@register.simple_tag
def site_language() -> str:
    """The language in which the names of sections and tags are written."""
    return settings.LANGUAGE_CODE


@register.simple_tag
def today() -> str:
    """The date in the masthead, with the day of the week."""
    # Translators: a format of Django's date filter.
    return date_format(timezone.localdate(), pgettext("date in the masthead", "l, F j, Y"))


@register.simple_tag
def sections_with_articles() -> QuerySet[Section]:
    """The sections for the navigation: those in which the public can read something."""
    visible = Article.objects.visible().filter(section=OuterRef("pk"))
    return Section.objects.filter(Exists(visible))


@register.simple_tag
def clicks_script() -> str:
    """What counts clicks, where the site does: settings.CLICKS."""
    if not settings.CLICKS:
        return ""
    address = reverse("related_clicks:clicks")
    return render_to_string("related/clicks/script.html", {"address": address})


@register.filter
def teaser(article: Article) -> str:
    """A listed article in a few words."""
    return teaser_of(article.excerpt, article.opening)
