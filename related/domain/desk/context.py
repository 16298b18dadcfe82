"""What was read about one document, with the lookups that every card of the desk needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from related.domain.attention.facts import breaks_rule
from related.domain.attention.noticing import Noticed
from related.domain.attention.proposal import Rivals
from related.domain.desk.targets import Target
from related.domain.documents.marks import PageMarks
from related.domain.pages.offers import Candidate
from related.domain.suggesting.versions import StoryOf
from related.enums import Strength, Verdict
from related.models import Decision, Document, Slot


@dataclass(frozen=True, slots=True)
class DeskVersion:
    """Another article of a story: grouped behind its newest, which takes the place."""

    target: Target
    taking: str = ""  # what a button sends to have it in the place of the card that it is behind

    @property
    def is_public(self) -> bool:
        return self.target.is_public


@dataclass(frozen=True, slots=True)
class DeskLink:
    """One card of the desk: a target with what the machine and the editors say about it."""

    slot: Slot
    target: Target
    version: int = 0  # of the decision; forms send it back, so that a race is noticed
    similarity: float | None = None
    score: float | None = None
    strength: float | None = None  # the chance that an editor approves it
    reasons: Sequence[str] = ()
    decision: Decision | None = None
    remark: str = ""  # what an editor should know before deciding
    is_lost: bool = False  # approved, and not shown for a reason that needs an editor
    is_on_page: bool = False
    is_version: bool = False  # of the document itself; no machine offers it, an editor may
    is_blocked: bool = False  # to be decided elsewhere: approved in another slot
    better_by: float | None = None  # strength gained over the approved link that it challenges
    better_than: DeskLink | None = None
    rival: DeskLink | None = None  # what challenges this one, if it is approved
    versions: Sequence[DeskVersion] = ()  # other articles of its story, the newest first
    others: Sequence[tuple[Slot, int]] = ()  # where it could go as well; versions there

    @property
    def key(self) -> str:
        """Names the card on the page, whatever becomes of its decision."""
        return f"card-{self.slot.key}-{self.target.document_id}"

    @property
    def fields(self) -> str:
        """What a button sends of it: a query string."""
        return link_fields(self.slot, self.target, self.version)

    @property
    def elsewhere(self) -> list[tuple[Slot, str]]:
        """The other slots it could go to, with what a button sends to put it there."""
        return [(slot, link_fields(slot, self.target, version)) for slot, version in self.others]

    @property
    def replacing(self) -> str:
        """What a button sends to put it in the place of the weaker one."""
        assert self.better_than is not None
        old = self.better_than
        versions = {self.slot.pk: self.version} | {slot.pk: v for slot, v in self.others}
        new = link_fields(old.slot, self.target, versions[old.slot.pk])
        sent = {"old": old.target.label, "old_version": old.version}
        return f"{new}&{urlencode(sent)}"

    @property
    def keeping(self) -> str:
        """What a button sends to keep it against its rival."""
        assert self.rival is not None
        return f"{self.fields}&{urlencode({'rival': self.rival.target.label})}"

    @property
    def strength_word(self) -> str:
        """The strength as editors read it; "" where there is none."""
        return "" if self.strength is None else str(Strength.of(self.strength).label)

    @property
    def strength_name(self) -> str:
        return "" if self.strength is None else Strength.of(self.strength).value

    @property
    def is_approved(self) -> bool:
        return self.decision is not None and self.decision.verdict == Verdict.APPROVED

    @property
    def is_pinned(self) -> bool:
        return self.decision is not None and self.decision.is_pinned


def link_fields(slot: Slot, target: Target, version: int) -> str:
    return urlencode({"slot": slot.key, "target": target.label, "version": version})


@dataclass(frozen=True)
class DeskContext:
    document: Document
    slots: Sequence[Slot]
    decisions: Sequence[Decision]
    targets: dict[int, Target]
    headings: dict[int, str] = field(default_factory=dict)
    marks: PageMarks = field(default_factory=PageMarks)
    stories: StoryOf = field(default_factory=dict)  # of all documents here
    kept: Collection[Rivals] = ()  # approved links that an editor kept against a rival
    noticed: Sequence[Noticed] = ()

    @cached_property
    def by_place(self) -> dict[tuple[int, int], Decision]:
        """Decisions by slot id and id of the target's document."""
        return {(d.slot_id, d.target_id): d for d in self.decisions}

    @cached_property
    def rejected(self) -> set[int]:
        """Targets that are offered in no slot."""
        return {d.target_id for d in self.decisions if d.verdict == Verdict.REJECTED}

    @cached_property
    def approved_in(self) -> dict[int, list[Slot]]:
        """The active slots in which a target is approved, in page order."""
        slots: dict[int, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            for decision in self.approved(slot):
                slots[decision.target_id].append(slot)
        return slots

    def waits(self, slot: Slot) -> bool:
        """Whether what the machine finds for a slot needs an editor before it shows."""
        return slot.requires_approval or not self.marks.fills_itself

    def approved(self, slot: Slot) -> list[Decision]:
        return [d for d in self.decisions if d.slot_id == slot.pk and d.verdict == Verdict.APPROVED]

    def version(self, slot: Slot, target_id: int) -> int:
        decision = self.by_place.get((slot.pk, target_id))
        return decision.version if decision else 0

    def is_version(self, target_id: int) -> bool:
        """Whether a target tells the story of the document itself."""
        story = self.stories.get(target_id)
        return story is not None and story == self.stories.get(self.document.pk)

    def other_slot(self, slot: Slot, target_id: int) -> Slot | None:
        """Another slot in which the target is approved already."""
        others = (s for s in self.approved_in.get(target_id, []) if s.pk != slot.pk)
        return next(others, None)

    def remark_on(self, slot: Slot, target_id: int) -> str:
        """What an app of the site noticed of a link on the page; "" for nothing."""
        found = (n for n in self.noticed if (n.slot_id, n.target_id) == (slot.pk, target_id))
        return "; ".join(each.remark for each in found)

    def decided(self, decision: Decision) -> DeskLink:
        target = self.targets[decision.target_id]
        lost = self._why_lost(decision, target)
        return DeskLink(
            slot=decision.slot,
            target=target,
            version=decision.version,
            similarity=decision.similarity,
            score=decision.score,
            strength=decision.slot.chance_of(decision.known_score),
            reasons=decision.reasons if target.is_readable else (),
            decision=decision,
            remark=lost,
            is_lost=bool(lost),
            is_version=self.is_version(target.document_id),
        )

    def offered(self, candidate: Candidate) -> DeskLink:
        """A candidate that nobody decided on in its slot."""
        slot, target = candidate.slot, self.targets[candidate.target_id]
        return DeskLink(
            slot=slot,
            target=target,
            version=self.version(slot, candidate.target_id),
            similarity=candidate.similarity,
            score=candidate.score,
            strength=slot.chance_of(candidate.score),
            reasons=candidate.reasons if target.is_readable else (),
        )

    def found(self, slot: Slot, target: Target, *, is_version: bool) -> DeskLink:
        """A search result, offered for a slot."""
        decision = self.by_place.get((slot.pk, target.document_id))
        other = self.other_slot(slot, target.document_id)
        is_here = decision is not None and decision.verdict == Verdict.APPROVED
        remark = _("rejected before") if target.document_id in self.rejected else ""
        if other is not None:
            remark = _("already in “%(slot)s”") % {"slot": other.name}
        if is_here:
            remark = _("already approved here")
        barred = self.marks.why_barred(target.document_id)
        return DeskLink(
            slot=slot,
            target=target,
            version=self.version(slot, target.document_id),
            remark=barred or remark,
            is_version=is_version,
            is_blocked=is_here or other is not None or bool(barred),
        )

    def _why_lost(self, decision: Decision, target: Target) -> str:
        """Why an approved link needs an editor again; "" where it does not."""
        if decision.verdict != Verdict.APPROVED:
            return ""
        if barred := self.marks.why_barred(decision.target_id):
            return _("not shown: %(state)s") % {"state": barred}
        if target.is_gone:
            return _("not shown: %(state)s") % {"state": target.state}
        if decision.is_about_another:
            return _("not shown: approved for an article that was deleted since")
        if breaks_rule(self.document, decision.slot, decision):
            names = {"rule": decision.slot.get_rule_display()}
            return _("no longer fits the slot: %(rule)s") % names
        return ""
