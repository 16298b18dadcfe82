"""Versions of one text are known by their shingles; texts of one form are not versions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.stories.overlap import are_versions, as_rows, overlaps
from related.similarity.text.analysis import analyze_text
from related.similarity.text.sketches import Sketch
from tests.similarity.stories.texts import FORMS, STORM, versions


def sketch(text: str, title: str = "") -> Sketch:
    return analyze_text(title, text, "en").sketch


def repeats(a: str, b: str) -> bool:
    one, other = as_rows([sketch(a)]), as_rows([sketch(b)])
    forth, back = are_versions(one, other), are_versions(other, one)
    assert forth.tolist() == back.tolist()
    return bool(forth[0])


def numbered(start: int, end: int) -> str:
    return " ".join(f"word{n}" for n in range(start, end))


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_one_form_are_not_versions(form):
    for a, b in combinations(FORMS[form].values(), 2):
        contained, resemblance = overlaps(as_rows([sketch(a)]), as_rows([sketch(b)]))
        assert contained[0] < 0.15
        assert resemblance[0] < 0.1
        assert not repeats(a, b)


@pytest.mark.parametrize("name", versions())
def test_what_becomes_of_a_report_is_a_version_of_it(name):
    assert repeats(versions()["first"], versions()[name])


def test_a_report_grown_to_more_than_twice_its_length_is_a_version():
    assert repeats(" ".join(STORM[:4]), " ".join(STORM))


def test_other_sentences_about_the_same_event_are_no_version():
    assert not repeats(" ".join(STORM[:5]), " ".join(STORM[5:]))


def test_a_digest_is_a_version_of_none_of_the_articles_that_it_repeats():
    articles = [numbered(1000 * n, 1000 * n + 200) for n in range(10)]
    digest = " ".join(articles)
    assert not any(repeats(article, digest) for article in articles)


def test_texts_too_short_for_shingles_are_versions_only_when_equal():
    assert repeats("Match postponed because of rain.", "Match postponed because of rain")
    assert not repeats("Match postponed because of rain.", "Match postponed because of snow.")
    assert not repeats("", "")


@given(st.integers(5, 800), st.integers(0, 800), st.integers(0, 800))
def test_the_estimate_is_near_the_truth(n_common, n_a, n_b):
    """Exact while all shingles fit; else within five deviations of a sample of that size."""
    common = numbered(0, n_common)
    a = f"{common} {numbered(10_000, 10_000 + n_a)}"
    b = f"{common} {numbered(20_000, 20_000 + n_b)}"
    rows = [as_rows([sketch(text)]) for text in (a, b)]
    if n_common + min(n_a, n_b) < 12:
        return  # told with the title
    in_a, in_b = ({*zip(*(w[i:] for i in range(4)), strict=False)} for w in (a.split(), b.split()))
    resemblance = len(in_a & in_b) / len(in_a | in_b)
    contained = len(in_a & in_b) / min(len(in_a), len(in_b))
    found_contained, found_resemblance = (float(x[0]) for x in overlaps(*rows))
    if max(len(in_a), len(in_b)) <= 48:
        assert (found_contained, found_resemblance) == pytest.approx((contained, resemblance))
        return
    n_sampled = 48
    deviation = (resemblance * (1 - resemblance) / n_sampled) ** 0.5
    assert abs(found_resemblance - resemblance) <= 5 * deviation + 2 / n_sampled
    of_shorter = n_sampled * min(len(in_a), len(in_b)) / len(in_a | in_b)
    deviation = (contained * (1 - contained) / max(of_shorter, 1)) ** 0.5
    assert abs(found_contained - contained) <= 5 * deviation + 2 / max(of_shorter, 1)


def test_rows_are_compared_pair_by_pair():
    texts = list(versions().values())
    rows = as_rows([sketch(text) for text in texts])
    contained, _ = overlaps(np.repeat(rows[:1], len(rows), axis=0), rows)
    assert contained[:2].tolist() == [1, 1]
    assert overlaps(rows[:0], rows[:0])[0].shape == (0,)
