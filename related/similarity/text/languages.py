"""Which stemmer and which stop words a language has.

Each language with a stemmer has a list in ``stop_words/``, small on purpose: function words, and in
English the light verbs. Long ready-made lists drop words that matter in news ("state", "million");
document frequency takes care of the rest.
"""

from functools import cache
from pathlib import Path

# ISO 639-1 code -> Snowball stemmer. Languages that are not here keep their words as they are.
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_STOP_LISTS = Path(__file__).with_name("stop_words")
# Both written norms of Norwegian share one list.
_SHARED_LISTS = {"nb": "no", "nn": "no"}


def base_language(language: str) -> str:
    """The language of a code without its region: "en-GB" and "EN_us" are "en"."""
    return language.strip().replace("_", "-").split("-")[0].lower()


def stemmer_name(language: str) -> str | None:
    """The name of the Snowball stemmer for a language code, None when there is none."""
    return _STEMMERS.get(base_language(language))


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language code, lower-cased; empty when there is no list."""
    code = base_language(language)
    if code not in _STEMMERS:
        return frozenset()
    path = _STOP_LISTS / f"{_SHARED_LISTS.get(code, code)}.txt"
    return frozenset(path.read_text(encoding="utf-8").split())
