"""Corpus rows, locked: they put the workers that change a corpus in one order."""

from __future__ import annotations

from collections.abc import Iterable

from related.models import Corpus


def lock_corpora(languages: Iterable[str]) -> dict[str, Corpus]:
    """Lock the rows of these languages, created where missing; call inside a transaction.

    Always in the order of languages, so that two workers never wait for each other.
    """
    corpora = {}
    for language in sorted(set(languages)):
        Corpus.objects.get_or_create(language=language)
        # Not its key: rows that refer to it are stored by others meanwhile.
        corpora[language] = Corpus.objects.select_for_update(no_key=True).get(language=language)
    return corpora
