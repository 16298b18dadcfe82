"""Text similarity by TF-IDF: NumPy, SciPy and numba; no Django, no database, no settings.

The path of a text: ``plain_text`` -> ``analyze_text`` -> ``TermStatistics`` (document frequencies)
-> ``Index`` (the nearest documents) -> ``Stories`` (versions of one text) -> ``NeighborLists``
(kept current in both directions).
"""
