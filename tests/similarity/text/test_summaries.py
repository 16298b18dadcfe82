import time

import pytest

from related.similarity.text.sentences import split_sentences
from related.similarity.text.summaries import MAX_CHARACTERS, summarize

STORY = """The harbor bridge will reopen on Friday after fourteen months of repairs, Mayor Dr. Ana
Ruiz said. Two lanes open first.

The bridge was closed when a storm damaged its northern pier in March of last year. Ferries have
carried about 9,000 commuters a day since then.

"We are glad," said J. K. Olsen, who sells coffee near the quay. The harbor bridge will reopen this
Friday after fourteen months of repairs, the mayor said again. Tolls stay at 2.50 dollars until the
council decides in the autumn."""


def flat(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def test_a_summary_is_made_of_the_texts_own_sentences_in_their_order():
    text = flat(STORY)
    summary = summarize("Harbor bridge reopens Friday", text, "en")
    chosen = list(split_sentences(summary))
    assert 2 <= len(chosen) <= 3
    assert len(summary) <= MAX_CHARACTERS
    assert chosen[0].startswith("The harbor bridge will reopen on Friday")
    places = [text.index(sentence) for sentence in chosen]
    assert places == sorted(places)


def test_a_repeated_sentence_is_not_said_twice():
    summary = summarize("Harbor bridge reopens Friday", flat(STORY), "en")
    assert "said again" not in summary


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_to_summarize(text):
    assert summarize("Title", text, "en") == ""


def test_one_endless_sentence_is_cut_at_a_word():
    summary = summarize("", "word " * 1000, "en")
    assert len(summary) <= MAX_CHARACTERS
    assert summary.endswith("word…")


@pytest.mark.parametrize(
    "quotation",
    [
        "«Lot forty-two went for one point eight. It was over in a minute», said the harbor clerk.",
        "“The harbor crane is too old. Nobody dares to repair it,” said the harbor crane driver.",
        "„Der Hafen braucht einen Kran. Der alte Kran im Hafen quietscht“, sagte die Kranführerin.",
        '"The harbor crane is too old. Nobody dares to repair it," said the harbor crane driver.',
    ],
)
def test_no_quotation_is_torn_apart(quotation):
    text = f"The harbor crane stands still again. {quotation} The council meets in the autumn."
    summary = summarize("The harbor crane stands still", text, "en")
    assert summary == "The harbor crane stands still again. The council meets in the autumn."


@pytest.mark.parametrize(
    "quoted",
    [
        *("„Gut“, sagte Anna", '„Gut", sagte Anna', "“Good,” she said", "”Bra”, sa hon"),
        *("»Hyvä», sanoi hän", '"Good," she said', 'A 15" pipe', 'As צה"ל said'),
    ],
)
def test_a_sentence_with_a_whole_quotation_may_be_chosen(quoted):
    text = f"{quoted} of the new harbor crane, which stands at the northern quay."
    assert summarize("The harbor crane", text, "en") == text


def test_a_short_text_is_its_own_summary():
    assert summarize("", "It rains.", "en") == "It rains."


@pytest.mark.parametrize(
    "hostile",
    [
        "a. " * 70_000,
        "Mr. " * 50_000,
        ". " * 100_000,
        "! ! " * 50_000,
        "x" * 200_000,
        "A b c. " * 30_000,
        "。" * 60_000,
        "\n" * 200_000,
        '."' * 100_000,
        "." + " " * 200_000,
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_hostile_text_takes_less_than_a_second(hostile):
    started = time.process_time()
    assert len(summarize("A title", hostile, "en")) <= MAX_CHARACTERS
    assert time.process_time() - started < 1
