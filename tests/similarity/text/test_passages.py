"""The passages of a text: what counts as one, which are the same, what is left without them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.text.analysis import analyze_text
from related.similarity.text.characters import codes_of
from related.similarity.text.normal_forms import normal_form
from related.similarity.text.passage_loops import MOST_FIRST, MOST_LAST
from related.similarity.text.passages import Passages, Sentences
from related.similarity.text.repeats import is_repeated, sentences_with_passages
from related.similarity.text.summaries import passages_read, summarize
from related.similarity.text.terms import count_terms

STUB = (
    "This article is for subscribers only. Already a subscriber? Log in. "
    "Subscribe now and read everything for one euro a month."
)
OWN = "A beekeeper found an orchid on the heath."


def hashes(text: str) -> set[int]:
    return set(analyze_text("", text, "en").passages.hashes.tolist())


def compiled(text: str) -> list[tuple[int, ...]]:
    """With which passages each sentence goes, as the compiled loops say."""
    sentences = Sentences.of(codes_of(normal_form(text, "en")))
    return [tuple(sentences.hashes[a:b].tolist()) for a, b in sentences.goes_with]


@pytest.mark.parametrize(
    "other",
    [
        "sign up to our morning newsletter!",
        "  Sign  up to our\tmorning newsletter",
        "“Sign up to our 'morning' newsletter…”",
        "SIGN UP – to our morning newsletter.",
    ],
)
def test_case_space_quotes_and_marks_make_no_difference(other: str) -> None:
    assert hashes(other) == hashes("Sign up to our morning newsletter.") != set()


@pytest.mark.parametrize(
    "other", ["Sign up by 6 May to save.", "Sign up by 5 May to safe.", "Sign up by 5 Mayto save."]
)
def test_another_word_or_number_makes_another_passage(other: str) -> None:
    assert hashes(other) != hashes("Sign up by 5 May to save.")


@pytest.mark.parametrize("short", ["Read more.", "Photo: Reuters", "Real Madrid", "", "责任编辑"])
def test_a_line_of_few_words_is_no_passage(short: str) -> None:
    assert hashes(short) == set()


def test_a_line_of_short_sentences_is_one_passage() -> None:
    assert len(hashes("Already here? Log in. Read on.")) == 1
    assert len(hashes("欢迎订阅我们的每日新闻简报。")) == 1


def test_a_short_sentence_goes_with_the_others_of_its_line() -> None:
    repeated = hashes(STUB)
    text = analyze_text("Orchid", f"{OWN}\n\n{STUB}\n\nLog in.", "en")
    left = text.without(np.array(sorted(repeated), np.uint32))
    assert set(left.counts.words) == {"orchid", "beekeeper", "heath", "log"}


def test_a_line_with_a_sentence_of_its_own_keeps_its_short_ones() -> None:
    repeated = np.array(sorted(hashes(STUB)), np.uint32)
    counts = analyze_text("", f"{OWN} {STUB}", "en").without(repeated).counts
    assert "log" in counts.words
    assert "subscribers" not in counts.words


def test_what_is_left_out_counts_for_nothing() -> None:
    text = analyze_text("Rare orchid", f"{OWN}\n{STUB}", "en")
    left = text.without(np.array(sorted(hashes(STUB)), np.uint32))
    alone = count_terms("Rare orchid", OWN, "en")
    assert left.counts.to_bytes() == alone.to_bytes()
    assert left.sketch.tolist() == analyze_text("Rare orchid", OWN, "en").sketch.tolist()
    assert set(left.passages.omitted.tolist()) == hashes(STUB)
    assert left.passages.hashes.tolist() == text.passages.hashes.tolist()
    assert left.passages.wording.tolist() == text.passages.wording.tolist()


def test_a_title_is_kept_where_the_body_repeats_it() -> None:
    title = "Letters to the editor this week"
    text = analyze_text(title, f"{title}\n\nThe bridge is too narrow.", "en")
    left = text.without(np.array(sorted(hashes(title)), np.uint32))
    assert (
        left.counts.to_bytes() == count_terms(title, "The bridge is too narrow.", "en").to_bytes()
    )


def test_words_on_both_sides_of_what_is_left_out_make_no_pair() -> None:
    repeated = np.array(sorted(hashes("Sign up to our letter.")), np.uint32)
    text = analyze_text(
        "", "Ferries stop running today. Sign up to our letter. Bridges close.", "en"
    )
    apart = count_terms("", "Ferries stop running today.", "en").term_ids
    assert set(apart) <= set(text.without(repeated).counts.term_ids)
    pair = count_terms("", "today bridges", "en").term_ids[-1]
    assert pair not in text.without(repeated).counts.term_ids


def test_a_long_text_has_some_hundred_passages_from_its_beginning_and_its_end() -> None:
    sentences = [f"Number {n} is the sentence here." for n in range(1000)]
    found = hashes(" ".join(sentences))
    assert len(found) == MOST_FIRST + MOST_LAST
    assert hashes(sentences[0]) | hashes(sentences[-1]) < found
    assert not hashes(sentences[500]) & found


def test_stored_passages_come_back() -> None:
    passages = analyze_text("Rare orchid", STUB, "en").passages
    assert Passages.from_bytes(*passages.to_bytes()).to_bytes() == passages.to_bytes()
    with pytest.raises(ValueError, match="cut off: 5 bytes"):
        Passages.from_bytes(b"12345", b"", b"")


PIECES = st.sampled_from(
    [
        *(
            "Log in",
            "sign up to our letter",
            "Dr. Who",
            "e.g. 5.9",
            "ÉTÉ",
            "天气很好",
            "Σ",
            "ﬁ",
            "a_b",
        ),
        *(
            ". ",
            "! ",
            "? ",
            "。",
            "”",
            "\n",
            "\n\n",
            " ",
            "  ",
            "\u2028",
            "…",
            ")",
            "Straße",
            "ไทย",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_plain_python_finds_the_same_passages(text: str) -> None:
    found = [passages for _, passages in sentences_with_passages(text, "en")]
    assert [own for own in found if own] == [own for own in compiled(text) if own]


def test_full_width_marks_end_sentences_too() -> None:
    text = "我们明天早上再来看看！他们会不会喜欢这座新桥？「当然会喜欢！」市长说今天很好。"
    found = [passages for _, passages in sentences_with_passages(text, "zh")]
    assert found == compiled(text)
    assert len(found) == 4


def test_a_summary_holds_no_repeated_passage() -> None:
    text = f"{OWN}\n\n{STUB}\n\nBotanists say that it grows nowhere else."
    repeated = passages_read(STUB, "en")
    summary = summarize("Beekeeper finds rare orchid", text, "en", repeated=repeated)
    assert summary == f"{OWN} Botanists say that it grows nowhere else."
    assert summarize("Beekeeper finds rare orchid", STUB, "en", repeated=repeated) == ""
    assert not is_repeated((), repeated)
