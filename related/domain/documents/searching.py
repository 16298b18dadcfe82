"""What an editor finds by what she has at hand: words or their beginnings, an address, an id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from related.addresses import Address, read_address
from related.domain.documents.addresses import url_key
from related.domain.documents.lookup import find_documents
from related.models import Document, DocumentVector
from related.registry import is_valid_key, registered
from related.similarity.text.plain_text import clean_text

MOST_WORDS = 10


def search_documents(
    text: str, *, exclude: Document | None = None, limit: int = 20
) -> list[Document]:
    """Indexed documents: the one that is named first, then what each source's ``search()`` finds,
    in its order, then those whose text has words that begin so, the newest first.
    """
    text = clean_text(text).strip()
    left_out = exclude.pk if exclude else None
    found: dict[int, Document] = {}
    for rows in (_named(text), _by_title(text, limit), _by_words(text, limit)):
        found |= {row.pk: row for row in rows if row.pk != left_out and row.pk not in found}
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _named(text: str) -> Iterable[Document]:
    """By id, external id or ``app.model:id``, by address, or by the last part of an address."""
    yield from (d for d in find_documents([text]).values() if d.is_indexed)
    for source in registered().values():
        if is_valid_key(source.model, text):
            yield from Document.objects.for_objects(source.model, [text]).indexed()
    slug = text.strip("/")
    if not slug or any(character.isspace() for character in slug):
        return
    indexed = Document.objects.indexed()
    address = read_address(text) if "/" in text else None
    named = _at(address) if address else Q(pk__in=[])
    if "/" not in slug:
        named |= Q(url_path__endswith=f"/{slug}") | Q(url_path__endswith=f"/{slug}/")
    yield from indexed.filter(named)[:5]


def _at(address: Address) -> Q:
    """Every page of a path; of an address with parameters, the page that they name."""
    if not address.query:
        return Q(url_path=address.path[:500])
    return Q(url_key__in=[url_key(address), url_key(address.loosest)])


def _by_title(text: str, limit: int) -> Iterable[Document]:
    """The first hits of each source that are indexed; enough are looked up to fill the list."""
    for source in registered().values():
        keys = [str(pk) for pk in source.search(text).values_list("pk", flat=True)[: 25 * limit]]
        rows = Document.objects.for_objects(source.model, keys).indexed()
        by_key = {row.object_id: row for row in rows}
        yield from (by_key[key] for key in keys if key in by_key)


def _by_words(text: str, limit: int) -> QuerySet[Document]:
    """Documents with all these words, or words that begin so, in title or text."""
    rows = DocumentVector.objects.annotate(
        listed=Concat(Value("\n", output_field=TextField()), "words")
    )
    words = [word for word in text.lower().replace("’", "'").split() if len(word) > 1]
    for word in words[:MOST_WORDS]:
        beginning = word.strip("\"'“”„«»‘’().,;:!?")
        rows = rows.filter(listed__contains=f"\n{beginning}")
    if not words:
        return Document.objects.none()
    documents = Document.objects.indexed().filter(pk__in=rows.values("document"))
    return documents.order_by("-published_at", "-pk")[:limit]
