"""Words found and looked up by compiled loops are those of the regular expression."""

import time

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from related.similarity.text import loops
from related.similarity.text.characters import character_kinds, codes_of, text_of
from related.similarity.text.normal_forms import normal_form
from related.similarity.text.simple_forms import simple_forms
from related.similarity.text.term_ids import N_WORD_IDS, STOP_WORD, UNKNOWN, pair_ids, word_id
from related.similarity.text.terms import count_terms
from related.similarity.text.tokenizer import (
    MAX_TOKENS,
    Tokenizer,
    needs_care,
    word_spans,
)
from related.similarity.text.words import WordReader, WordTable
from tests.similarity import reference_counting

# What the pattern of words tells apart, and what only looks like it.
TELLING = "aB1_.,٣²½-' \né\u00a0𝐛🎉"
# What is another letter in lower case, alone, beside others, or in some languages.
CASED = "IiıİΣσςǅẞKАÀ𐐀يىك\u0307\u200c\u00ad"
TEXTS = st.text(alphabet=TELLING, max_size=90) | st.text(max_size=60)


@given(st.text(max_size=60) | st.text(alphabet=CASED + TELLING, max_size=20))
@example("ΑΣ")
@example("İI")
def test_simple_forms_are_normal_forms(text):
    for language in ("en", "tr", "fa"):
        found = loops.in_simple_form(codes_of(text), simple_forms(language))
        assert len(found) == 0 or text_of(found) == normal_form(text, language)


def test_nearly_every_text_is_simple():
    text = "“Œuvre” — ÀÉÎ, Большой ТЕАТР, Ελλάδα, العربية, 🎉 ½ ß"
    assert text_of(loops.in_simple_form(codes_of(text), simple_forms("en"))) == text.lower()


@given(TEXTS)
@example("1" * 25 + "a")
@example("1,2.3,4.5,6.7,8.9,0.1,2.3,4.5")
@example("u.s.a.f.b.i.c.i.a.n.s.a.")
@example("u.s.army 12.5th 3,x 4.")
@example("a" * 64 + "b" * 64 + "1.5")
@example("_.a.b 1_000")
def test_words_are_those_of_the_pattern(text):
    text = normal_form(text, "en")
    starts, ends = loops.find_words(codes_of(text), character_kinds())
    if not needs_care(text):
        found = list(zip(starts.tolist(), ends.tolist(), strict=True))
        assert found == word_spans(text)


@given(TEXTS, TEXTS)
def test_the_table_changes_nothing(title, text):
    reader = WordReader(Tokenizer("en"))
    plain = WordReader(Tokenizer("en"))
    for _ in range(2):  # the second time from memory
        words = reader.read(title, text)
        expected = plain.look_up(
            words.codes, list(zip(words.starts.tolist(), words.ends.tolist(), strict=True)), 0
        )
        assert words.ids.tolist() == expected.ids.tolist()
        assert words.at(np.arange(words.n_title)) == [
            words.text[start:end] for start, end in word_spans(normal_form(title, "en"))
        ]


@given(st.lists(st.sampled_from([*range(5), STOP_WORD]), max_size=12), st.integers(0, 12))
def test_terms_are_counted_as_by_the_reference(ids, n_title):
    ids = np.array(ids, np.uint32)
    counted = []
    for way in (loops, reference_counting):
        found = np.sort(way.terms_at_places(ids, min(n_title, len(ids))))
        counted.append([part.tolist() for part in way.count_sorted(found, n_title, 3)])
    assert counted[0] == counted[1]


@given(st.lists(st.integers(0, 40), max_size=8), st.lists(st.integers(0, 40), max_size=8))
def test_pairs_have_the_members_of_the_reference(words, more):
    words, all_words = np.array(words, np.uint32), np.array([*words, *more, 7], np.uint32)
    pairs = np.unique(pair_ids(all_words[:-1], all_words[1:]))
    found = loops.pair_members(words, pairs)
    assert found.tolist() == reference_counting.pair_members(words, pairs).tolist()
    for pair, (first, second) in zip(pairs, found, strict=True):
        if first >= 0:
            assert pair_ids(words[[first]], words[[second]]) == [pair]


def remember(table, words, word_ids):
    """Words with a space between them, and the id of each."""
    codes = codes_of(words)
    starts, ends, _, _ = table.read(codes)
    table.remember(codes, starts, ends, np.array(word_ids, np.uint32))


def test_a_table_knows_what_it_was_told():
    table = WordTable()
    text = codes_of("the bridge the harbor")
    assert table.read(text)[2].tolist() == [UNKNOWN] * 4
    remember(table, "the bridge bridge", [STOP_WORD, 7, 8])  # the first word is the one that counts
    _, _, ids, unknown = table.read(text)
    assert ids.tolist() == [STOP_WORD, 7, STOP_WORD, UNKNOWN]
    assert unknown.tolist() == [3]
    assert len(table) == 2


def test_a_full_table_starts_again():
    table = WordTable(most=3)
    for n in range(10):
        remember(table, f"word{n}", [n])
        assert table.read(codes_of(f"word{n}"))[2].tolist() == [n]
        assert len(table) <= 3
    remember(table, "a b c d e", range(5))
    assert table.read(codes_of("a b c d"))[2].tolist() == [0, 1, 2, UNKNOWN]


def test_text_of_any_length_gives_at_most_so_many_words():
    reader = WordReader(Tokenizer("xx"))
    words = reader.read("a " * 30_000, "b " * 30_000)
    assert words.n_title == MAX_TOKENS
    assert len(words.ids) == 2 * MAX_TOKENS
    assert len(reader._table) == 0  # what is left out need not be remembered


def test_words_seen_before_are_not_stemmed_again():
    stemmed = []

    class Noting(Tokenizer):
        def stem(self, word):
            stemmed.append(word)
            return super().stem(word)

    reader = WordReader(Noting("en"))
    reader.read("Harbor bridge", "The bridge reopens")
    assert sorted(stemmed) == ["bridge", "harbor", "reopens", "the"]
    stemmed.clear()
    again = reader.read("", "the harbor BRIDGE")
    assert again.ids.tolist() == [STOP_WORD, word_id("harbor"), word_id("bridg")]
    assert stemmed == []


def test_a_hundred_thousand_different_words_take_less_than_a_second():
    count_terms("", "warm up", "en")
    text = " ".join(f"w{n:x}" for n in range(100_000))
    started = time.process_time()
    counts = count_terms("", text, "en")
    assert time.process_time() - started < 1
    assert (counts.term_ids[: counts.n_words] < N_WORD_IDS).all()
