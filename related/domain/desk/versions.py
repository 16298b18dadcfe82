"""What else tells the story of a card: one place in a slot, for the newest, unless an editor takes
another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from related.domain.desk.context import DeskContext, DeskLink, DeskVersion, link_fields
from related.domain.desk.slots import DeskSlot
from related.domain.desk.targets import Target
from related.models import Document
from related.models.documents import order_key

MOST_SHOWN = 10  # behind one card

Members = Mapping[int, Sequence[Document]]  # by story, the newest first


def own_versions(context: DeskContext, members: Members) -> list[DeskVersion]:
    """The other articles that tell the story of the document itself, the newest first."""
    story = context.stories.get(context.document.pk)
    own = () if story is None else members.get(story, ())
    others = [context.targets[each.pk] for each in own if each.pk != context.document.pk]
    return [DeskVersion(target) for target in others]


def newest_version(
    document: Document, itself: Target, versions: Sequence[DeskVersion]
) -> Target | None:
    """What readers of the document are sent to: newer than itself, by the dates of now."""
    own = order_key(itself.published_at, document.object_id)
    later = [
        (order, version.target)
        for version in versions
        if version.target.is_public
        and itself.published_at is not None
        and (order := order_key(version.target.published_at, _key_of(version.target))) > own
    ]
    return max(later, key=lambda pair: pair[0])[1] if later else None


def add_versions(
    context: DeskContext, slots: Sequence[DeskSlot], members: Members
) -> list[DeskSlot]:
    """The desk's slots, each card with the other articles of its story."""

    def told(links: Sequence[DeskLink]) -> list[DeskLink]:
        return [replace(link, versions=_versions(context, link, members)) for link in links]

    return [
        replace(
            slot,
            approved=told(slot.approved),
            proposed=told(slot.proposed),
            automatic=told(slot.automatic),
            reserves=told(slot.reserves),
            weak=told(slot.weak),
        )
        for slot in slots
    ]


def _versions(context: DeskContext, link: DeskLink, members: Members) -> list[DeskVersion]:
    story = context.stories.get(link.target.document_id)
    if story is None or link.is_version:
        return []
    others = [each for each in members.get(story, ()) if each.pk != link.target.document_id]
    return [
        DeskVersion(context.targets[each.pk], _taking(context, link, each.pk))
        for each in others[:MOST_SHOWN]
    ]


def _taking(context: DeskContext, link: DeskLink, version_id: int) -> str:
    """ "" where an editor decided against it, or where it stands already."""
    if version_id in context.rejected or version_id in context.approved_in:
        return ""
    target, version = context.targets[version_id], context.version(link.slot, version_id)
    new = link_fields(link.slot, target, version)
    if not link.is_approved:
        return f"action=approve&{new}"
    old = urlencode({"old": link.target.label, "old_version": link.version})
    return f"action=replace&{new}&{old}"


def _key_of(target: Target) -> str:
    return target.label.partition(":")[2]
