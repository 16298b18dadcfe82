"""Stop lists: every language with a stemmer has one, of words that texts can hold."""

from __future__ import annotations

import pytest

from related.similarity.text.languages import _STEMMERS, stop_words
from related.similarity.text.tokenizer import Tokenizer

# Words of news that a careless list would hold, by language.
NEWS = {
    "en": "state million government police president year day new people work",
    "de": "land regierung polizei präsident jahr tag leute arbeit stadt krieg",
    "fr": "état gouvernement police président an jour personnes travail ville",
    "es": "estado gobierno policía presidente año día personas trabajo ciudad",
    "ar": "الحكومة الرئيس الشرطة سنة يوم مدينة حرب",
    "ca": "govern presidenta any dia ciutat policia",
    "cs": "vláda prezident rok den město policie válka",
    "el": "κυβέρνηση πρόεδρος έτος ημέρα πόλη αστυνομία",
    "et": "valitsus president aasta päev linn politsei",
    "eu": "gobernua lehendakaria urte egun hiri polizia",
    "fa": "دولت رئیس سال روز شهر پلیس جنگ",
    "ga": "rialtas uachtarán bliain lá cathair gardaí",
    "hi": "सरकार राष्ट्रपति वर्ष दिन शहर पुलिस",
    "hu": "kormány elnök év nap város rendőrség",
    "hy": "կառավարություն նախագահ տարի օր քաղաք",
    "id": "pemerintah presiden tahun hari kota polisi",
    "lt": "vyriausybė prezidentas metai diena miestas policija",
    "ne": "सरकार राष्ट्रपति वर्ष दिन शहर प्रहरी",
    "pl": "rząd prezydent rok dzień miasto policja wojna",
    "ro": "guvern președinte an zi oraș poliție război",
    "sr": "влада председник година дан град vlada predsednik godina dan grad",
    "ta": "அரசு தலைவர் ஆண்டு நாள் நகரம் காவல்துறை",
    "tr": "hükümet cumhurbaşkanı yıl gün şehir polis savaş",
    "yi": "רעגירונג פרעזידענט יאָר טאָג שטאָט",
}


@pytest.mark.parametrize("language", _STEMMERS)
def test_every_language_with_a_stemmer_has_a_list(language: str) -> None:
    assert len(stop_words(language)) > 90


@pytest.mark.parametrize("language", _STEMMERS)
def test_texts_can_hold_every_word_of_a_list(language: str) -> None:
    words = Tokenizer(language).words
    assert {word: words(word) for word in stop_words(language) if words(word) != [word]} == {}


@pytest.mark.parametrize("language", NEWS)
def test_no_list_holds_a_noun_of_news(language: str) -> None:
    assert set(NEWS[language].split()) & stop_words(language) == set()
