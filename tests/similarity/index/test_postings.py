import numpy as np
import pytest

from related.similarity.index.postings import posting_ranges, postings_of

# Three documents: terms 2 and 5; none; term 5.
ROW_ENDS = np.array([0, 2, 2, 3])
TERM_IDS = np.array([2, 5, 5], np.uint32)
COUNTS = np.array([7, 8, 9], np.uint16)


def test_the_documents_of_each_term():
    terms, ends, rows, counts = postings_of(ROW_ENDS, TERM_IDS, COUNTS)
    asked = np.array([0, 2, 3, 5, 9], np.uint32)
    found = {
        term: list(zip(rows[start:end].tolist(), counts[start:end].tolist(), strict=True))
        for term, start, end in zip(
            asked.tolist(), *posting_ranges(terms, ends, asked), strict=True
        )
    }
    assert found == {0: [], 2: [(0, 7)], 3: [], 5: [(0, 8), (2, 9)], 9: []}


def test_more_terms_than_postings_can_count_are_refused():
    assert postings_of(ROW_ENDS, TERM_IDS, COUNTS, most_entries=3)
    with pytest.raises(ValueError, match="3 terms; an index holds 2"):
        postings_of(ROW_ENDS, TERM_IDS, COUNTS, most_entries=2)
