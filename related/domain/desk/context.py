"""What was read about one document, with the lookups that every line of the desk needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from related.domain.desk.targets import Target
from related.enums import Strength, Verdict
from related.models import Decision, Document, Slot, Suggestion


@dataclass(frozen=True, slots=True)
class DeskLink:
    """One line of the desk: a target with what the machine and the editors say about it."""

    slot: Slot
    target: Target
    version: int = 0  # of the decision; forms send it back, so that a race is noticed
    similarity: float | None = None
    score: float | None = None
    strength: float | None = None  # the chance that an editor approves it
    rank: int | None = None
    reasons: Sequence[str] = ()
    decision: Decision | None = None
    remark: str = ""  # what an editor should know before deciding
    is_on_page: bool = False
    is_version: bool = False  # of the document itself; no machine offers it, an editor may
    is_blocked: bool = False  # to be decided elsewhere: approved in another slot
    better_by: float | None = None  # similarity gained over the weakest approved link
    better_than: DeskLink | None = None

    @property
    def strength_word(self) -> str:
        """The strength as editors read it; "" where there is none."""
        return "" if self.strength is None else str(Strength.of(self.strength).label)


@dataclass(frozen=True)
class DeskContext:
    slots: Sequence[Slot]
    decisions: Sequence[Decision]
    suggestions: Sequence[Suggestion]
    targets: dict[int, Target]
    is_public: bool  # whether readers see the document's own page
    headings: dict[int, str] = field(default_factory=dict)
    versions: Collection[str] = ()  # labels of targets that are versions of the document itself

    @cached_property
    def by_place(self) -> dict[tuple[int, str], Decision]:
        """Decisions by slot id and label of the target."""
        return {(d.slot_id, self.targets[d.target_id].label): d for d in self.decisions}

    @cached_property
    def rejected(self) -> set[str]:
        """Labels that are offered in no slot."""
        return {
            self.targets[d.target_id].label for d in self.decisions if d.verdict == Verdict.REJECTED
        }

    @cached_property
    def approved_in(self) -> dict[str, list[Slot]]:
        """The active slots in which a label is approved, in page order."""
        slots: dict[str, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            for decision in self.approved(slot):
                slots[self.targets[decision.target_id].label].append(slot)
        return slots

    def approved(self, slot: Slot) -> list[Decision]:
        return [d for d in self.decisions if d.slot_id == slot.pk and d.verdict == Verdict.APPROVED]

    def version(self, slot: Slot, target: Target) -> int:
        decision = self.by_place.get((slot.pk, target.label))
        return decision.version if decision else 0

    def other_slot(self, slot: Slot, target: Target) -> Slot | None:
        """Another slot in which the target is approved already."""
        others = (s for s in self.approved_in.get(target.label, []) if s.pk != slot.pk)
        return next(others, None)

    def decided(self, decision: Decision) -> DeskLink:
        target = self.targets[decision.target_id]
        return DeskLink(
            slot=decision.slot,
            target=target,
            version=decision.version,
            similarity=decision.similarity,
            strength=decision.slot.chance_of(decision.known_score),
            reasons=decision.reasons,
            decision=decision,
            is_version=target.label in self.versions,
        )

    def found(
        self, slot: Slot, document: Document, target: Target, *, is_version: bool
    ) -> DeskLink:
        """A search result, offered for a slot."""
        decision = self.by_place.get((slot.pk, target.label))
        other = self.other_slot(slot, target)
        is_here = decision is not None and decision.verdict == Verdict.APPROVED
        remark = _("rejected before") if target.label in self.rejected else ""
        if other is not None:
            remark = _("already in “%(slot)s”") % {"slot": other.name}
        if is_here:
            remark = _("already approved here")
        return DeskLink(
            slot=slot,
            target=target,
            version=self.version(slot, target),
            remark=remark,
            is_version=is_version,
            is_blocked=is_here or other is not None,
        )
