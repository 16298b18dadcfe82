"""The state machine: what editors, workers, the clock and other programs do to the newsroom.

After every step a few members of the public look around, and the oracle knows what they may see.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis.stateful import invariant, rule

from related.domain.rebuilds.rebuilding import rebuild
from tests.leaks.authors import Authors
from tests.leaks.editors import Editors
from tests.leaks.example import Tally, one_in, yes_or_no
from tests.leaks.readers import OTHERS, Answer, demand
from tests.leaks.world import SECTIONS, erase, undone_afterwards, work

__all__ = ["LeakMachine", "Tally"]

LOOKS_OF_MANY = 5
LOOKS_COMPARED = 2


class LeakMachine(Authors, Editors):
    """All rules together, those of workers and of the public with them."""

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
            differs = "\n".join(answer.differences(without))
            demand(not differs, differs, "hidden articles leave a trace")
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
