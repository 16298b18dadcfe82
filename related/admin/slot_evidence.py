"""What the page of a slot shows of its past decisions, and a minimum score filled in from there."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest

from related.admin.approval_curve import draw
from related.domain.policies.undoing import approved_by_policy
from related.domain.strength.evidence import read_evidence
from related.models import Policy, Slot


def evidence_context(slot: Slot, *, may_change: bool) -> dict[str, Any]:
    """For the template: the curve, the thresholds, the policy. Nothing for a slot by date."""
    if not slot.goes_by_similarity:
        return {}
    evidence = read_evidence(slot)
    chart = draw(evidence, slot) if evidence.bins else None
    return {
        "evidence": evidence,
        "chart": chart,
        "may_fill_in": may_change,
        "policy": Policy.objects.filter(slot=slot).select_related("set_by").first(),
        "n_by_policy": approved_by_policy([slot]).count(),
    }


def asked_minimum(request: HttpRequest) -> float | None:
    """The minimum score that a link of the page asks to fill in; None for none, or for nonsense."""
    try:
        score = float(request.GET.get("minimum_score", ""))
    except ValueError:
        return None
    return score if math.isfinite(score) and 0 <= score <= 1 else None
