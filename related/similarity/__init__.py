"""Text similarity by TF-IDF: NumPy, SciPy and numba; no Django, no database, no settings.

The path of a text: ``plain_text`` -> ``count_terms`` -> ``TermStatistics`` (document frequencies)
-> ``Index`` (the nearest documents) -> ``NeighborLists`` (kept current in both directions).
"""
