from __future__ import annotations

import related
from related.contrib.wagtail.sources import PageSource
from tests.sites.wagtail.models import EventPage, NewsPage


@related.register(NewsPage)
class NewsSource(PageSource):
    image_field = "image"


@related.register(EventPage)
class EventSource(PageSource):
    pass
