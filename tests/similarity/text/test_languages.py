"""Codes of one language lead to one corpus, one stemmer and one stop list."""

from __future__ import annotations

import pytest

from related.similarity.text.languages import base_language, stemmer_name, stop_words
from related.similarity.text.terms import count_terms


@pytest.mark.parametrize(
    ("codes", "base"),
    [
        ("no nb nn nb-NO nn_NO nob nno NOR", "no"),
        ("en eng en-GB EN_us", "en"),
        ("zh zh-Hans zh-Hant-TW zh_TW zh-HK zho chi cmn yue wuu", "zh"),
        ("de deu ger de-AT", "de"),
        ("fr fra fre fr-CA", "fr"),
        ("he iw heb", "he"),
        ("id in ind", "id"),
        ("yi ji yid", "yi"),
        ("uk ukr uk-UA", "uk"),
        ("xx", "xx"),
        ("", ""),
    ],
)
def test_codes_of_one_language_have_one_base(codes: str, base: str) -> None:
    assert {base_language(code) for code in codes.split()} <= {base}
    assert base_language(base) == base


def test_every_code_of_a_language_gives_the_same_terms() -> None:
    first, second = (
        count_terms("Regjeringen øker prisen", "Regjeringen øker prisen på togbilletter.", code)
        for code in ("nb", "no")
    )
    assert first.term_ids.tolist() == second.term_ids.tolist()
    assert stemmer_name("nob") == "norwegian"
    assert "ikke" in stop_words("nn-NO")
