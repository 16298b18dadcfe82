"""What editors said. Workers never write here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.enums import Action, Verdict
from related.models.documents import Document
from related.models.slots import Slot

APPEND_ONLY = "The decision log is append-only: entries cannot be {}."


class DecisionQuerySet(models.QuerySet["Decision"]):
    def approved(self) -> DecisionQuerySet:
        return self.filter(verdict=Verdict.APPROVED)

    def rejected(self) -> DecisionQuerySet:
        return self.filter(verdict=Verdict.REJECTED)

    def telling(self) -> DecisionQuerySet:
        """What an editor said about a suggestion that she saw, and its score at that time.

        Links that she added by hand have none: nothing suggested them. What a policy approved by
        strength would only confirm strength.
        """
        decided = self.exclude(verdict=Verdict.OPEN)
        return decided.filter(is_bulk=False, by_policy=False, score__isnull=False)

    def untouched(self) -> DecisionQuerySet:
        """What stands as a policy approved it: an editor's verdict, pin or order has its own."""
        return self.approved().filter(by_policy=True, position=None)

    def in_order(self) -> DecisionQuerySet:
        """As they stand on the page: pinned first, then by the editor's order, then by age."""
        return self.order_by(
            "-is_pinned", models.F("position").asc(nulls_last=True), "decided_at", "pk"
        )


class Decision(models.Model):
    """An editor's word on one target in one slot. Changed only through related.domain.decisions."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("document")
    )
    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("slot")
    )
    target = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="decided_for", verbose_name=_("target")
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, default=Verdict.OPEN)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    # As it was when the editor looked; shown beside a challenger, and by the API.
    similarity = models.FloatField(_("similarity"), null=True, blank=True)
    # Likewise, after the slot's rules; None where the slot did not suggest it.
    score = models.FloatField(_("score"), null=True, blank=True)
    reasons = models.JSONField(_("shared words"), default=list, blank=True)
    # By a command, unread: says what the machine thinks, so nothing is learned from it.
    is_bulk = models.BooleanField(_("decided in bulk"), default=False, db_default=False)
    # By a slot's policy, unread as well; an editor's verdict takes its place.
    by_policy = models.BooleanField(_("decided by a policy"), default=False, db_default=False)
    note = models.TextField(_("note"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    version = models.PositiveIntegerField(
        _("version"), default=0
    )  # +1 with every change; guards against races

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "slot", "target"], name="related_one_decision_per_target"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.APPROVED) | models.Q(is_pinned=False),
                name="related_only_approved_is_pinned",
            ),
        ]
        indexes = [models.Index(fields=["-decided_at", "-id"], name="related_decision_at")]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.document_id} -> {self.target_id} {self.verdict}"

    @property
    def known_score(self) -> float | None:
        """The score, or the similarity where the slot did not suggest the link."""
        return self.similarity if self.score is None else self.score

    @property
    def is_about_another(self) -> bool:
        """Whether the target was deleted since: one of the same key is another article."""
        return self.target.deleted_at is not None and self.decided_at < self.target.deleted_at


class DecisionLogQuerySet(models.QuerySet["DecisionLog"]):
    """Entries are added and read. The database refuses the rest too: migration 0003."""

    def by_policies(self) -> DecisionLogQuerySet:
        return self.filter(actor_key__startswith="policy:")

    def by_accounts(self) -> DecisionLogQuerySet:
        return self.exclude(actor_key__startswith="policy:")

    def of_decisions(self) -> DecisionLogQuerySet:
        """Without headings, summaries and pages that were called done."""
        return self.filter(slot__isnull=False, target__isnull=False)

    def update(self, **values: Any) -> int:
        raise TypeError(APPEND_ONLY.format("changed"))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY.format("deleted"))


class DecisionLog(models.Model):
    """Every change that an editor made; rows are added, never changed or deleted.

    Most are changes of a decision. A heading has no target, a summary and "done" have no slot
    either. Only ``actor`` becomes empty when the account is deleted; ``actor_key`` and
    ``actor_name`` stay. The key says who it was: names change, and are given to others.
    """

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="decision_log", verbose_name=_("document")
    )
    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("slot")
    )
    target = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("target")
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    operation = models.UUIDField(
        _("operation")
    )  # entries of one click share it, and are undone together
    undoes = models.UUIDField(_("undone operation"), null=True, editable=False)
    before = models.JSONField(_("before"))  # the decision's state, as writing.STATE_FIELDS names it
    after = models.JSONField(_("after"))
    version = models.PositiveIntegerField(_("version"))  # of the decision, after the change
    note = models.TextField(_("note"), blank=True)
    # One of the many entries of an operation in bulk, whose first one stands for all in lists.
    is_folded = models.BooleanField(default=False, db_default=False, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    # Primary key of the account, as text; empty in entries of deleted accounts before it was kept.
    actor_key = models.CharField(
        _("key of the account"), max_length=255, blank=True, default="", db_default=""
    )
    actor_name = models.TextField(
        _("editor")
    )  # as it was then: a site's names may be of any length
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = DecisionLogQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("entry of the decision log")
        verbose_name_plural = _("decision log")
        indexes = [
            models.Index(fields=["operation"], name="related_log_operation"),
            models.Index(
                fields=["actor", "-id"],
                condition=models.Q(is_folded=False),
                name="related_log_of_steps",
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(actor_key__startswith="policy:"),
                name="related_log_of_policy",
            ),
            models.Index(fields=["at"], name="related_log_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.document_id} -> {self.target_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(APPEND_ONLY.format("changed"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY.format("deleted"))


class SlotHeading(models.Model):
    """A custom heading for a slot of one document."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="headings", verbose_name=_("document")
    )
    slot = models.ForeignKey(
        Slot, on_delete=models.CASCADE, related_name="+", verbose_name=_("slot")
    )
    heading = models.CharField(_("heading"), max_length=120)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("custom heading")
        verbose_name_plural = _("custom headings")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "slot"], name="related_one_heading_per_slot"
            )
        ]

    def __str__(self) -> str:
        return self.heading


class Summary(models.Model):
    """The approved summary of one document; shown only while the text is the one it was for."""

    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="summary", verbose_name=_("document")
    )
    text = models.TextField(_("text"))
    text_hash = models.CharField(_("hash of the text"), max_length=64, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")

    def __str__(self) -> str:
        return gettext("summary of document %(id)d") % {"id": self.document_id}
