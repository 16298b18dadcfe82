"""The addresses that articles had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

import related

if TYPE_CHECKING:
    from newsroom.articles.models.articles import Article


class EarlierSlug(models.Model):
    """A slug that an article had. A link to its old address still means the article."""

    slug = models.CharField(_("slug"), max_length=200, unique=True)
    article = models.ForeignKey(
        "newsroom.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="earlier_slugs",
    )

    class Meta:
        verbose_name = _("earlier slug")
        verbose_name_plural = _("earlier slugs")
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug

    @classmethod
    def note_change(cls, article: Article, before: str | None) -> None:
        """An article has a new slug; whoever had that one earlier has lost the address."""
        lost = cls.objects.filter(slug=article.slug).select_related("article").first()
        if lost is not None:
            lost.delete()
            related.mark_changed([lost.article])
        if before is not None:
            cls.objects.update_or_create(slug=before, defaults={"article": article})
