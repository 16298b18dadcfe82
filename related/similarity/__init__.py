"""Text similarity by TF-IDF: plain NumPy and SciPy; no Django, no database, no settings.

The way of a text: ``plain_text`` -> ``count_terms`` -> ``TermStatistics`` (document frequencies)
-> ``Index`` (the nearest documents) -> ``NeighborLists`` (kept current in both directions).
"""
