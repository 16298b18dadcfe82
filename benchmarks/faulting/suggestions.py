"""Is what is suggested what the rules make of the stored lists and of the drafts?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from related.domain.bulk_rows import read_rows
from related.domain.corpus.beside import with_texts_beside
from related.domain.corpus.codec import LIST_FIELDS, read_list_statistics, set_stored_lists
from related.domain.corpus.live import LiveCorpus
from related.domain.suggesting.suggest import suggest
from related.models import Corpus, Document, Neighbors, Suggestion
from related.similarity.text.analysis import AnalyzedText

# (slot, rank) -> (target, score)
Suggestions = dict[tuple[int, int], tuple[int, float]]


def wrong_suggestions(
    corpus: Corpus, fresh: LiveCorpus, drafts: Mapping[int, AnalyzedText] | None
) -> Iterator[tuple[int, str]]:
    """Documents with suggestions that the rules would not make, or without those that they would.

    Args:
        fresh: the vectors and stories to go by.
        drafts: texts that stand in no list; None leaves out what is stored for drafts.
    """
    expected = _expected(corpus, fresh, drafts or {})
    stored = _stored(corpus, has_drafts=drafts is not None)
    for key in sorted(stored.keys() | expected.keys()):
        old, new = stored.get(key, {}), expected.get(key, {})
        if old != new:
            differing = sorted(
                place for place in old.keys() | new.keys() if old.get(place) != new.get(place)
            )
            place = differing[0]
            yield key, f"suggestion {place}: {old.get(place)}, should be {new.get(place)}"


def _expected(
    corpus: Corpus, fresh: LiveCorpus, drafts: Mapping[int, AnalyzedText]
) -> dict[int, Suggestions]:
    live = LiveCorpus(corpus.token, corpus.generation, fresh.statistics)
    live.index, live.stories = fresh.index, fresh.stories
    live.list_statistics = read_list_statistics(corpus, corpus.generation)
    rows = Neighbors.objects.filter(corpus=corpus, generation=corpus.generation)
    set_stored_lists(live.lists, live.stories, read_rows(rows, LIST_FIELDS))
    suggested = suggest(live, fresh.index.keys().tolist())
    suggested |= suggest(with_texts_beside(live, drafts), drafts)
    return {
        key: {(r.slot, r.rank): (r.target, round(r.score, 5)) for r in group}
        for key, group in suggested.items()
    }


def _stored(corpus: Corpus, *, has_drafts: bool) -> dict[int, Suggestions]:
    rows = Suggestion.objects.served().filter(corpus=corpus)
    if not has_drafts:
        rows = rows.exclude(document__in=Document.objects.drafts())
    stored: dict[int, Suggestions] = defaultdict(dict)
    for row in rows:
        stored[row.document_id][row.slot_id, row.rank] = row.target_id, round(row.score, 5)
    return stored
