"""The sentences of a text with the passages that they go with, in plain Python.

For the few texts that a web process looks at, where no machine code is loaded. The rules are those
of ``passage_loops.py``; the tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from related.similarity.text.normal_forms import normal_form
from related.similarity.text.passage_loops import MIN_WORDS
from related.similarity.text.sentences import sentence_spans
from related.similarity.text.term_ids import GOLDEN, MIX

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_64_BITS = 2**64 - 1


def sentences_with_passages(text: str, language: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each sentence in order, and the hashes of the passages that it goes with, if any."""
    for line in text.splitlines():
        found = [line[start:end] for start, end in sentence_spans(line)]
        sentences = [sentence for sentence in found if sentence.strip()]
        own = [_passage_of(sentence, language) for sentence in sentences]
        whole = tuple(passage for passage in own if passage is not None)
        if not whole and (joined := _passage_of("".join(sentences), language)) is not None:
            whole = (joined,)
        for sentence, passage in zip(sentences, own, strict=True):
            yield sentence.strip(), whole if passage is None else (passage,)


def is_repeated(passages: tuple[int, ...], repeated: Container[int]) -> bool:
    """Whether a sentence goes with nothing but repeated passages."""
    return bool(passages) and all(passage in repeated for passage in passages)


def _passage_of(sentence: str, language: str) -> int | None:
    """Its hash; None where it is too short."""
    words = _WORD.findall(normal_form(sentence, language))
    if len(words) + len(_UNSPACED.findall("".join(words))) // 2 < MIN_WORDS:
        return None
    value = GOLDEN
    for word in words:
        for code in (32, *map(ord, word)):
            value = ((value ^ code) * GOLDEN) & _64_BITS
            value ^= value >> 29
    return ((value * MIX) & _64_BITS) >> 32
