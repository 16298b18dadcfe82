"""Where sentences end."""

from __future__ import annotations

from time import process_time

import pytest

from related.similarity.text.sentences import sentence_spans, split_sentences


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
