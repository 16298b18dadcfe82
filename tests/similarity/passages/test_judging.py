"""Which passages repeat: those of several stories, never those of one, however often told."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.passages.judging import (
    MOST_COMPARED,
    are_one_story,
    compared,
    repeated_among,
    tell_several_stories,
)
from related.similarity.text.analysis import analyze_text
from related.similarity.text.passages import Passages
from tests.similarity.stories.texts import RECIPES

STUB = (
    "This article is for subscribers only. Already a subscriber? Log in. Subscribe now for one "
    "euro a month and read all articles of the Marrowbeck Courier without limits."
)
TEASERS = {
    "Beekeeper finds rare orchid": "A beekeeper found an orchid on the heath.",
    "Ferry captain retires after forty years": "She steered the ferry through ice and fog.",
    "Chess club moves to the old cinema": "The club needed room for more boards.",
    "Bakery wins a prize for almond cakes": "The jury tasted forty cakes in two days.",
}
WIRE = (
    "Harbor engineers found cracks in two piers of the old bridge on Monday. The bridge carries "
    "nine thousand commuters a day. Ferries will run from six in the morning until midnight. "
    "The mayor called the closure a blow for the shops on the east bank."
)


def read(title: str, text: str) -> Passages:
    return analyze_text(title, text, "en").passages


def stubs(n: int = 4) -> list[Passages]:
    return [read(title, f"{teaser}\n{STUB}") for title, teaser in list(TEASERS.items())[:n]]


def repeated(texts: list[Passages]) -> set[int]:
    """Of all passages of these texts."""
    keys = range(len(texts))
    groups = {
        passage: [key for key in keys if passage in texts[key].hashes]
        for text in texts
        for passage in text.hashes.tolist()
    }
    return repeated_among(groups.items(), dict(enumerate(texts)))


def test_a_stub_below_three_stories_repeats_and_two_are_not_enough() -> None:
    assert repeated(stubs(2)) == set()
    assert repeated(stubs(3)) == set(read("", STUB).hashes.tolist())


def test_versions_of_one_text_keep_all_of_it() -> None:
    versions = [
        read("Harbor bridge closes", WIRE),
        read("UPDATE 1-Harbor bridge closes", f"{WIRE} Shop owners want help from the state."),
        read("UPDATE 2-Harbor bridge closes", f"{WIRE} The state promised a million for shops."),
        read("Harbor bridge closes after cracks are found", WIRE),
        read("Harbor bridge closes", WIRE),
    ]
    assert repeated(versions) == set()


def test_one_text_under_other_titles_keeps_what_the_titles_are_about() -> None:
    titles = [
        "Harbor engineers find cracks",
        "Piers of the old bridge are damaged",
        "Commuters have to take the ferry",
    ]
    assert repeated([read(title, WIRE) for title in titles]) == set()


def test_a_quote_in_follow_ups_of_one_story_is_content() -> None:
    quote = "“We will not wait for the next storm,” the harbor master said in March."
    follow_ups = [
        read(
            "Harbor bridge: cracks found in two piers",
            f"Engineers closed the harbor bridge when cracks were found in two piers. {quote} "
            "Ferries replace the bridge and its commuters wait on the quay.",
        ),
        read(
            "Harbor bridge: repairs begin in May",
            f"Repairs of the two cracked piers begin in May, engineers of the harbor said. {quote} "
            "Until then ferries carry all commuters across.",
        ),
        read(
            "Harbor bridge: council votes on the cost",
            f"The council votes on what the piers of the harbor bridge will cost. {quote} "
            "Commuters and engineers want the repairs to begin in May.",
        ),
    ]
    assert repeated(follow_ups) == set()


def test_a_credit_repeats_also_beside_versions() -> None:
    credit = "The Associated Press contributed to this report."
    versions = [read("Harbor bridge closes", f"{WIRE} {credit}") for _ in range(5)]
    others = [read(title, f"{teaser} {credit}") for title, teaser in TEASERS.items()]
    assert repeated([*versions, *others[:1]]) == set()
    assert repeated([*versions, *others[:2]]) == set(read("", credit).hashes.tolist())


def test_a_step_that_recipes_share_repeats() -> None:
    step = "Leave to cool on a rack before you cut it."
    texts = [read(title, f"{text} {step}") for title, text in RECIPES.items()]
    assert set(read("", step).hashes.tolist()) <= repeated(texts)


def test_texts_of_nothing_but_the_stub_are_of_the_stories_of_their_titles() -> None:
    texts = [read(title, STUB) for title in TEASERS]
    assert not are_one_story(texts[0], texts[1])
    assert repeated(texts) == set(read("", STUB).hashes.tolist())
    assert repeated([read("", STUB)] * 5) == set()


def test_the_order_of_texts_makes_no_difference() -> None:
    texts = [*stubs(2), read("Beekeeper finds rare orchid again", STUB), read("Marrowbeck", STUB)]
    answers = {tell_several_stories(list(some)) for some in permutations(texts)}
    assert len(answers) == 1


POOL = [*stubs(4), *(read("Harbor bridge closes", f"{WIRE} {n} {STUB}") for n in range(3))]


@given(st.lists(st.sampled_from(range(len(POOL))), max_size=6), st.sampled_from(range(len(POOL))))
def test_one_more_text_never_takes_it_back(some: list[int], more: int) -> None:
    texts = [POOL[n] for n in some]
    assert tell_several_stories(texts) <= tell_several_stories([*texts, POOL[more]])
    assert are_one_story(POOL[more], POOL[more])


@pytest.mark.parametrize("n", [0, 3, MOST_COMPARED, MOST_COMPARED + 1, 1000])
def test_of_many_texts_some_are_compared_evenly_taken(n: int) -> None:
    chosen = compared(range(n))
    assert len(chosen) == min(n, MOST_COMPARED)
    assert chosen == sorted(set(chosen))
    assert n < MOST_COMPARED or (chosen[0] == 0 and chosen[-1] >= n - 1 - n // MOST_COMPARED)
