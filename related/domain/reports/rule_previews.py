"""What a slot would offer if it were set otherwise, on articles as they are; nothing is written."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from django.db.models import F

from related.domain.attention.facts import visible_of
from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.documents.marks import read_marks
from related.domain.suggesting.around import Surroundings
from related.domain.suggesting.by_date import targets_by_date
from related.domain.suggesting.suggest import suggest_by
from related.domain.suggesting.versions import read_stories
from related.enums import Rule, Verdict
from related.models import Corpus, Decision, Document, Slot
from related.similarity.warm_up import EngineUnavailable, warm_up

logger = logging.getLogger(__name__)

NEWEST = 50  # articles, and as many that were decided on last
AT_ONCE = 10  # articles between two looks at the clock
SECONDS = 1.2

Offers = dict[int, list[int]]  # document -> targets, best first


@dataclass(frozen=True, slots=True)
class Changed:
    """One article; ids of targets."""

    document: Document
    kept: list[int]  # approved here, or offered both ways
    lost: list[int]  # approved, offered now, and the new rule would not offer them
    gone: list[int]  # offered now, not decided on, and not any more
    gained: list[int]  # offered by the new rule alone

    @property
    def is_changed(self) -> bool:
        return bool(self.lost or self.gone or self.gained)


@dataclass(frozen=True, slots=True)
class RulePreview:
    articles: list[Changed] = field(default_factory=list)
    n_wanted: int = 0  # articles; fewer are looked at when time is up

    @property
    def n_looked_at(self) -> int:
        return len(self.articles)

    @property
    def changed(self) -> list[Changed]:
        return [each for each in self.articles if each.is_changed]

    def _count(self, name: str) -> int:
        return sum(len(getattr(each, name)) for each in self.articles)

    @property
    def n_kept(self) -> int:
        return self._count("kept")

    @property
    def n_lost(self) -> int:
        return self._count("lost")

    @property
    def n_gone(self) -> int:
        return self._count("gone")

    @property
    def n_gained(self) -> int:
        return self._count("gained")


def preview_rule(now: Slot, then: Slot, *, seconds: float = SECONDS) -> RulePreview | None:
    """Compare a slot as it is with one that is not saved, by the code that workers use.

    The sample is the newest articles and those decided on last in the slot; it ends after
    ``seconds``, and the result says how many articles were looked at. None where this process
    cannot compare texts, and the log says why.
    """
    if now.goes_by_similarity or then.goes_by_similarity:
        try:
            warm_up()  # first: the first preview of a process takes longer than all others
        except EngineUnavailable as error:
            logger.warning("similarity engine cannot start", extra={"reason": str(error)})
            return None
    sample = find_sample(now)
    deadline = monotonic() + seconds
    articles: list[Changed] = []
    by_language: dict[str, list[Document]] = defaultdict(list)
    for document in sample:
        by_language[document.language].append(document)
    for language, documents in by_language.items():
        around: Surroundings | None = None
        if now.goes_by_similarity or then.goes_by_similarity:
            corpus = Corpus.objects.filter(language=language).first()
            around = None if corpus is None else Surroundings(corpus)
        for some in chunked(documents, AT_ONCE):
            if articles and monotonic() > deadline:
                break
            articles += _compare(some, now, then, around)
    return RulePreview(articles, len(sample))


def find_sample(slot: Slot) -> list[Document]:
    """The articles that a preview looks at, those of decisions and the newest in turns."""
    last = Decision.objects.filter(slot=slot).exclude(verdict=Verdict.OPEN)
    ids = last.order_by("-decided_at", "-pk").values_list("document", flat=True)
    decided_ids = list(dict.fromkeys(ids[: NEWEST * 10]))[:NEWEST]
    indexed = Document.objects.indexed()
    known = indexed.in_bulk(decided_ids)
    newest = indexed.order_by(F("published_at").desc(nulls_last=True), "-pk")[:NEWEST]
    decided = [known[key] for key in decided_ids if key in known]
    return list({each.pk: each for each in _in_turns(decided, list(newest))}.values())


def _in_turns(some: Sequence[Document], others: Sequence[Document]) -> Iterator[Document]:
    for place in range(max(len(some), len(others))):
        yield from some[place : place + 1]
        yield from others[place : place + 1]


def _compare(
    documents: Sequence[Document], now: Slot, then: Slot, around: Surroundings | None
) -> list[Changed]:
    live = around.read([document.pk for document in documents]) if around else None
    all_before = _offers(documents, now, live)
    all_after = _offers(documents, then, live)
    decisions = Decision.objects.filter(document__in=documents).exclude(verdict=Verdict.OPEN)
    approved: dict[int, list[int]] = defaultdict(list)
    refused: set[tuple[int, int]] = set()
    for row in decisions.order_by("pk"):
        if row.verdict == Verdict.REJECTED or (row.verdict, row.slot_id) == (
            Verdict.NOT_HERE,
            now.pk,
        ):
            refused.add((row.document_id, row.target_id))
        elif row.slot_id == now.pk and row.score is not None:
            approved[row.document_id].append(row.target_id)
    offered = {t for offers in (all_before, all_after) for some in offers.values() for t in some}
    visible = visible_of(offered)

    def shown(offers: Offers, document: int, count: int) -> list[int]:
        return [
            target
            for target in offers.get(document, [])
            if target in visible and (document, target) not in refused
        ][:count]

    return [
        _changed(
            document,
            before=shown(all_before, document.pk, now.count),
            after=shown(all_after, document.pk, then.count),
            approved=approved[document.pk],
            found_before=all_before.get(document.pk, []),
            found_after=all_after.get(document.pk, []),
        )
        for document in documents
    ]


def _changed(
    document: Document,
    *,
    before: Sequence[int],
    after: Sequence[int],
    approved: Sequence[int],
    found_before: Iterable[int],
    found_after: Iterable[int],
) -> Changed:
    """Of what is shown, and of all that is found, shown or spare. An approved link that neither
    rule finds is not touched by the change."""
    was, still = {*found_before}, {*found_after}
    return Changed(
        document,
        kept=[t for t in approved if t in still]
        + [t for t in before if t in after and t not in approved],
        lost=[t for t in approved if t in was and t not in still],
        gone=[t for t in before if t not in after and t not in approved],
        gained=[t for t in after if t not in before and t not in approved],
    )


def _offers(documents: Sequence[Document], slot: Slot, live: LiveCorpus | None) -> Offers:
    """By its rule, and by its fallback where that finds nothing."""
    if not slot.is_active:
        return {}
    offers: Offers = defaultdict(list)
    if slot.goes_by_similarity and live is not None:
        keys = [document.pk for document in documents]
        for key, rows in suggest_by(live, keys, [slot]).items():
            offers[key] = [row.target for row in rows]
    elif slot.goes_by_date:
        offers.update(_by_date(documents, slot, Rule(slot.rule)))
    left = [document for document in documents if not offers.get(document.pk)]
    if left and slot.fallback != Rule.NONE:
        offers.update(_by_date(left, slot, Rule(slot.fallback)))
    return offers


def _by_date(documents: Sequence[Document], slot: Slot, rule: Rule) -> Offers:
    offers: Offers = defaultdict(list)
    stories = read_stories(documents)
    marks = read_marks(document.pk for document in documents)
    for document, _, _, target in targets_by_date(documents, [(slot, rule, 0)], stories, marks):
        offers[document.pk].append(target.pk)
    return offers
