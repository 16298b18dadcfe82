"""The inner loops that run here: compiled where numba is installed, else by whole arrays.

They are imported when the first one is used: numba takes half a second, and most processes of a
site never compare anything.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from related.similarity.compiled import path

if TYPE_CHECKING:
    from related.similarity.compiled_loops import (
        add_postings,
        contributions,
        list_similarities,
        make_finder,
        rows_with,
        similarities,
    )
    from related.similarity.text.compiled_words import (
        count_sorted,
        pair_members,
        read_words,
        remember_word,
        terms_at_places,
    )

__all__ = [
    "add_postings",
    "contributions",
    "count_sorted",
    "list_similarities",
    "make_finder",
    "pair_members",
    "read_words",
    "remember_word",
    "rows_with",
    "similarities",
    "terms_at_places",
]

_MODULES = {
    "numba": ("related.similarity.compiled_loops", "related.similarity.text.compiled_words"),
    "numpy": ("related.similarity.array_loops", "related.similarity.text.array_words"),
}


def __getattr__(name: str) -> Any:
    for module in map(import_module, _MODULES[path()] if name in __all__ else ()):
        if hasattr(module, name):
            globals()[name] = getattr(module, name)  # from now on without this detour
            return globals()[name]
    raise AttributeError(f"There is no inner loop {name!r} for {path()}.")
