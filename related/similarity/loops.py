"""The inner loops that run here: compiled where numba is installed, else by whole arrays."""

from related.similarity import compiled

if compiled.PATH == "numba":
    from related.similarity.compiled_loops import (
        add_postings,
        list_similarities,
        make_finder,
        rows_with,
        similarities,
    )
else:
    from related.similarity.array_loops import (
        add_postings,
        list_similarities,
        make_finder,
        rows_with,
        similarities,
    )

__all__ = ["add_postings", "list_similarities", "make_finder", "rows_with", "similarities"]
