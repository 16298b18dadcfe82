"""What looks alike to a reader is alike to the comparison, and what differs stays different."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.text.normal_forms import MAX_CHARACTERS, normal_form
from related.similarity.text.terms import count_terms
from related.similarity.text.tokenizer import Tokenizer

COURT = "Der Gerichtshof prüft das Landesgesetz"


@pytest.mark.parametrize("between", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_what_nobody_sees_within_a_word_changes_nothing(between: str) -> None:
    written = between.join(COURT.partition("hof")[:2]) + COURT.partition("hof")[2]
    assert written != COURT
    assert (
        count_terms("", written, "de").term_ids.tolist()
        == count_terms("", COURT, "de").term_ids.tolist()
    )
    assert count_terms("", written, "de").words == count_terms("", COURT, "de").words


@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("The ﬁnal oﬃce ﬂight", "en", "the final office flight"),
        ("Ｔｏｋｙｏ　２０２０", "ja", "tokyo\u30002020"),
        ("ﾗｰﾒﾝ ｶﾞｲﾄﾞ", "ja", "ラーメン ガイド"),
        ("𝐁𝐫𝐞𝐚𝐤𝐢𝐧𝐠 𝑛𝑒𝑤𝑠", "en", "breaking news"),
        ("Ĳsselmeer", "nl", "ijsselmeer"),
        ("IĞDIR KESİNTİ", "tr", "ığdır kesinti"),
        ("IĞDIR KESİNTİ", "az", "ığdır kesinti"),
        ("İSTANBUL", "en", "istanbul"),
        ("IRAN", "en", "iran"),
        ("ｅ\u0301t\u00e9", "fr", "été"),
        ("كتاب علي", "fa", "کتاب علی"),
        ("كتاب علي", "ar", "كتاب علي"),
        ("كتـــاب", "ar", "كتاب"),
        ("ﻛﺘﺎﺏ", "ar", "كتاب"),
        ("x² and ½", "en", "x² and ½"),  # not the same as x2
    ],
)
def test_forms_of_letters(written: str, language: str, expected: str) -> None:
    assert normal_form(written, language) == expected


@pytest.mark.parametrize("language", ["th", ""])
def test_in_thai_an_invisible_space_parts_words(language: str) -> None:
    words = Tokenizer(language).words
    assert words("ประเทศ\u200bไทย") == words("ประเทศ ไทย") != words("ประเทศไทย")
    assert words("រាជ\u200bធានី") == words("រាជ ធានី")


def test_between_latin_words_it_does_so_only_in_these_languages() -> None:
    assert Tokenizer("th").words("Face\u200bbook") == ["face", "book"]
    assert Tokenizer("en").words("Face\u200bbook") == ["facebook"]


def test_in_persian_a_non_joiner_parts_stem_and_ending() -> None:
    assert Tokenizer("fa").words("می\u200cخواهم") == ["می", "خواهم"]
    assert Tokenizer("hi").words("क्\u200cष") == Tokenizer("hi").words("क्ष")


def test_marks_of_direction_and_emoji_are_no_words() -> None:
    assert Tokenizer("he").words("\u200fממשלה\u200e \u2067תל\u2069") == ["ממשלה", "תל"]
    assert Tokenizer("en").words("Sun ☀\ufe0f 👩\u200d👩\u200d👧 out") == ["sun", "out"]


@given(st.text(max_size=80), st.sampled_from(["en", "tr", "th", "fa", "ja"]))
def test_a_second_time_changes_nothing(text: str, language: str) -> None:
    once = normal_form(text, language)
    assert normal_form(once, language) == once


@pytest.mark.parametrize(
    "piece", ["\u200b", "\u200ba", "ก\u200b", "\u00ad", "ﷺ", "ﾟ", "ﹼ", "İ", "ｅ\u0301"]
)
def test_the_time_is_linear(piece: str) -> None:
    began = time.perf_counter()
    assert len(normal_form(piece * MAX_CHARACTERS, "en")) <= MAX_CHARACTERS
    assert time.perf_counter() - began < 2
