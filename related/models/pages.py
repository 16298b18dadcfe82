"""What stands on the pages, ready to be read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.models.documents import Document


class PageLinks(models.Model):
    """All that wants to stand on one document's page, in order, as one row.

    A copy, so that a page is read with one query: of decisions, custom headings, the summary, and
    the suggestions of slots without approval. Written by ``domain.pages.rows`` alone, in the
    transaction that changes one of these. What may be seen is not in it: that is asked of the site
    when a page is read. A document without a row is read from those tables.
    """

    document = models.OneToOneField(
        Document,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="page_links",
        db_constraint=False,  # documents are never deleted
        verbose_name=_("document"),
    )
    contents = models.TextField(_("contents"))  # JSON, as domain.pages.contents writes it
    # Of the suggestions in it: those of another generation are not served any more.
    generation = models.PositiveIntegerField(_("generation"))

    class Meta:
        default_permissions = ()
        verbose_name = _("links of a page")
        verbose_name_plural = _("links of pages")

    def __str__(self) -> str:
        return gettext("links of document %(id)d") % {"id": self.document_id}
