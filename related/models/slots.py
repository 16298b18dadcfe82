"""The places on a page."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from related.enums import Rule
from related.similarity.order.scoring import DEFAULT_TIME_WEIGHT
from related.similarity.strength import SHIPPED, Curve

# The headings that migrations write. One that nobody changed is translated wherever it is
# shown; any other is an editor's own words, shown as written.
SHIPPED_HEADINGS = frozenset(
    {
        gettext_noop("Previous Article"),
        gettext_noop("Next Article"),
        gettext_noop("Upcoming stops"),
        gettext_noop("Related stories"),
        gettext_noop("More in this section"),
    }
)


class SlotQuerySet(models.QuerySet["Slot"]):
    def active(self) -> SlotQuerySet:
        return self.filter(is_active=True)

    def by_similarity(self) -> SlotQuerySet:
        """Those for which workers compute suggestions."""
        return self.filter(rule__in=[rule for rule in Rule if rule.is_similarity])

    def with_strength(self) -> SlotQuerySet:
        """With what ``chance_of`` reads, in the same query."""
        return self.select_related("strength_curve")


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
        "time_weight",
        "one_per_story",
        "skip_linked",
    )

    key = models.SlugField(
        _("key"), max_length=50, unique=True, help_text=_("The name used by templates.")
    )
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        help_text=_("Where two slots want the same target, the lower position gets it."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    rule = models.CharField(_("rule"), max_length=32, choices=Rule, default=Rule.SIMILAR)
    fallback = models.CharField(
        _("fallback"),
        max_length=32,
        choices=Rule.by_date,
        default=Rule.NONE,
        help_text=_("What fills the slot, without approval, when nothing else does."),
    )
    count = models.PositiveSmallIntegerField(
        _("how many"), default=6, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    requires_approval = models.BooleanField(
        _("requires approval"),
        default=True,
        help_text=_("Off: suggestions show at once, and an editor can reject them."),
    )
    minimum_score = models.FloatField(
        _("minimum score"), default=0.1, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    same_section = models.BooleanField(_("same section"), default=False)
    time_weight = models.FloatField(
        _("weight of closeness in time"),
        default=DEFAULT_TIME_WEIGHT,
        db_default=DEFAULT_TIME_WEIGHT,
        validators=[MinValueValidator(0.0), MaxValueValidator(0.3)],
        help_text=_(
            "From 0, dates do not matter, to 0.3. How close in time related articles are"
            " is learned from the archive."
        ),
    )
    one_per_story = models.BooleanField(
        _("one per story"),
        default=True,
        help_text=_(
            "Of the versions of one text the newest is shown. "
            "Versions of the article itself never are."
        ),
    )
    skip_linked = models.BooleanField(
        _("skip linked articles"),
        default=False,
        help_text=_("Leave out what the body already links to."),
    )

    # While two variants are tried, what B has in place of the above; half of the articles show it.
    trial_heading = models.CharField(
        _("heading of variant B"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    trial_count = models.PositiveSmallIntegerField(
        _("how many in variant B"), null=True, blank=True, editable=False
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        verbose_name = _("slot")
        verbose_name_plural = _("slots")

    def __str__(self) -> str:
        return self.key

    @property
    def shown_heading(self) -> str:
        """The heading in the active language; it may be empty."""
        return gettext(self.heading) if self.heading in SHIPPED_HEADINGS else self.heading

    def heading_in(self, language: str) -> str:
        """The heading on a page of this language."""
        with translation.override(language):
            return self.shown_heading

    @property
    def name(self) -> str:
        """What editors call the slot: its heading, or its key where it has none."""
        return self.shown_heading or self.key

    @property
    def goes_by_similarity(self) -> bool:
        """Whether workers compute its suggestions ahead."""
        return Rule(self.rule).is_similarity

    @property
    def goes_by_date(self) -> bool:
        """Whether its links are found when a page is read."""
        return Rule(self.rule).is_date

    @property
    def is_tried(self) -> bool:
        """Whether two variants of it are shown, as ``domain.pages.trials`` says."""
        return bool(self.trial_heading or self.trial_count)

    def chance_of(self, score: float | None) -> float | None:
        """How likely an editor approves a link of this score here; None where there is no score,
        as in a slot that goes by date. Read slots ``with_strength()``."""
        if score is None or not self.goes_by_similarity:
            return None
        return round(self.curve.chance(score), 4)

    @property
    def curve(self) -> Curve:
        """From a score to the chance of approval, as it was learned or is shipped; read slots
        ``with_strength()``."""
        stored = getattr(self, "strength_curve", None)
        curve: Curve = SHIPPED if stored is None else stored.curve
        return curve
