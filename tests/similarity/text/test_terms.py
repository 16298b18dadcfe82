import numpy as np
import pytest

from related.similarity.text.term_ids import N_TERM_IDS, N_WORD_IDS, pair_ids, word_id
from related.similarity.text.terms import TermCounts, count_terms


def as_dict(counts: TermCounts) -> dict[int, int]:
    return dict(zip(counts.term_ids.tolist(), counts.counts.tolist(), strict=True))


def pair(first: str, second: str) -> int:
    ids = np.array([word_id(first), word_id(second)], np.uint32)
    return int(pair_ids(ids[:1], ids[1:])[0])


def test_title_counts_three_times_and_pairs_do_not_run_into_the_text():
    counts = count_terms("Harbor bridge", "bridge reopens", "xx")
    assert as_dict(counts) == {
        word_id("harbor"): 3,
        word_id("bridge"): 4,
        word_id("reopens"): 1,
        pair("harbor", "bridge"): 3,
        pair("bridge", "reopens"): 1,
    }


def test_no_pair_across_a_stop_word():
    counts = count_terms("", "harbor of town", "en")
    assert as_dict(counts) == {word_id("harbor"): 1, word_id("town"): 1}


def test_pairs_know_their_order():
    assert pair("harbor", "bridge") != pair("bridge", "harbor")


def test_words_are_surface_words_aligned_with_the_leading_ids():
    counts = count_terms("Councils", "The councils of the towns vote", "en")
    assert counts.n_words == 3
    by_id = dict(zip(counts.term_ids.tolist(), counts.words, strict=False))
    assert by_id == {
        word_id("council"): "councils",
        word_id("town"): "towns",
        word_id("vote"): "vote",
    }


def test_ids_are_sorted_unique_and_in_their_ranges():
    counts = count_terms("Mayor opens new bridge", "The mayor opened the new bridge. " * 5, "en")
    ids = counts.term_ids.astype(int)
    assert (np.diff(ids) > 0).all()
    assert (ids[: counts.n_words] < N_WORD_IDS).all()
    assert ((ids[counts.n_words :] >= N_WORD_IDS) & (ids[counts.n_words :] < N_TERM_IDS)).all()
    assert counts.term_ids.dtype == np.uint32
    assert counts.counts.dtype == np.uint16


@pytest.mark.parametrize("text", ["", "🎉🎉", "the of and", "\n\n"])
def test_a_text_without_terms(text):
    counts = count_terms("", text, "en")
    assert len(counts) == len(TermCounts.empty()) == 0
    assert counts.words == ()


def test_counts_end_at_65535():
    counts = TermCounts(np.array([1], np.uint32), np.array([65535], np.uint16))
    assert counts.to_bytes()[1] == b"\xff\xff"
    assert count_terms("spam " * 20_000, "eggs " + "spam " * 19_999, "xx").counts.max() == 65535


def test_title_ids_are_the_words_and_pairs_of_the_title():
    title = count_terms("", "Harbor bridge reopens", "en").term_ids
    counts = count_terms("Harbor bridge reopens", "Ships wait. The harbor is full.", "en")
    assert counts.title_ids.tolist() == title.tolist()
    assert count_terms("", "Ships wait.", "en").title_ids.tolist() == []


@pytest.mark.parametrize("text", ["Harbor bridge reopens", "HARBOR bridge: reopens. Ships wait."])
def test_a_title_that_the_text_begins_with_counts_once(text):
    counts = count_terms("Harbor Bridge reopens", text, "en")
    assert as_dict(counts) == as_dict(count_terms("", text, "en"))
    assert counts.words == count_terms("", text, "en").words
    assert not len(counts.title_ids)
    # A beginning that only resembles the title leaves it its weight.
    other = count_terms("Harbor Bridge reopens", "Harbor bridge closed: " + text, "en")
    assert len(other.title_ids)


def test_bytes_round_trip():
    counts = count_terms("Harbor bridge", "The bridge reopens today", "en")
    again = TermCounts.from_bytes(*counts.to_bytes())
    assert as_dict(again) == as_dict(counts)
    assert again.title_ids.tolist() == counts.title_ids.tolist()
    assert again.words == ()


def test_bytes_are_little_endian():
    counts = TermCounts(np.array([1, N_WORD_IDS], np.uint32), np.array([2, 259], np.uint16))
    assert counts.to_bytes() == (b"\x01\x00\x00\x00\x00\x00\x40\x00", b"\x02\x00\x03\x01", b"")


@pytest.mark.parametrize(
    ("term_ids", "counts", "message"),
    [
        (b"\x01\x00\x00", b"\x01\x00", "cut off: 3 and 0 bytes of ids"),
        (b"\x01\x00\x00\x00", b"\x01", "1 bytes of counts"),
        (b"\x01\x00\x00\x00", b"", "1 ids but 0 counts"),
        (b"\x02\x00\x00\x00\x01\x00\x00\x00", b"\x01\x00\x01\x00", "must increase"),
        (b"\x01\x00\x00\x00\x01\x00\x00\x00", b"\x01\x00\x01\x00", "must increase"),
        (b"\x00\x00\x80\x00", b"\x01\x00", "below 8388608"),
        (b"\x01\x00\x00\x00", b"\x00\x00", "1 or more"),
    ],
)
def test_damaged_bytes_are_refused_with_the_reason(term_ids, counts, message):
    with pytest.raises(ValueError, match=message):
        TermCounts.from_bytes(term_ids, counts)
