from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, RichTextBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search.index import SearchField

from related.contrib.wagtail.api import RelatedLinksField
from related.contrib.wagtail.panels import RelatedLinksPanel


class HomePage(Page):
    """Not registered: it has no links of its own."""


class NewsPage(Page):
    intro = models.CharField(max_length=200, blank=True)
    internal_note = models.CharField(max_length=200, blank=True)
    body = StreamField(
        [
            ("heading", CharBlock()),
            ("paragraph", RichTextBlock()),
            ("see", PageChooserBlock()),
            ("box", StructBlock([("facts", ListBlock(CharBlock()))])),
        ],
        blank=True,
    )
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    search_fields = [*Page.search_fields, SearchField("intro"), SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("body"), RelatedLinksPanel()]
    api_fields = [APIField("related_links", serializer=RelatedLinksField())]


class EventPage(Page):
    about = RichTextField(blank=True)
