"""The state machine: what editors, workers, the clock and other programs do to the newsroom.

After every step a few members of the public look around, and the oracle knows what they may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from newsroom.articles import publishing
from newsroom.articles.models import Article, Section
from related.domain import reviewing
from related.domain.bulk_approving import approve_placed
from related.domain.corpora import forget
from related.domain.documents import document_of, ensure_document
from related.domain.rebuilding import rebuild
from related.domain.reviewing import Place
from related.domain.summaries import approve_summary, draft_summary
from related.enums import Rule
from related.models import Decision, DecisionLog, Document, Slot, Summary
from tests.leaks.oracle import APPROVED, OPEN, REJECTED, Oracle, Story
from tests.leaks.readers import OTHERS, Answer, Readers, demand
from tests.leaks.world import (
    SECTIONS,
    Clock,
    body_of,
    erase,
    note_key,
    undone_afterwards,
    work,
    write,
)

MOST_STORIES = 8
LOOKS_OF_MANY = 5
LOOKS_COMPARED = 2
SLOTS = ("previous", "next", "inline", "related", "section")
STATUSES = ("draft", "scheduled", "published", "withdrawn")


def one_in(n_steps: int, step: str) -> Callable[[Any], Any]:
    """A rule that has its turn once in so many steps at most.

    Such a step takes long, and twice in a row it finds nothing new.
    """

    def is_time(machine: LeakMachine) -> bool:
        return machine.tally.n_steps - machine.last_turns[step] >= n_steps

    return precondition(is_time)


which = st.integers(0, MOST_STORIES - 1)
slots = st.sampled_from(SLOTS)
sections = st.sampled_from(SECTIONS)
statuses = st.sampled_from(STATUSES)
minutes = st.sampled_from([-3000, -60, -1, 0, 1, 60, 600, 3000])  # from now
later = st.sampled_from([1, 60, 600, 3000])
yes_or_no = st.booleans()


@dataclass
class Tally:
    """What a run did, over all of its examples."""

    steps: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    n_hidden_sought: int = 0
    n_compared: int = 0

    @property
    def n_steps(self) -> int:
        return self.steps.total()


class LeakMachine(RuleBasedStateMachine):
    """One example: starts from the founded newsroom, and is rolled back at its end."""

    def __init__(self, clock: Clock, founded: Oracle, tally: Tally) -> None:
        super().__init__()
        self.tally = tally
        self.clock = clock
        self.clock.now = founded.now
        self.oracle = deepcopy(founded)
        self.readers = Readers()
        self.chance = Random(0)
        self.n_looked_at = 0
        self.last_turns: Counter[str] = Counter()  # step: how many there were in the run by then
        self.clicks: dict[UUID, dict[tuple[int, str, int], str]] = {}
        self.undone = undone_afterwards()
        self.undone.__enter__()
        forget(["en", "es"])  # what this process holds in memory was rolled back as well
        self.editor = User.objects.get(username="editor")

    def teardown(self) -> None:
        self.tally.checked += self.readers.checked
        self.tally.n_hidden_sought += self.readers.n_hidden_sought
        self.undone.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**32))
    def choose_readers(self, seed: int) -> None:
        self.chance = Random(seed)

    # Writing and editing

    @rule(section=sections, status=statuses, at=minutes, in_bulk=yes_or_no)
    def write(self, section: str, status: str, at: int, in_bulk: bool) -> None:
        if len(self.oracle.stories) >= MOST_STORIES:
            return
        published_at = self.clock.now + timedelta(minutes=at)
        article = write(self.oracle, section, status, published_at)
        if in_bulk:  # behind the plugin's back
            Article.objects.bulk_create([article])
        else:
            article.save()
        note_key(self.oracle)
        self.count("bulk_create" if in_bulk else "write")

    @rule(n=which, name=st.sampled_from(["title", "body", "excerpt", "slug"]), behind=yes_or_no)
    def edit_text(self, n: int, name: str, behind: bool) -> None:
        story = self.story(n)
        if story is None:
            return
        marker = self.oracle.new_marker()
        setattr(story, name, marker)
        texts = {
            "title": f"The ferry {marker}",
            "body": body_of(marker, story.section),
            "excerpt": f"In short: {marker}.",
            "slug": marker,
        }
        self.change(story, behind=behind, **{name: texts[name]})
        self.count(f"edit {name}", behind=behind)

    @rule(n=which, section=sections, behind=yes_or_no)
    def move_to_section(self, n: int, section: str, behind: bool) -> None:
        story = self.story(n)
        if story is None:
            return
        story.section = section
        self.change(story, behind=behind, section=Section.objects.get(slug=section))
        self.count("edit section", behind=behind)

    @rule(n=which, language=st.sampled_from(["en", "es"]), behind=yes_or_no)
    def translate(self, n: int, language: str, behind: bool) -> None:
        if story := self.story(n):
            self.change(story, behind=behind, language=language)
            self.count("edit language", behind=behind)

    @rule(n=which, other=which, behind=yes_or_no)
    def take_over_address(self, n: int, other: int, behind: bool) -> None:
        """One story gets the address that another had until now."""
        giver, taker = self.story(n), self.story(other)
        if giver is None or taker is None or giver is taker:
            return
        address, giver.slug = giver.slug, self.oracle.new_marker()
        self.change(giver, behind=behind, slug=giver.slug)
        taker.slug = address
        self.change(taker, behind=behind, slug=address)
        self.count("take over address", behind=behind)

    # Changes of state

    @rule(n=which)
    def publish(self, n: int) -> None:
        story = self.story(n, lambda story: not story.is_public(self.clock.now))
        if story is None:
            return
        publishing.publish(self.article(story))
        story.status = "published"
        if story.published_at is None or story.published_at > self.clock.now:
            story.published_at = self.clock.now
        self.count("publish")

    @rule(n=which, at=later)
    def schedule(self, n: int, at: int) -> None:
        story = self.story(n, lambda story: not story.is_public(self.clock.now))
        if story is None:
            return
        story.status, story.published_at = "scheduled", self.clock.now + timedelta(minutes=at)
        publishing.schedule(self.article(story), story.published_at)
        self.count("schedule")

    @rule(n=which)
    def withdraw(self, n: int) -> None:
        if story := self.story(n, lambda story: story.status in {"published", "scheduled"}):
            publishing.withdraw(self.article(story))
            story.status = "withdrawn"
            self.count("withdraw")

    @rule(n=which)
    def return_to_draft(self, n: int) -> None:
        if story := self.story(n, lambda story: story.status != "draft"):
            publishing.return_to_draft(self.article(story))
            story.status = "draft"
            self.count("return to draft")

    @rule(n=which, at=minutes, behind=yes_or_no)
    def set_date(self, n: int, at: int, behind: bool) -> None:
        """An embargo, or its end: a published story with another date."""
        if story := self.story(n):
            story.published_at = self.clock.now + timedelta(minutes=at)
            self.change(story, behind=behind, published_at=story.published_at)
            self.count("embargo" if at > 0 else "set date", behind=behind)

    @rule(n=which, status=statuses)
    def set_status_behind_our_back(self, n: int, status: str) -> None:
        if story := self.story(n):
            story.status = status
            self.change(story, behind=True, status=status)
            self.count("set status", behind=True)

    @rule(n=which, behind=yes_or_no)
    def delete(self, n: int, behind: bool) -> None:
        story = self.story(n)
        if story is None or len(self.oracle.stories) < 4:
            return
        del self.oracle.stories[story.pk]
        if behind:
            rows = Article.objects.filter(pk=story.pk)
            rows._raw_delete(rows.db)
        else:
            self.article(story).delete()
        self.count("delete", behind=behind)

    @rule(minutes_on=later)
    def move_clock(self, minutes_on: int) -> None:
        self.clock.now = self.oracle.now = self.clock.now + timedelta(minutes=minutes_on)
        self.count("move clock")

    @rule(just_before=yes_or_no)
    def move_clock_to_an_embargo(self, just_before: bool) -> None:
        """To the very moment at which the next story comes out, or the one before it."""
        dates = [story.published_at for story in self.oracle.hidden() if story.published_at]
        ahead = [date for date in dates if date > self.clock.now + timedelta(seconds=1)]
        if ahead:
            moment = min(ahead) - timedelta(microseconds=1 if just_before else 0)
            self.clock.now = self.oracle.now = moment
            self.count("move clock to an embargo")

    # What editors say

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
        def move(place: Place, **seen: Any) -> None:
            reviewing.move(place, up=up, **seen)

        self.click_on_decided("order", move, APPROVED, n)

    @rule(n=which)
    def undo(self, n: int) -> None:
        story = self.story(n)
        document = self.document(story) if story else None
        if document is None:
            return
        entries = reviewing.last_operation(document, self.editor)
        if entries and entries[0].operation in self.clicks:
            reviewing.undo(entries[0].operation, document, user=self.editor)
            self.oracle.words.update(self.clicks[entries[0].operation])
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

    # What workers do

    @one_in(3, "process due work")
    @rule()
    def process(self) -> None:
        work()
        self.count("process due work")

    @one_in(12, "rebuild")
    @rule(cold=yes_or_no)
    def rebuild(self, cold: bool) -> None:
        rebuild(cold=cold)
        self.count("rebuild")

    # What the public sees

    @invariant()
    def nobody_sees_what_is_hidden(self) -> None:
        if self.tally.n_steps == self.n_looked_at:
            return  # nothing was done: there was no story that the step could be done with
        self.n_looked_at = self.tally.n_steps
        self.chance.choice(self.looks())()

    @rule()
    def many_look(self) -> None:
        for look in self.chance.sample(self.looks(), LOOKS_OF_MANY):
            look()
        self.readers.read_other(self.chance.choice(OTHERS), self.oracle)
        self.count("(many look)")

    @one_in(6, "(compare without hidden)")
    @rule()
    def hidden_articles_leave_no_trace(self) -> None:
        """Were they not there at all, every answer would be the same to the last byte."""
        looks = self.chance.sample(self.comparable_looks(), LOOKS_COMPARED)
        before = [look() for look in looks]
        with undone_afterwards():
            erase([story.pk for story in self.oracle.hidden()])
            after = [look() for look in looks]
        for answer, without in zip(before, after, strict=True):
            same = answer == without
            demand(same, str(answer.body[:80]), "differs where hidden articles never were")
        self.tally.n_compared += len(looks)
        self.count("(compare without hidden)")

    def looks(self) -> list[Callable[[], object]]:
        """What one passer-by may do next, each with a story or section of its own."""
        readers, oracle, chance = self.readers, self.oracle, self.chance
        stories = chance.sample(list(oracle.stories.values()), len(oracle.stories))
        section = chance.choice(SECTIONS)
        query = chance.choice(["", "", "?preview=1"])
        return [
            lambda: readers.read_api_of_many(stories, oracle),
            lambda: readers.read_api_by_url(stories[:3], oracle),
            lambda: readers.read_api_of(stories[0], oracle),
            lambda: readers.read_api_of(stories[1], oracle),
            lambda: readers.read_article(stories[0], oracle, query),
            lambda: readers.read_article(stories[1], oracle, query),
            lambda: readers.read_article(stories[2], oracle),
            lambda: readers.read_tags(stories[0], oracle),
            lambda: readers.read_front(oracle),
            lambda: readers.read_feed(oracle),
            lambda: readers.read_section(section, oracle),
        ]

    def comparable_looks(self) -> list[Callable[[], Answer]]:
        """What shows everything that is out, and a page."""
        readers, oracle = self.readers, self.oracle
        section, newest = self.chance.choice(SECTIONS), oracle.public()[:1]
        return [
            lambda: readers.read_api_of_many(oracle.stories.values(), oracle),
            lambda: readers.read_front(oracle),
            lambda: readers.read_feed(oracle),
            lambda: readers.read_section(section, oracle),
            *(lambda story=story: readers.read_article(story, oracle) for story in newest),
        ]

    # Helpers

    def count(self, step: str, *, behind: bool = False) -> None:
        self.tally.steps[f"{step}, behind our back" if behind else step] += 1
        self.last_turns[step] = self.tally.n_steps

    def story(self, n: int, fits: Callable[[Story], bool] = lambda story: True) -> Story | None:
        """The nth of those that fit, counted round; None if there is none."""
        stories = [story for story in self.oracle.stories.values() if fits(story)]
        return stories[n % len(stories)] if stories else None

    def article(self, story: Story) -> Article:
        return Article.objects.get(pk=story.pk)

    def document(self, story: Story) -> Document | None:
        return document_of(Article(pk=story.pk))

    def change(self, story: Story, *, behind: bool, **values: Any) -> None:
        if behind:
            Article.objects.filter(pk=story.pk).update(**values)
            return
        article = self.article(story)
        for name, value in values.items():
            setattr(article, name, value)
        article.save()

    def click(
        self, name: str, decide: Callable[..., object], word: str, *, n: int, other: int, slot: str
    ) -> None:
        """Decide on a pair. An editor may do so for a target that is hidden, too."""
        story, target = self.story(n), self.story(other)
        if story is None or target is None or story is target:
            return
        rows = [ensure_document(self.article(each)) for each in (story, target)]
        place = Place(rows[0], Slot.objects.get(key=slot), rows[1])
        self.decide(name, decide, place, (story.pk, slot, target.pk), word)

    def click_on_decided(self, name: str, decide: Callable[..., object], word: str, n: int) -> None:
        """Decide anew on one of the approved links, whose target may be gone by now."""
        pairs = [pair for pair, said in self.oracle.words.items() if said == APPROVED]
        if not pairs:
            return
        pair = pairs[n % len(pairs)]
        story, slot, target = pair
        rows = [document_of(Article(pk=key)) for key in (story, target)]
        assert rows[0] is not None
        assert rows[1] is not None
        self.decide(name, decide, Place(rows[0], Slot.objects.get(key=slot), rows[1]), pair, word)

    def decide(
        self,
        name: str,
        decide: Callable[..., object],
        place: Place,
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
