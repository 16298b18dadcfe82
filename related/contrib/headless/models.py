"""Pages that another system pushed, and the keys that it does so with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PageQuerySet(models.QuerySet["Page"]):
    def outgoing(self) -> PageQuerySet:
        """What is out, or comes out at its time."""
        return self.filter(status=Page.Status.PUBLISHED)

    def visible(self) -> PageQuerySet:
        """What the public may see now."""
        is_out = Q(published_at=None) | Q(published_at__lte=timezone.now())
        return self.outgoing().filter(is_out)


class Page(models.Model):
    """A page of the other system, as it was pushed last; its key there is its key here."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("published")
        DRAFT = "draft", _("draft")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.CharField(_("id"), max_length=200, primary_key=True)
    title = models.CharField(_("title"), max_length=500)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("address"), max_length=2000)
    language = models.CharField(_("language"), max_length=35, blank=True)
    section = models.CharField(_("section"), max_length=255, blank=True)
    published_at = models.DateTimeField(_("publication date"), null=True, blank=True)
    excerpt = models.TextField(_("excerpt"), blank=True)
    image_url = models.CharField(_("image address"), max_length=2000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PUBLISHED)
    pushed_at = models.DateTimeField(_("pushed at"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["-pushed_at"]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic(savepoint=False)  # the change and its mark are one
    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)

    @transaction.atomic(savepoint=False)
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)


class ApiKey(models.Model):
    """What another system shows to be let in. Only the hash is kept: the key is shown once."""

    name = models.CharField(
        _("name"), max_length=100, help_text=_("Which system has it, for example “our shop”.")
    )
    hint = models.CharField(_("begins with"), max_length=16, editable=False)
    hash = models.CharField(_("hash"), max_length=64, unique=True, editable=False)
    types = models.JSONField(_("may push"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    objects: models.Manager[ApiKey] = models.Manager()

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
