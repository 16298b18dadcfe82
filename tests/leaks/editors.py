"""What editors decide about links, summaries and slots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis.stateful import rule

from newsroom.articles.models import Article
from related.domain.decisions import ordering, reviewing, undoing
from related.domain.decisions.bulk import approve_placed
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.documents.marking import document_of, ensure_document
from related.domain.pages.summaries import draft_summary
from related.enums import Rule
from related.models import Decision, DecisionLog, Document, Slot, Summary
from tests.leaks.example import Example, Tally, slots, which, yes_or_no
from tests.leaks.oracle import APPROVED, OPEN, REJECTED, Oracle
from tests.leaks.world import Clock


class Editors(Example):
    """Rules for decisions; the oracle is told each word."""

    def __init__(self, clock: Clock, founded: Oracle, tally: Tally) -> None:
        super().__init__(clock, founded, tally)
        # What was said of a pair before each operation.
        self.clicks: dict[UUID, dict[tuple[int, str, int], str]] = {}

    @rule(n=which, other=which, slot=slots)
    def approve(self, n: int, other: int, slot: str) -> None:
        self.click("approve", reviewing.approve, APPROVED, n=n, other=other, slot=slot)

    @rule(n=which, other=which, slot=slots)
    def pin(self, n: int, other: int, slot: str) -> None:
        self.click("pin", reviewing.pin, APPROVED, n=n, other=other, slot=slot)

    @rule(n=which, other=which, slot=slots)
    def reject(self, n: int, other: int, slot: str) -> None:
        self.click("reject", reviewing.reject, REJECTED, n=n, other=other, slot=slot)

    @rule(n=which)
    def reopen(self, n: int) -> None:
        self.click_on_decided("reopen", reviewing.reopen, OPEN, n)

    @rule(n=which, up=yes_or_no)
    def move(self, n: int, up: bool) -> None:
        def move(place: LinkRef, **seen: Any) -> None:
            ordering.move(place, up=up, **seen)

        self.click_on_decided("order", move, APPROVED, n)

    @rule(n=which)
    def undo(self, n: int) -> None:
        story = self.story(n)
        document = self.document(story) if story else None
        if document is None:
            return
        step = undoing.last_step(self.editor)
        if step and step.operation in self.clicks:
            undoing.undo(step.operation, step.document, user=self.editor)
            self.oracle.words.update(self.clicks[step.operation])
            self.count("undo")

    @rule(n=which)
    def approve_in_bulk(self, n: int) -> None:
        """What a preview of some pages shows; that those are links to show, the oracle is told."""
        last = DecisionLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        documents = Document.objects.indexed().order_by("pk")
        approve_placed(documents[n : n + 2], user=self.editor)
        entries = DecisionLog.objects.filter(pk__gt=last)
        for entry in entries.select_related("document", "target", "slot"):
            pair = int(entry.document.object_id), entry.slot.key, int(entry.target.object_id)
            self.oracle.words[pair] = APPROVED
        self.count("approve in bulk")

    @rule(n=which, is_draft=yes_or_no)
    def approve_summary(self, n: int, is_draft: bool) -> None:
        """The machine's draft repeats the body; an editor's own words may say anything."""
        story = self.story(n)
        document = self.document(story) if story else None
        if story is None or document is None:
            return
        article = self.article(story)
        marker = self.oracle.new_marker()
        text = f"{draft_summary(document, article) if is_draft else 'In short:'} {marker}"
        version = Summary.objects.filter(document=document).values_list("version", flat=True)
        approve_summary(document, article, text, user=self.editor, version=version.first() or 0)
        self.oracle.summaries[story.pk] = marker, story.body
        self.count("approve summary")

    @rule(slot=slots, is_active=yes_or_no, is_automatic=yes_or_no, fallback=yes_or_no)
    def change_slot(self, slot: str, is_active: bool, is_automatic: bool, fallback: bool) -> None:
        Slot.objects.filter(key=slot).update(
            is_active=is_active,
            requires_approval=not is_automatic,
            fallback=Rule.EARLIER if fallback else Rule.NONE,
        )
        place = self.oracle.places[slot]
        place.is_active, place.is_automatic = is_active, is_automatic or fallback
        self.count("change slot")

    def click(
        self, name: str, decide: Callable[..., object], word: str, *, n: int, other: int, slot: str
    ) -> None:
        """Decide on a pair. An editor may do so for a target that is hidden, too."""
        story, target = self.story(n), self.story(other)
        if story is None or target is None or story is target:
            return
        rows = [ensure_document(self.article(each)) for each in (story, target)]
        place = LinkRef(rows[0], Slot.objects.get(key=slot), rows[1])
        self.decide(name, decide, place, (story.pk, slot, target.pk), word)

    def click_on_decided(self, name: str, decide: Callable[..., object], word: str, n: int) -> None:
        """Decide again on one of the approved links, whose target may be gone by now."""
        pairs = [pair for pair, said in self.oracle.words.items() if said == APPROVED]
        if not pairs:
            return
        pair = pairs[n % len(pairs)]
        story, slot, target = pair
        rows = [document_of(Article(pk=key)) for key in (story, target)]
        assert rows[0] is not None
        assert rows[1] is not None
        self.decide(name, decide, LinkRef(rows[0], Slot.objects.get(key=slot), rows[1]), pair, word)

    def decide(
        self,
        name: str,
        decide: Callable[..., object],
        place: LinkRef,
        pair: tuple[int, str, int],
        word: str,
    ) -> None:
        decision = Decision.objects.filter(
            document=place.document, slot=place.slot, target=place.target
        ).first()
        last = DecisionLog.objects.first()
        decide(place, user=self.editor, version=decision.version if decision else 0)
        latest = DecisionLog.objects.first()
        if latest is not None and latest != last:  # a move to where it stands says nothing
            before = self.oracle.words.get(pair, OPEN)
            self.clicks.setdefault(latest.operation, {pair: before})
        self.oracle.words[pair] = word
        self.count(name)
