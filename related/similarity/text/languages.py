"""Which stemmer and which stop words a language has.

Each language with a stemmer has a list in ``stop_words/``, short on purpose: function words and, in
English, light verbs. Long ready-made lists drop words that matter in news ("state", "million");
document frequency takes care of the rest.
"""

from functools import cache
from pathlib import Path

# ISO 639-1 code -> Snowball stemmer. The words of other languages stay as they are.
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
    "ne": "nepali",
    "nl": "dutch",
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
# Other codes of the same language: ISO 639-2 and 639-3, withdrawn ones, and written norms that are
# compared with each other.
_SAME_LANGUAGE = {
    alias: code
    for code, aliases in {
        "ar": "ara arb", "bg": "bul", "ca": "cat", "cs": "ces cze", "da": "dan", "de": "deu ger",
        "el": "ell gre", "en": "eng", "es": "spa", "et": "est ekk", "eu": "eus baq",
        "fa": "fas per pes prs", "fi": "fin", "fr": "fra fre", "ga": "gle", "he": "heb iw",
        "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye arm", "id": "ind in", "is": "isl ice",
        "it": "ita", "ja": "jpn", "ka": "kat geo", "km": "khm", "ko": "kor", "lt": "lit",
        "lv": "lav lvs", "ms": "msa may zsm", "ne": "nep npi", "nl": "nld dut",
        "no": "nb nn nor nob nno", "pl": "pol", "pt": "por", "ro": "ron rum mo", "ru": "rus",
        "sk": "slk slo", "sl": "slv", "sr": "srp", "sv": "swe", "ta": "tam", "th": "tha",
        "tr": "tur", "uk": "ukr", "vi": "vie", "yi": "yid ji",
        "zh": "zho chi cmn yue wuu hak nan gan hsn",
    }.items()
    for alias in aliases.split()
}  # fmt: skip
_STOP_LISTS = Path(__file__).with_name("stop_words")


def base_language(language: str) -> str:
    """The language of a code, without its region: "en-GB", "EN_us" and "eng" are "en"."""
    code = language.strip().replace("_", "-").split("-")[0].lower()
    return _SAME_LANGUAGE.get(code, code)


def stemmer_name(language: str) -> str | None:
    """The name of the Snowball stemmer for a language code; None if there is none."""
    return _STEMMERS.get(base_language(language))


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language code, lower-cased; empty when there is no list."""
    code = base_language(language)
    if code not in _STEMMERS:
        return frozenset()
    return frozenset((_STOP_LISTS / f"{code}.txt").read_text(encoding="utf-8").split())
