"""Where sentences end."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from related.similarity.text.characters import character_kinds, codes_of
from related.similarity.text.normal_forms import normal_form
from related.similarity.text.sentence_loops import find_sentences
from related.similarity.text.sentence_tables import character_roles, known_abbreviations
from related.similarity.text.sentences import ABBREVIATIONS, sentence_spans, split_sentences

MARKED = [*'.!?…。！？ "”)」\n\r\v\x1c\x85\u2028\u3000_aéß5٣²天ﬁ', "  ", "u.s", "(dr", "12", "123"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is here. Two is there!", ["One is here.", "Two is there!"]),
        ("Mr. Smith met Dr. Jones. They left.", ["Mr. Smith met Dr. Jones.", "They left."]),
        ("J. K. Rowling of the U.S. came. Ok.", ["J. K. Rowling of the U.S. came.", "Ok."]),
        ("It cost 3.5 million. Why?", ["It cost 3.5 million.", "Why?"]),
        ('"Go." He went.', ['"Go."', "He went."]),
        ("Am 3. Mai kam er. Gut.", ["Am 3. Mai kam er.", "Gut."]),
        ("天气很好。我们走吧！", ["天气很好。", "我们走吧！"]),
        ("A line\nAnother line", ["A line", "Another line"]),
        ("He left (with Dr. Who). Why?", ["He left (with Dr. Who).", "Why?"]),
        ("Wait... what?! Yes.", ["Wait...", "what?!", "Yes."]),
        ("Version 2.0 of e.g. this. Ok", ["Version 2.0 of e.g. this.", "Ok"]),
        ("「行こう。」彼は言った。", ["「行こう。」", "彼は言った。"]),
        ("", []),
    ],
)
def test_split_sentences(text: str, sentences: list[str]) -> None:
    assert list(split_sentences(text)) == sentences


@pytest.mark.parametrize("line", ["", " ", "One. Two", "a. b. c.", "。。", "?! .. \u2029 x."])
def test_the_spans_of_a_line_are_the_whole_line(line: str) -> None:
    assert "".join(line[start:end] for start, end in sentence_spans(line)) == line


@pytest.mark.parametrize("hostile", ["." * 200_000, ". " * 100_000, "(" * 200_000 + ". x"])
def test_no_text_takes_long(hostile: str) -> None:
    started = process_time()
    list(split_sentences(hostile))
    assert process_time() - started < 2


@given(
    st.lists(st.sampled_from(MARKED) | st.sampled_from(sorted(ABBREVIATIONS)), max_size=40).map(
        "".join
    )
    | st.text(max_size=60),
    st.integers(0, 3),
)
@example("x\r\n\r\n. approx. xapprox. Ⅷ. ª. 1234567. 12. ", 0)
def test_the_loop_finds_the_same_sentences(text: str, first: int) -> None:
    text = normal_form(text, "en")
    first = min(first, len(text))
    expected, at = [], first
    for number, line in enumerate(text[first:].splitlines(keepends=True)):
        expected += [[at + start, at + end, number] for start, end in sentence_spans(line)]
        at += len(line)
    tables = character_kinds(), character_roles(), known_abbreviations()
    assert find_sentences(codes_of(text), first, *tables).tolist() == expected
