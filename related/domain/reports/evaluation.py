"""How well a slot agrees with the links that editors placed themselves, and what others would do.

With a file, its links judge what is served. Without, the links in the site's own bodies judge the
slot's rule and other settings of it; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from related.domain.bulk_rows import chunked
from related.domain.reports.advice import Advice, advise
from related.domain.reports.exports import suggested_targets
from related.domain.reports.known_links import Links, find_links
from related.domain.reports.measures import Measures, Rankings, measure
from related.domain.reports.own_links import find_own_links
from related.domain.reports.plain_tfidf import Progress, rank_plainly
from related.domain.reports.queries import N_QUERIES, Query, queries_of, split_by_time
from related.domain.reports.rule_settings import AS_IT_IS, MINIMUM, TIME, TITLES, Setting, rank_by
from related.models import Document, Slot

PLAIN = Setting("plain_tfidf")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was asked, and how good each way to rank was."""

    slot: Slot
    from_file: bool
    n_links: int
    n_queries: int  # reported on: documents with at least one known link
    n_queries_chosen_on: int  # others, about earlier links: the advice was chosen there
    n_queries_available: int  # of both, before some were drawn
    n_documents: int = 0  # indexed
    n_texts: int = 0  # of these, what plain TF-IDF had to choose from
    unknown: list[str] = field(default_factory=list)  # ids of the file without indexed document
    measured: list[tuple[Setting, Measures]] = field(default_factory=list)  # first the slot's
    advice: list[Advice] = field(default_factory=list)


def evaluate_slot(
    slot: Slot, links: Links, progress: Progress = lambda texts, n: texts
) -> Evaluation:
    """Compare a slot's served suggestions with links; a link counts in both directions."""
    known = find_links(links)
    queries = queries_of(known.pairs)
    measured, n_texts = [], 0
    if queries:
        plain, n_texts = rank_plainly(queries, progress)
        measured = [
            (AS_IT_IS, measure(queries, _served(slot, queries))),
            (PLAIN, measure(queries, plain)),
        ]
    return Evaluation(
        slot=slot,
        from_file=True,
        n_links=len(known.pairs),
        n_queries=len(queries),
        n_queries_chosen_on=0,
        n_queries_available=len(queries),
        n_documents=Document.objects.indexed().count(),
        n_texts=n_texts,
        unknown=known.unknown,
        measured=measured,
    )


def evaluate_own_links(
    slot: Slot, n_queries: int = N_QUERIES, progress: Progress = lambda texts, n: texts
) -> Evaluation:
    """Compare a slot's rule, other settings of it and plain TF-IDF with the links in bodies."""
    links = find_own_links()
    split = split_by_time(links, n_queries)
    settings = [AS_IT_IS, *TIME, *TITLES, *MINIMUM]
    measured, advice, n_texts = [], [], 0
    if split.later:
        keys = sorted({query.key for query in (*split.earlier, *split.later)})
        ranked = rank_by(slot, settings, keys)
        plain, n_texts = rank_plainly(split.later, progress)
        measured = [(setting, measure(split.later, ranked[setting.name])) for setting in settings]
        measured.insert(1, (PLAIN, measure(split.later, plain)))
        chosen_on = {s.name: measure(split.earlier, ranked[s.name]) for s in settings}
        advice = advise(slot, chosen_on, {setting.name: each for setting, each in measured})
    return Evaluation(
        slot=slot,
        from_file=False,
        n_links=len(links),
        n_queries=len(split.later),
        n_queries_chosen_on=len(split.earlier),
        n_queries_available=split.n_available,
        n_documents=Document.objects.indexed().count(),
        n_texts=n_texts,
        measured=measured,
        advice=advice,
    )


def _served(slot: Slot, queries: Sequence[Query]) -> Rankings:
    ranked: dict[int, list[int]] = {}
    for keys in chunked([query.key for query in queries]):
        offered = suggested_targets(keys, [slot])
        ranked |= {key: [target for target, _ in offered[key, slot.pk]] for key in keys}
    return ranked
