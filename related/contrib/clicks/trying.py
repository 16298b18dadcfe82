"""Beginning and ending the trial of a slot."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from related.contrib.clicks.judging import judge
from related.contrib.clicks.models import Trial
from related.domain.attention.states import mark_due
from related.domain.transactions import announce_everything
from related.models import Slot


class TrialEnded(Exception):
    """Somebody ended it before."""


@transaction.atomic
def start_trial(trial: Trial, user: Any) -> None:
    """Store a new trial; from the next page on, half of the articles show B.

    Raises:
        IntegrityError: another trial of the slot began at the same moment.
    """
    trial.started_by = user
    trial.save(force_insert=True)
    variant = {"trial_heading": trial.heading, "trial_count": trial.count}
    Slot.objects.filter(pk=trial.slot_id).update(**variant)
    announce_everything()


@transaction.atomic
def end_trial(trial: Trial, kept: str) -> Slot:
    """Keep A or B: all articles show it from the next page on. Returns the slot as it is now.

    Args:
        kept: "a" or "b".

    Raises:
        TrialEnded: somebody ended it before.
    """
    outcome = judge(trial).as_json()
    running = Trial.objects.filter(pk=trial.pk, ended_at=None)
    if not running.update(ended_at=timezone.now(), kept=kept, outcome=outcome):
        raise TrialEnded
    slot = Slot.objects.select_for_update(no_key=True).get(pk=trial.slot_id)
    if kept == "b":
        slot.heading = slot.trial_heading or slot.heading
        slot.count = slot.trial_count or slot.count
    slot.trial_heading, slot.trial_count = "", None
    slot.save(update_fields=["heading", "count", "trial_heading", "trial_count"])
    announce_everything()
    mark_due()
    return slot
