"""An agency's story told in many versions, with background pieces that are other texts."""

from __future__ import annotations

from newsroom.articles.models import Article, Section
from tests.related.stories import publish

PLACES = ["Aldmouth", "Fernhill", "Castle Bay", "Northam", "Riverside", "Millfield", "Ostley"]
VERBS = ["closed", "flooded", "damaged", "isolated", "darkened", "emptied", "shook"]
THINGS = ["harbor", "railway", "hospital", "market", "lighthouse", "school", "bridge"]


def sentence(n: int) -> str:
    """One of many sentences of a storm report, each different."""
    place, verb, thing = PLACES[n % 7], VERBS[n // 7 % 7], THINGS[(n + n // 7) % 7]
    return f"The storm {verb} the {thing} of {place} for {n + 2} hours, said officer number {n}."


def update(n: int, *, length: int = 8) -> str:
    """The n-th version of a report: it gains a sentence at its end and loses its first."""
    return " ".join(sentence(i) for i in range(n, n + length))


BACKGROUND = [
    "How storms form over the northern sea: warm water, cold air and a harbor in their way.",
    "The storm of 1962 killed forty people in Aldmouth; survivors remember the harbor at night.",
    "Insurers calculate what a storm costs a harbor, and why premiums in Fernhill rise each year.",
    "The officer who warns of each storm watches the sea from the lighthouse of Aldmouth.",
    "Engineers plan a barrier that shall keep a storm out of the harbor of Castle Bay by 2035.",
    "Schools near the harbor practice what children should do when a storm warning is given.",
]


def tell_story(n_updates: int, section: Section | None = None) -> list[Article]:
    """``UPDATE 1-`` and so on, a day apart, the oldest first."""
    return [
        publish(f"UPDATE {n + 1}-Storm hits the coast", update(n), day=100 + n, section=section)
        for n in range(n_updates)
    ]


def tell_background() -> list[Article]:
    """Other texts about storms, from before."""
    return [publish(f"Background {n}", text, day=n) for n, text in enumerate(BACKGROUND)]
