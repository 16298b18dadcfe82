"""A text's sketch: of one size, the same in any order of sentences, made in linear time."""

from __future__ import annotations

from random import Random
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.text.analysis import AnalyzedText, analyze_text
from related.similarity.text.sketch_loops import SKETCH_SIZE, smallest_shingles
from related.similarity.text.sketches import sketch_from_bytes, sketch_of, sketch_to_bytes
from related.similarity.text.term_ids import STOP_WORD
from related.similarity.text.terms import count_terms
from related.similarity.text.words import reader_for
from tests.similarity import reference_counting


def sketch(text: str, title: str = "", language: str = "en") -> np.ndarray:
    return analyze_text(title, text, language).sketch


def numbered(n: int, start: int = 0) -> str:
    return " ".join(f"word{start + i}" for i in range(n))


def test_one_reading_gives_terms_and_sketch():
    analyzed = analyze_text("Harbor bridge", "The bridge reopens", "en")
    counts = count_terms("Harbor bridge", "The bridge reopens", "en")
    assert analyzed.counts.to_bytes() == counts.to_bytes()
    assert analyzed.counts.words == counts.words
    assert len(AnalyzedText.empty().counts) == len(AnalyzedText.empty().sketch) == 0


@given(
    st.lists(st.sampled_from([*range(9), STOP_WORD]), max_size=300)
    | st.lists(st.integers(0, 2**22 - 1), max_size=150),
    st.integers(0, 12),
)
def test_a_sketch_is_that_of_the_reference(ids, n_title):
    ids = np.array(ids, np.uint32)
    found = smallest_shingles(ids, min(n_title, len(ids)))
    expected = reference_counting.smallest_shingles(ids, min(n_title, len(ids)))
    assert found.tolist() == expected.tolist()


@given(st.text(max_size=400))
def test_a_sketch_is_sorted_and_never_longer_than_its_size(text):
    made = sketch(text)
    assert made.dtype == np.uint32
    assert len(made) <= SKETCH_SIZE
    assert (made[1:] > made[:-1]).all()


@pytest.mark.parametrize("n_words", [60, 600, 20_000])
def test_a_long_text_has_a_sketch_of_the_same_size(n_words):
    assert len(sketch(numbered(n_words))) == SKETCH_SIZE


def test_repeated_passages_count_once():
    once = numbered(30)
    assert set(sketch(once)) <= set(sketch(f"{once} {once}"))
    assert len(sketch(f"{once} {once}")) == len(sketch(once)) + 3  # where they meet


def test_the_order_of_paragraphs_matters_where_they_meet_only():
    a, b = numbered(24), numbered(24, start=100)
    assert len(set(sketch(f"{a} {b}")) ^ set(sketch(f"{b} {a}"))) == 6


def test_case_title_and_little_words_do_not_matter():
    body = "The harbor master said that storms had closed every northern port since Tuesday."
    plain = sketch(body, title="Ports closed")
    assert sketch(body.upper(), title="UPDATE 3-Ports closed").tolist() == plain.tolist()
    assert sketch(body.replace("had", "have"), title="").tolist() == plain.tolist()


def test_a_body_of_a_few_words_is_told_with_its_title():
    body = "Match postponed because of rain"
    assert sketch(body, "City v United").tolist() == sketch(body, "City v United").tolist()
    assert len(sketch(body, "City v United")) == 1
    assert not set(sketch(body, "City v United")) & set(sketch(body, "Rovers v Athletic"))


@pytest.mark.parametrize("body", ["", " \n", "the of and", "!?"])
def test_an_article_without_words_below_its_title_has_no_sketch(body):
    assert len(sketch(body, title="Photos of the week")) == 0


def test_texts_without_spaces_between_words_have_sketches():
    text = "東京都は火曜日、新しい路面電車の路線を承認した。工事は来年の春に始まる予定である。"
    assert len(sketch(text, language="ja")) > 20
    assert sketch(text, language="ja").tolist() == sketch(f"{text}\n", language="ja").tolist()


def test_stored_sketches_come_back():
    made = sketch(numbered(100))
    stored = sketch_to_bytes(made)
    assert len(stored) == 4 * SKETCH_SIZE
    assert sketch_from_bytes(stored).tolist() == made.tolist()
    assert len(sketch_from_bytes(b"")) == 0


@pytest.mark.parametrize("stored", [b"abc", bytes(4 * SKETCH_SIZE + 4)])
def test_damaged_sketches_are_named(stored):
    with pytest.raises(ValueError, match="sketch is damaged"):
        sketch_from_bytes(stored)


def test_the_time_grows_with_the_length_alone():
    random = Random(3)
    words = [f"word{n}" for n in range(5000)]

    def seconds(n_words: int) -> float:
        read = reader_for("en").read("", " ".join(random.choices(words, k=n_words)))
        times = []
        for _ in range(5):
            start = process_time()
            for _ in range(20_000 // n_words * 5):
                sketch_of(read)
            times.append(process_time() - start)
        return min(times)

    assert seconds(20_000) < 4 * seconds(1_000)
