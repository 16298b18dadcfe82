"""A short summary made of a text's own sentences (extractive), as a draft for an editor."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import islice
from math import log, sqrt

from related.similarity.text.repeats import is_repeated, sentences_with_passages
from related.similarity.text.tokenizer import Tokenizer, tokenizer_for

MAX_CHARACTERS = 600
_MIN_CHARACTERS = 25
# A news story says early on what matters; what comes after these is detail.
_MAX_SENTENCES = 200
_MAX_READ = 60_000  # characters
_TITLE_WEIGHT = 0.5
_LEAD_WEIGHT = 0.5
_QUOTING = re.compile(r'(?<![\d])"(?!(?<=\w")\w)')
# Share of common terms from which two sentences say the same.
_TOO_ALIKE = 0.6


def summarize(
    title: str,
    text: str,
    language: str,
    n_sentences: int = 3,
    repeated: Container[int] = frozenset(),
) -> str:
    """Up to ``n_sentences`` sentences of plain ``text`` in their order, about 600 characters.

    A sentence scores by how much it resembles the text as a whole (the centroid method of Radev
    and others 2004, with the text's own term counts), by terms of the title, and a little by
    standing early. A sentence that repeats a chosen one is skipped, and one that a quotation runs
    into or out of. An empty text gives "".

    Args:
        repeated: passages that are no part of the story, as ``passages_read`` names them.
    """
    tokenizer = tokenizer_for(language)
    sentences = [s for s, passages in _read(text, language) if not is_repeated(passages, repeated)]
    terms = [Counter(tokenizer.terms(sentence)) for sentence in sentences]
    scores = _scores(title, terms, tokenizer)
    chosen: list[int] = []
    length = 0
    for i in sorted(range(len(sentences)), key=lambda i: (-scores[i], i)):
        size = len(sentences[i])
        fits = _MIN_CHARACTERS <= size <= MAX_CHARACTERS - length
        fits = fits and _is_whole(sentences[i])
        if fits and all(_likeness(terms[i], terms[other]) < _TOO_ALIKE for other in chosen):
            chosen.append(i)
            length += size + 1
        if len(chosen) == n_sentences:
            break
    if not chosen and sentences:
        return _cut(sentences[0])
    return " ".join(sentences[i] for i in sorted(chosen))


def passages_read(text: str, language: str) -> set[int]:
    """The passages of the part of a text that a summary is made of."""
    return {passage for _, passages in _read(text, language) for passage in passages}


def _is_whole(sentence: str) -> bool:
    """Whether every quotation that begins in it ends in it, and the other way round."""
    low, high, end, straight = (sentence.count(mark) for mark in '„“”"')
    if low:  # „German“, „Polish”, „as typed"
        is_closed = low in {high + end, high + end + straight}
    else:  # “English”, ”Swedish”; 15" is no quotation, nor is a mark inside of a word
        is_closed = high == end or (not high and end % 2 == 0)
        is_closed &= straight % 2 == 0 or len(_QUOTING.findall(sentence)) % 2 == 0
    left, right = sentence.count("«"), sentence.count("»")
    is_closed &= left == right or (not left and right % 2 == 0)  # »Finnish»
    return is_closed and sentence.count("「") == sentence.count("」")


def _read(text: str, language: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    return islice(sentences_with_passages(text[:_MAX_READ], language), _MAX_SENTENCES)


def _scores(title: str, terms: Sequence[Counter[str]], tokenizer: Tokenizer) -> list[float]:
    whole: Counter[str] = Counter()
    for sentence in terms:
        whole.update(sentence)
    title_terms = set(tokenizer.terms(title))
    return [
        _centrality(sentence, whole)
        + _TITLE_WEIGHT * _overlap(sentence, title_terms)
        + _LEAD_WEIGHT / (1 + place)
        for place, sentence in enumerate(terms)
    ]


def _centrality(sentence: Counter[str], whole: Counter[str]) -> float:
    """How heavy the sentence's terms are in the whole text, 0 to 1; a short sentence gets less."""
    if not sentence:
        return 0.0
    weights = [(1 + log(n)) * (1 + log(whole[term])) for term, n in sentence.items()]
    longest = 1 + log(max(whole.values()))
    return sum(weights) / (len(weights) * longest) * min(1.0, sqrt(len(weights) / 8))


def _overlap(sentence: Counter[str], title_terms: set[str]) -> float:
    return len(title_terms & sentence.keys()) / len(title_terms) if title_terms else 0.0


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    shared = len(a.keys() & b.keys())
    return shared / min(len(a), len(b)) if a and b else 0.0


def _cut(sentence: str) -> str:
    """The beginning of a sentence that is too long, cut after a whole word."""
    if len(sentence) <= MAX_CHARACTERS:
        return sentence
    return sentence[: MAX_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
