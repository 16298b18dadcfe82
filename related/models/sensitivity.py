"""What editors ask of sensitive articles and sections. Workers never write here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from related.enums import Mark
from related.models.decisions import APPEND_ONLY
from related.models.documents import Document


class Marked(models.Model):
    """A sum of ``Mark``, who set it and when."""

    marks = models.PositiveSmallIntegerField(_("sensitivity"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        abstract = True

    @property
    def words(self) -> list[str]:
        return [str(mark.label) for mark in Mark.of(self.marks)]


class Sensitivity(Marked):
    """What editors ask of one article. Changed only through domain.decisions.sensitivity."""

    document = models.OneToOneField(
        Document,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="sensitivity",
        verbose_name=_("document"),
    )

    class Meta:
        # Also asked for the rules of sections.
        default_permissions = ("change",)
        verbose_name = _("sensitivity")
        verbose_name_plural = _("sensitivities")

    def __str__(self) -> str:
        return f"{self.document_id}: {', '.join(self.words)}"


class SectionRuleQuerySet(models.QuerySet["SectionRule"]):
    def telling(self) -> SectionRuleQuerySet:
        """Those because of which pages look for marks."""
        return self.filter(models.Q(marks__gt=0) | models.Q(section=""))

    def note_marked(self, content_types: Iterable[int]) -> None:
        """Say that some articles of these kinds are marked by themselves."""
        for content_type in content_types:
            self.get_or_create(content_type_id=content_type, section="")


class SectionRule(Marked):
    """What editors ask of all articles of one kind in one section, present and to come.

    Changed only through domain.decisions.sensitivity. A row without a section says that some
    articles of the kind are marked by themselves: where there is no row, pages need not look.
    """

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind")
    )
    section = models.CharField(_("section"), max_length=255)  # its key

    objects = SectionRuleQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("rule of a section")
        verbose_name_plural = _("rules of sections")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "section"], name="related_one_rule_per_section"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section}: {', '.join(self.words)}"


class SectionRuleLogQuerySet(models.QuerySet["SectionRuleLog"]):
    """Entries are added and read. The database refuses changes too."""

    def update(self, **values: Any) -> int:
        raise TypeError(APPEND_ONLY.format("changed"))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY.format("deleted"))


class SectionRuleLog(models.Model):
    """Every change of a section's rule; rows are added, never changed or deleted.

    Of the account, ``actor_key`` and ``actor_name`` stay when it is deleted.
    """

    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    section = models.CharField(_("section"), max_length=255)
    before = models.PositiveSmallIntegerField(_("before"))
    after = models.PositiveSmallIntegerField(_("after"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    actor_key = models.CharField(_("key of the account"), max_length=255)
    actor_name = models.TextField(_("editor"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    # Entries of one click share it, and are undone together; empty where none was kept yet.
    operation = models.UUIDField(_("operation"), null=True, editable=False)
    undoes = models.UUIDField(_("undone operation"), null=True, editable=False)

    objects = SectionRuleLogQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        verbose_name = _("entry of the log of sections")
        verbose_name_plural = _("log of sections")

    def __str__(self) -> str:
        return f"{self.actor_name} {self.section}: {self.before} -> {self.after}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(APPEND_ONLY.format("changed"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY.format("deleted"))
