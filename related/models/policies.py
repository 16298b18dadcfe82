"""What approves by itself: a bar of strength for a slot, set by somebody who answers for it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.models.slots import Slot

# Of ``DecisionLog.actor_key``, before the slot's key: no account has such a key.
KEY_PREFIX = "policy:"
LOWEST_BAR = 0.5  # what is approved rather than not


class PolicyQuerySet(models.QuerySet["Policy"]):
    def on(self) -> PolicyQuerySet:
        """Those that approve; only where workers compute suggestions."""
        slots = Slot.objects.active().by_similarity()
        return self.filter(bar__isnull=False, slot__in=slots, slot__requires_approval=True)


class Policy(models.Model):
    """Above which strength a slot's suggestions approve themselves; without a row they never do.

    Editors set it, except for ``cursor``, which workers move through the archive.
    """

    slot = models.OneToOneField(
        Slot,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="policy",
        verbose_name=_("slot"),
    )
    bar = models.FloatField(
        _("bar"),
        null=True,  # switched off
        validators=[MinValueValidator(LOWEST_BAR), MaxValueValidator(1.0)],
    )
    covers_archive = models.BooleanField(_("also what stands already"), default=False)
    # Documents up to this id were looked at; None: all of them, or only new suggestions count.
    cursor = models.BigIntegerField(null=True, editable=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("set by"),
    )
    set_by_name = models.TextField(_("set by"), blank=True)  # as it was then
    set_at = models.DateTimeField(_("set at"), default=timezone.now)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        default_permissions = ("change",)

    def __str__(self) -> str:
        if self.bar is None:
            return gettext("policy: switched off")
        return gettext("policy: above %(bar)s") % {"bar": number_format(self.bar, 2)}

    @property
    def actor_key(self) -> str:
        """Who the log says it was, whatever the bar was then."""
        return f"{KEY_PREFIX}{self.slot.key}"
