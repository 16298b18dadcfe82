"""What an import remembers of each article that it brought in."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRow(models.Model):
    """The last row that was imported under an id, by the hashes of its values.

    It outlives its article: one that comes back under its id gets the primary key again that it
    had, and with that the decisions that editors made about it.
    """

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind")
    )
    external_id = models.CharField(_("external id"), max_length=200)
    object_id = models.CharField(_("id of the article"), max_length=255)
    hashes = models.JSONField(_("hashes of its values"), default=dict)
    row_hash = models.CharField(_("hash of the row"), max_length=16)
    # Rows that stood under the same id in the same import before this one: a repeated import must
    # not take them for something new.
    earlier = models.JSONField(_("hashes of earlier rows"), default=list)
    run = models.CharField(_("import"), max_length=32)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "external_id"], name="related_importing_one_row_per_id"
            )
        ]

    def __str__(self) -> str:
        return self.external_id
