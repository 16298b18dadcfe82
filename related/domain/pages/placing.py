"""From what is stored about pages to the links on them; visibility is decided here, on reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from django.db.models import Model

from related.domain.documents.cards import Card, Cards
from related.domain.pages.candidates import Candidates, Dated, find_dated
from related.domain.pages.contents import Entry
from related.domain.pages.filling import Chosen, fill
from related.domain.pages.layouts import Layout, read_layout
from related.domain.pages.links import FilledSlot, Link, Page, Version, make_link, make_version
from related.domain.pages.reading import (
    Key,
    StoredPage,
    read_preview,
    read_stored,
    source_of,
    version_entry,
)
from related.domain.pages.summaries import is_current
from related.domain.suggesting.by_date import FEW_SPARES
from related.domain.suggesting.versions import FEW_VERSIONS, newest_versions, read_stories
from related.languages import page_language
from related.models import Document, Slot
from related.models.documents import order_key
from related.registry import Source, registered, source_for

__all__ = ["FilledSlot", "Link", "Page", "PageReading", "Version", "place_links"]


def place_links(objects: Sequence[Model], *, preview: bool = False) -> list[Page]:
    """The pages of these objects, in their order, in a constant number of queries per model.

    Hidden targets do not exist here: they are in no list, no count and no answer. A hidden
    object's own page comes back with empty slots.

    Args:
        preview: for editors: shows suggestions that wait for approval, and a hidden object's page.

    Raises:
        LookupError: an object's model is not registered.
    """
    own = {(source_for(type(obj)), str(obj.pk)): obj for obj in objects}
    reading = PageReading(list(own), preview=preview)
    reading.look(own)
    return [
        reading.page((source, key), obj, is_shown=preview or (source, key) in reading.cards)
        for (source, key), obj in ((_key_of(obj), obj) for obj in objects)
    ]


class PageReading:
    """The pages of some objects, read together: two queries, and one for each further model.

    Another one where a page has an approved summary, for the body that it was approved for. More
    only where so much of what wants to stand on a page is hidden that its reserves are needed.
    """

    def __init__(self, keys: Sequence[Key], *, preview: bool = False) -> None:
        self.keys = keys
        self.preview = preview
        self.cards = Cards()
        self.layout, self._stored = (read_preview if preview else read_stored)(keys)
        self._sources: dict[int, Source | None] = {}
        slots = self.layout.slots if preview else self.layout.automatic
        self._candidates = {
            key: _candidates(page, slots, page.dated) for key, page in self._stored.items()
        }
        self._n_rows = -1
        self._went_further = False  # than what a page is stored with

    def look(self, known: Iterable[Key] = ()) -> None:
        """Ask the site what may be seen of all that is likely to be shown.

        Args:
            known: pages whose objects the caller has at hand, with their bodies.
        """
        known = set(known)
        self.cards.ask(
            (
                key
                for key, page in self._stored.items()
                if page.contents.summary and key not in known
            ),
            whole=True,
        )
        if not self.keys:  # as many queries as for what is hidden
            for source in [*registered().values()][:1]:
                self.cards.look_in_vain(source)
        first = [e for each in self._candidates.values() for e in each.first(self.layout.slots)]
        first += [version for page in self._stored.values() for version in page.later_versions]
        self.cards.ask([*self.keys, *self._keys_of(first)])

    def digest(self) -> bytes | None:
        """The same for equal pages; None where the site does not say what its links are made of.

        Call it after ``look``; whether all was looked at then, ``page`` finds out.
        """
        if not self.cards.is_complete:
            return None
        stored = [page.written for page in self._stored.values()]
        self._n_rows = len(self.cards.rows)
        keys = [(type(source), key) for source, key in self.keys]
        read = (keys, self.layout.texts, stored, self.cards.rows)
        return blake2b(repr(read).encode("utf-8", "surrogatepass"), digest_size=16).digest()

    @property
    def is_settled(self) -> bool:
        """Whether nothing was read since the digest."""
        is_same = len(self.cards.rows) == self._n_rows and not self._went_further
        return is_same and self.cards.is_complete

    def page(self, key: Key, obj: Any = None, *, is_shown: bool = True) -> Page:
        """The page of one object.

        Args:
            obj: where the caller has it at hand; else the one that was found.
            is_shown: False leaves its slots empty.
        """
        source = key[0]
        if not self.layout.slots:
            self.layout = read_layout()  # no document of the request was known
        card = self.cards.card(key) if obj is None else Card.of(source, obj)
        language = page_language(card.language)
        stored = self._stored.get(key) if is_shown else None
        layout = self.layout if stored is None else self.layout.shown_by(stored.pk)
        headings = layout.headings_in(language)
        chosen: Chosen = {}
        summary = newer_version = None
        if stored is not None:
            headings = headings | stored.contents.headings
            chosen = self._choose(key, stored, layout)
            newer_version = self._newer_version(stored, card)
            approved = stored.contents.summary
            if approved and is_current(*approved, source, obj or self.cards[key]):
                summary = approved[0]
        return Page(
            type=source.model._meta.label_lower,
            id=key[1],
            title=card.title,
            url=card.url,
            slots={
                slot.key: FilledSlot(slot.key, headings[slot.pk], self._links(slot, chosen))
                for slot in layout.slots
            },
            summary=summary,
            language=language,
            newer_version=newer_version,
        )

    def _newer_version(self, stored: StoredPage, own: Card) -> Version | None:
        """The newest version of the page's own text that the public may see.

        By its date of now: the stored one only finds it, and may have changed without a signal.
        """
        own_order = order_key(own.published_at, stored.object_id)
        versions = stored.later_versions
        for again in range(2):
            for entry in versions:
                key = self._key_of(entry)
                if key is None or key not in self.cards:
                    continue
                if stored.marks.is_never_suggested(entry.target):
                    continue
                card = self.cards.card(key)
                if order_key(card.published_at, entry.object_id) > own_order:
                    return make_version(key[0], entry, card)
            if again or self.preview or len(versions) < FEW_VERSIONS:
                break
            self._went_further = True
            documents = list(Document.objects.filter(pk=stored.pk))
            newest = newest_versions(documents, read_stories(documents))
            versions = [version_entry(version) for version in newest.values()]
            self.cards.ask(self._keys_of(versions))
        return None

    def _choose(self, key: Key, stored: StoredPage, layout: Layout) -> Chosen:
        candidates = self._candidates[key]
        chosen, lacks = fill(candidates, layout, self.cards, self._key_of)
        if lacks:
            self.cards.ask(self._keys_of(candidates.all()))
            chosen, _ = fill(candidates, layout, self.cards, self._key_of)
        may_look_further = not self.preview and stored.marks.fills_itself
        if may_look_further and _may_have_more(stored, chosen):
            self._went_further = True
            documents = list(Document.objects.filter(pk=stored.pk))
            stories, own = read_stories(documents), {stored.pk: stored.marks.own}
            dated = find_dated(documents, self.layout.date_rules, stories, own)[stored.pk]
            candidates = _candidates(stored, self.layout.automatic, dated)
            self.cards.ask(self._keys_of(candidates.all()))
            chosen, _ = fill(candidates, layout, self.cards, self._key_of)
        return chosen

    def _links(self, slot: Slot, chosen: Chosen) -> list[Link]:
        links = []
        for entry, source_of_link in chosen.get(slot.pk, ()):
            key = self._key_of(entry)
            assert key is not None  # it was found
            strength = self.layout.chance_of(slot, entry.score)
            card = self.cards.card(key)
            links.append(make_link(key[0], entry, card, source_of_link, strength))
        return links

    def _keys_of(self, entries: Iterable[Entry]) -> list[Key]:
        return [key for entry in entries if (key := self._key_of(entry))]

    def _key_of(self, entry: Entry) -> Key | None:
        """None: the site took the model out, and nothing of it can be shown."""
        content_type = entry.content_type
        if content_type not in self._sources:
            self._sources[content_type] = source_of(content_type)
        source = self._sources[content_type]
        return (source, entry.object_id) if source else None


def _candidates(page: StoredPage, slots: Sequence[Slot], dated: Dated) -> Candidates:
    return Candidates.of(page.pk, page.contents, slots, dated, story=page.story, marks=page.marks)


def _may_have_more(stored: StoredPage, chosen: Chosen) -> bool:
    """Whether a slot by date stayed short although not all for it was read."""
    return any(
        len(entries) >= rule.slot.count + FEW_SPARES
        and len(chosen[rule.slot.pk]) < rule.slot.count
        and not (rule.is_fallback and chosen[rule.slot.pk])
        for rule, entries in stored.dated
    )


def _key_of(obj: Model) -> Key:
    return source_for(type(obj)), str(obj.pk)
