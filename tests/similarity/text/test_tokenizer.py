import time

import pytest

from related.similarity.text.languages import stemmer_name, stop_words
from related.similarity.text.tokenizer import MAX_TOKENS, Remembered, Tokenizer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Mayor’s plan", ["the", "mayor", "s", "plan"]),
        ("U.S. and N.A.T.O.", ["u.s", "and", "n.a.t.o"]),
        ("a 5.9 quake, 12,000 homes", ["a", "5.9", "quake", "12,000", "homes"]),
        ("Plan B, the 2nd of 17-inch", ["plan", "b", "the", "2nd", "of", "17", "inch"]),
        ("The end.Begin", ["the", "end", "begin"]),
        ("Čeština ÉTÉ Ёлка", ["čeština", "été", "ёлка"]),
        ("🎉 !!! …", []),
        ("", []),
    ],
)
def test_words(text, words):
    assert Tokenizer("en").words(text) == words


def test_chinese_becomes_pairs_of_characters():
    assert Tokenizer("zh").words("北京大学 AI 好") == ["北京", "京大", "大学", "ai", "好"]


def test_thai_and_japanese_are_not_one_word_per_sentence():
    assert len(Tokenizer("th").words("สวัสดีชาวโลก")) > 5
    assert len(Tokenizer("ja").words("東京オリンピック")) > 5


def test_vowel_signs_belong_to_the_word():
    assert Tokenizer("hi").words("हिन्दी समाचार") == ["हिन्दी", "समाचार"]


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("en", "The councils were voting on elections", ["council", "vote", "elect"]),
        ("en-GB", "running", ["run"]),
        ("EN_us", "running", ["run"]),
        ("de", "Die Häuser der Stadt", ["haus", "stadt"]),
        ("fr", "les élections municipales", ["élect", "municipal"]),
        ("ru", "в новостях города", ["новост", "город"]),
        ("xx", "The councils", ["the", "councils"]),
        ("", "The councils", ["the", "councils"]),
    ],
)
def test_terms(language, text, terms):
    assert Tokenizer(language).terms(text) == terms


def test_words_that_matter_in_news_are_no_stop_words():
    assert not stop_words("en") & {"state", "million", "bill", "fire", "first", "new"}


@pytest.mark.parametrize(
    "language", ["en", "fr", "de", "es", "it", "nl", "pt", "ru", "sv", "da", "no", "fi"]
)
def test_every_promised_language_has_a_stemmer_and_stop_words(language):
    words = stop_words(language)
    assert stemmer_name(language)
    assert len(words) > 50
    assert all(word == word.lower() for word in words)
    assert Tokenizer(language).terms(" ".join(words)) == []


def test_no_more_than_the_cap():
    assert len(Tokenizer("en").words("word " * 100_000)) == MAX_TOKENS


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 5_000_000,
        "1" * 200_000 + "a",
        "a." * 100_000,
        "1,1" * 100_000,
        "1." * 100_000,
        "ह" * 200_000,
    ],
    ids=lambda text: text[:6],
)
def test_hostile_text_takes_less_than_a_second(hostile):
    started = time.process_time()
    words = Tokenizer("en").words(hostile)
    assert time.process_time() - started < 1
    assert max(map(len, words)) <= 255


def test_the_memory_of_words_has_an_end():
    remembered = Remembered(len, most=3)
    assert [remembered["x" * n] for n in range(10)] == list(range(10))
    assert len(remembered) <= 3
