"""Texts that are compared with a corpus and are no part of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from related.domain.corpus.live import LiveCorpus
from related.similarity.index.search import N_NEIGHBORS
from related.similarity.stories.beside import ListsBeside, StoriesBeside
from related.similarity.stories.nearest import stories_near
from related.similarity.text.analysis import AnalyzedText


def with_texts_beside(live: LiveCorpus, texts: Mapping[int, AnalyzedText]) -> LiveCorpus:
    """A view of a corpus in which these texts have lists, and stand in no list; to be read only.

    Args:
        texts: of documents that are not in the corpus; those without terms have no list.
    """
    found = {
        key: stories_near(live.index, live.stories, text.counts)
        for key, text in texts.items()
        if len(text.counts)
    }
    lists = ListsBeside(live.lists)
    for key, (ids, similarities) in found.items():
        lists.set(key, ids, similarities)
    view = copy(live)
    view.lists = lists
    if not found:
        return view
    view.index = live.index.with_more([*found], [texts[key].counts for key in found])
    view.stories = StoriesBeside(
        live.stories,
        {
            key: live.stories.story_for(key, texts[key].sketch, ids[:N_NEIGHBORS])
            for key, (ids, _) in found.items()
        },
    )
    return view
