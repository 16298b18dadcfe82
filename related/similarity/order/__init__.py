"""The order of a document's neighbors: what a score is made of beside the similarity."""
