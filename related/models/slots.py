"""The places on a page."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from related.enums import Rule


class SlotQuerySet(models.QuerySet["Slot"]):
    def active(self) -> SlotQuerySet:
        return self.filter(is_active=True)

    def by_similarity(self) -> SlotQuerySet:
        """Those for which workers compute suggestions."""
        return self.filter(rule__in=[rule for rule in Rule if rule.is_similarity])


class Slot(models.Model):
    """A place on the page and the rule that fills it."""

    # What workers compute follows these, so a change of one needs a rebuild; all others count
    # from the next page on.
    COMPUTED_FIELDS = (
        "is_active",  # nothing is computed for a slot that is out of use
        "rule",
        "count",
        "minimum_score",
        "same_section",
        "recency_weight",
        "recency_half_life",
        "one_per_story",
        "skip_linked",
    )

    key = models.SlugField(max_length=50, unique=True, help_text="The name used by templates.")
    heading = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Where two slots want the same target, the lower position gets it."
    )
    is_active = models.BooleanField(default=True)

    rule = models.CharField(max_length=32, choices=Rule, default=Rule.SIMILAR)
    fallback = models.CharField(
        max_length=32,
        choices=Rule.by_date,
        default=Rule.NONE,
        help_text="What fills the slot, without approval, when nothing else does.",
    )
    count = models.PositiveSmallIntegerField(
        "how many", default=6, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    requires_approval = models.BooleanField(
        default=True, help_text="Off: suggestions show at once, and an editor can reject them."
    )
    minimum_score = models.FloatField(
        default=0.1, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    same_section = models.BooleanField(default=False)
    recency_weight = models.FloatField(
        default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="Share of the score that closeness in time decides; 0 ignores dates.",
    )
    recency_half_life = models.FloatField(
        "recency half-life (days)", default=90.0, validators=[MinValueValidator(0.1)]
    )
    one_per_story = models.BooleanField(
        default=False, help_text="Near-duplicates and updates of a story collapse to the newest."
    )
    skip_linked = models.BooleanField(
        default=False, help_text="Leave out what the body already links to."
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """What editors call it."""
        return self.heading or self.key

    @property
    def goes_by_similarity(self) -> bool:
        """Whether workers compute its suggestions ahead."""
        return Rule(self.rule).is_similarity

    @property
    def goes_by_date(self) -> bool:
        """Whether its links are found when a page is read."""
        return Rule(self.rule).is_date
