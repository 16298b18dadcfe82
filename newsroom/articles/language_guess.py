"""In which language a text is written: its script decides where it can, else its words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import category

from django.conf import settings

from related.text import base_language, plain_text

MAX_BYTES = 4_000  # more does not make it surer
# Below these a guess is marked as unsure: in short texts, words of several languages look alike.
MIN_LETTERS = 60
MIN_CONFIDENCE = 0.9
# Less than this is no guess at all; then the site's own language is the likeliest.
LIKELY = 0.5
# A character of these scripts says as much as several letters.
_DENSE = {"zh": 3, "ja": 2, "ko": 2}

# Where each script begins, and the languages that are written in it; "" is Latin, and whatever
# has no line of its own.
_SCRIPTS = [
    (0x0000, ""), (0x0370, "el"), (0x0400, "ru uk bg sr mk be kk ky mn tg tt ba"), (0x0530, "hy"),
    (0x0590, "he"), (0x0600, "ar fa ur ps ug ku"), (0x0700, ""), (0x0750, "ar fa ur ps ug ku"),
    (0x0780, ""), (0x0900, "hi mr ne sa gom"), (0x0980, "bn as"), (0x0A00, "pa"), (0x0A80, "gu"),
    (0x0B00, "or"), (0x0B80, "ta"), (0x0C00, "te"), (0x0C80, "kn"), (0x0D00, "ml"), (0x0D80, "si"),
    (0x0E00, "th"), (0x0E80, "lo"), (0x0F00, "bo dz"), (0x1000, "my"), (0x10A0, "ka"),
    (0x1100, "ko"), (0x1200, "am ti"), (0x1400, ""), (0x1780, "km"), (0x1800, "mn"), (0x18B0, ""),
    (0x1C80, "ka"), (0x1CC0, ""), (0x1F00, "el"), (0x2000, ""), (0x3040, "ja"), (0x3100, ""),
    (0x3130, "ko"), (0x3190, ""), (0x31F0, "ja"), (0x3200, ""), (0x3400, "zh"), (0xA000, ""),
    (0xAC00, "ko"), (0xD800, ""), (0xF900, "zh"), (0xFB00, ""), (0xFB1D, "he"),
    (0xFB50, "ar fa ur ps ug ku"), (0xFE00, ""), (0xFF66, "ja"), (0xFFA0, ""), (0x20000, "zh"),
]  # fmt: skip
_BEGINNINGS = [beginning for beginning, _ in _SCRIPTS]
_KANA_SHARE = 0.05  # of Japanese text; Chinese has none
_YIDDISH, _YIDDISH_SHARE = "װױײ", 0.01  # Hebrew hardly ever joins these letters


@dataclass(frozen=True)
class Guess:
    """A language code, and whether the text is long and clear enough to be sure of it."""

    code: str
    is_sure: bool


def guess_language(title: str, body: str) -> Guess:
    """The language of a text, of all that there are; the site's own where nothing speaks for one.

    The text alone decides: no list of stemmers, no list of the languages of the archive.
    """
    text = plain_text(f"{title}\n\n{body[: MAX_BYTES * 4]}", MAX_BYTES)
    letters = _count_scripts(text)
    if not letters:
        return Guess(settings.LANGUAGE_CODE, is_sure=False)
    script, n_letters = letters.most_common(1)[0]
    candidates = script.split()
    if len(candidates) == 1:
        return Guess(candidates[0], is_sure=n_letters >= MIN_LETTERS // 6)
    code, confidence = _by_words(text, candidates)
    own = base_language(settings.LANGUAGE_CODE)
    if confidence < LIKELY and (own in candidates if candidates else _is_latin(own)):
        return Guess(settings.LANGUAGE_CODE, is_sure=False)
    return Guess(code, is_sure=n_letters >= MIN_LETTERS and confidence >= MIN_CONFIDENCE)


def _count_scripts(text: str) -> Counter[str]:
    """How many letters the text has of each script, by the languages that use it."""
    letters: Counter[str] = Counter()
    for character, n in Counter(text).items():
        if category(character)[0] in "LM":  # vowel signs are marks
            script = _SCRIPTS[bisect_right(_BEGINNINGS, ord(character)) - 1][1]
            letters[script] += n * _DENSE.get(script, 1)
    if letters["ja"] > _KANA_SHARE * letters["zh"]:
        letters["ja"] += letters.pop("zh", 0)
    if sum(map(text.count, _YIDDISH)) > _YIDDISH_SHARE * letters["he"]:
        letters["yi"] = letters.pop("he")
    return +letters


def _by_words(text: str, candidates: list[str]) -> tuple[str, float]:
    """The likeliest of the languages of a script (none: those of Latin), and how likely it is."""
    likely: dict[str, float] = defaultdict(float)
    for found, probability in _detector().rank(text):
        code = base_language(found)
        if code in candidates if candidates else _is_latin(code):
            likely[code] += float(probability)
    if not likely:
        return candidates[0], 0.0
    code = max(likely, key=lambda code: likely[code])
    total = sum(likely.values())
    return code, likely[code] / total if total else 0.0


def _is_latin(code: str) -> bool:
    return code not in _NOT_LATIN


# Serbian is written in both; so are Kurdish, Tatar and Uzbek.
_NOT_LATIN = {code for _, codes in _SCRIPTS for code in codes.split()} - {"sr", "ku", "tt"}


@lru_cache(maxsize=1)
def _detector() -> Any:
    # Loaded at the first article that needs it: the model takes most of a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
