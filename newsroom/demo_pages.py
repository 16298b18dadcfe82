"""What the demo has to show: pictures on the sample's pages, and a page with every slot filled."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.contrib.staticfiles import finders
from django.template import engines
from django.templatetags.static import static

from newsroom.articles.models import Article

PICTURE = "newsroom/sample/{}.svg"  # a static file, by the article's external id
SLOTS = ("previous", "next", "inline", "related", "section")
LOOKED_AT = 60  # pages, until the fullest of them is good enough
FILLED = """{% load related %}
{% related_summary article as summary %}{% if summary %}x{% endif %}
{% for slot in slots %}
{% related_links article slot as links %}{% if links %}x{% endif %}
{% endfor %}
"""


def hang_pictures() -> None:
    """Give each article of the sample the picture that was drawn for it."""
    for article in Article.objects.exclude(external_id=None):
        path = PICTURE.format(article.external_id)
        if finders.find(path):
            article.image_url = static(path)
            article.save(update_fields=["image_url"])


def fullest_page(articles: Iterable[Article]) -> Article | None:
    """The first article with a summary and links in every slot, else the one with most of them."""
    template = engines["django"].from_string(FILLED)
    fullest, most = None, -1
    for article in islice(articles, LOOKED_AT):
        filled = template.render({"article": article, "slots": SLOTS}).count("x")
        if filled > most:
            fullest, most = article, filled
        if filled == len(SLOTS) + 1:
            break
    return fullest
