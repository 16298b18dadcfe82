"""What every part of the state machine starts from: one example's newsroom, clock and oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.contrib.auth.models import User
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition

from newsroom.articles.models import Article
from related.domain.corpus.cache import corpus_cache
from related.domain.documents.marking import document_of
from related.models import Document
from tests.leaks.oracle import Oracle, Story
from tests.leaks.readers import Readers
from tests.leaks.world import SECTIONS, Clock, undone_afterwards

MOST_STORIES = 8
SLOTS = ("previous", "next", "inline", "related", "section")
STATUSES = ("draft", "scheduled", "published", "withdrawn")

which = st.integers(0, MOST_STORIES - 1)
slots = st.sampled_from(SLOTS)
sections = st.sampled_from(SECTIONS)
statuses = st.sampled_from(STATUSES)
minutes = st.sampled_from([-3000, -60, -1, 0, 1, 60, 600, 3000])  # from now
later = st.sampled_from([1, 60, 600, 3000])
yes_or_no = st.booleans()


def one_in(n_steps: int, step: str) -> Callable[[Any], Any]:
    """A rule that has its turn once in so many steps at most.

    Such a step takes long, and twice in a row it finds nothing new.
    """

    def is_time(machine: Example) -> bool:
        return machine.tally.n_steps - machine.last_turns[step] >= n_steps

    return precondition(is_time)


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


class Example(RuleBasedStateMachine):
    """Starts from the founded newsroom, and is rolled back at its end."""

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
        self.undone = undone_afterwards()
        self.undone.__enter__()
        corpus_cache.forget(["en", "es"])  # their rows were rolled back as well
        self.editor = User.objects.get(username="editor")

    def teardown(self) -> None:
        self.tally.checked += self.readers.checked
        self.tally.n_hidden_sought += self.readers.n_hidden_sought
        self.undone.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**32))
    def choose_readers(self, seed: int) -> None:
        self.chance = Random(seed)

    def count(self, step: str, *, behind: bool = False) -> None:
        self.tally.steps[f"{step}, without a signal" if behind else step] += 1
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
