"""Which documents are versions of one text: one story."""
