"""What is asked of the public API, and the pages that answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from related.addresses import read_address
from related.api.answers import Answer, answer_of, kept_answers, kept_key, page_as_json
from related.domain.documents.lookup import Place, find_places, page_at, source_and_key
from related.domain.pages.links import Page
from related.domain.pages.placing import PageReading
from related.domain.pages.reading import Key
from related.registry import is_valid_key


@dataclass(frozen=True, slots=True)
class Question:
    """One document that is asked for, by its address or by its type and id."""

    asked: str
    is_url: bool = False


def answer_one(label: str, object_id: str) -> Answer | None:
    """The page of one document; None if it is hidden or does not exist."""
    key = _key_of(f"{label}:{object_id}")
    if key is None:
        return None
    reading = PageReading([key])
    reading.look()
    if key not in reading.cards:
        return None
    kept = kept_key(reading.digest())
    answer = kept_answers.get(kept) if kept else None
    if answer is None:
        page = reading.page(key)
        answer = answer_of(page_as_json(page), [page])
        if kept and reading.is_settled:
            kept_answers.keep(kept, answer)
    return answer


def answer_many(questions: Sequence[Question]) -> Answer:
    """A result for each question, in their order, found or not.

    Three queries and one for each further model, whether what is asked for is there, hidden or
    missing; one less where nobody asks for an address.
    """
    addresses = {q.asked: read_address(q.asked) for q in questions if q.is_url}
    asked = [address for address in addresses.values() if address]
    places = find_places(asked) if asked else []
    by_id = {q.asked: _key_of(q.asked) for q in questions if not q.is_url}
    keys = [*dict.fromkeys([*(place.key for place in places), *filter(None, by_id.values())])]
    reading = PageReading(keys)
    reading.look()
    kept = kept_key(reading.digest(), tuple(questions), repr(places))
    answer = kept_answers.get(kept) if kept else None
    if answer is not None:
        return answer
    urls = _present_urls(places, reading)
    results, pages = [], {}
    for question in questions:
        address = addresses.get(question.asked)
        key = by_id.get(question.asked) if not question.is_url else None
        if question.is_url and address:
            key = page_at(address, urls)
        if key is not None and key in reading.cards and key not in pages:
            pages[key] = reading.page(key)
        results.append(_result(question, pages.get(key) if key else None))
    answer = answer_of({"results": results}, list(pages.values()))
    if kept and reading.is_settled:
        kept_answers.keep(kept, answer)
    return answer


def _result(question: Question, page: Page | None) -> dict[str, Any]:
    name = "url" if question.is_url else "id"
    asked = {"asked": {name: question.asked}, "found": page is not None}
    return asked | page_as_json(page) if page else asked


def _present_urls(places: Sequence[Place], reading: PageReading) -> list[tuple[Place, str]]:
    return [
        (place, reading.cards.card(place.key).url) for place in places if place.key in reading.cards
    ]


def _key_of(reference: str) -> Key | None:
    try:
        source, object_id = source_and_key(reference)
    except LookupError:
        return None
    return (source, object_id) if is_valid_key(source.model, object_id) else None
