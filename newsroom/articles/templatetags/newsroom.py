"""What every page of the newsroom needs: its name, its sections, short texts for lists."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import pgettext

from newsroom.articles.models import Article, Section
from related.addresses import web_address
from related.text import plain_text

register = template.Library()
# For what the admin's checks did not see, because other code stored it.
register.filter("web_address", web_address)

TEASER_WORDS = 32


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


@register.filter
def teaser(article: Article) -> str:
    """The excerpt of a listed article, or its first words when nobody wrote one."""
    text = article.excerpt or plain_text(article.opening)
    return Truncator(" ".join(text.split())).words(TEASER_WORDS, truncate=" …")
