"""A link that comes in the place of another stands exactly there, by one click that one undo takes
back."""

from __future__ import annotations

from typing import Any

import pytest

from related.domain.decisions import ordering, replacing, reviewing, undoing
from related.models import Decision, Document
from tests.related.decisions.links import place_of, titles_in_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["replace", "swap"])
@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("order", ["by age", "by number", "pinned"])
def test_it_takes_the_place(
    document: Document, anna: Any, way: str, number: int, order: str
) -> None:
    links = [place_of(document, title) for title in ("A", "B", "C")]
    for link in links:
        act = reviewing.pin if order == "pinned" else reviewing.approve
        act(link, user=anna, version=0)
    if order == "by number":
        ordering.move(links[0], up=False, user=anna, version=1)
    before = titles_in_order(document)
    old = next(link for link in links if title_of(link) == before[number])
    version = Decision.objects.get(target=old.target).version
    new = place_of(document, "New")

    if way == "replace":
        replacing.replace(new, user=anna, version=0, old=old.target, old_version=version)
    else:
        replacing.swap(old, user=anna, version=version, reserve=new.target, reserve_version=0)

    expected = [*before[:number], "New", *before[number + 1 :]]
    assert titles_in_order(document) == expected
    assert Decision.objects.get(target=new.target).is_pinned == (order == "pinned")
    step = undoing.last_step(anna, document)
    assert step is not None
    undoing.undo(step.operation, document, user=anna)
    assert titles_in_order(document) == before


def title_of(link: Any) -> str:
    title: str = link.target.source.queryset().get(pk=link.target.object_id).title
    return title
