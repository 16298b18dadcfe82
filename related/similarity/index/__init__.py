"""The documents of a corpus as weighted vectors, and the search among them."""
