"""The text of a page: what its fields say, read without rendering anything.

Rendering would run the site's templates, write renditions of images and fetch embeds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import CharField, Field, Model, TextField
from django.utils.html import escape
from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.search.index import SearchField

from related.contrib.wagtail.tree import BASE


def body_fields(model: type[Model]) -> list[str]:
    """The names of a page type's own fields that hold text for readers, in their order.

    Rich text and streams, and what else of text the type gives to Wagtail's search.
    """
    searched = {
        each.field_name
        for each in getattr(model, "search_fields", ())
        if isinstance(each, SearchField)
    }
    inherited = {field.name for field in BASE._meta.get_fields()}
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.name not in inherited
        and (
            isinstance(field, StreamField | RichTextField)
            or (isinstance(field, CharField | TextField) and field.name in searched)
        )
    ]


def html_of(page: Any, names: Collection[str]) -> str:
    """The text of these fields as HTML; each page that they link to as an empty link at the end."""
    parts: list[str] = []
    linked: dict[str, None] = {}
    for name in names:
        field: Any = page._meta.get_field(name)
        value = getattr(page, name)
        parts += _html_of_field(field, value)
        if isinstance(field, StreamField | RichTextField):
            for model, key, *_ in field.extract_references(value):
                if issubclass(model, BASE):
                    linked[str(key)] = None
    parts += [f'<a href="{stable_address(key)}"></a>' for key in linked]
    return "\n".join(parts)


def stable_address(key: object) -> str:
    """An address that a page keeps wherever it moves: links in texts name pages by their keys.

    It is no page of the site. With the present one in its place, a text would change whenever
    a page that it links to is renamed.
    """
    return f"/_wagtail/page/{key}/"


def _html_of_field(field: Field[Any, Any], value: Any) -> Iterator[str]:
    if isinstance(field, StreamField):
        yield from _html_of_block(field.stream_block, value)
    elif isinstance(field, RichTextField):
        yield value or ""
    elif value:
        yield f"<p>{escape(value)}</p>"


def _html_of_block(block: Any, value: Any) -> Iterator[str]:
    """Rich text with its tags; of all other blocks what they give to Wagtail's search.

    A block that reads itself in a way of its own, as those of images do, is asked.
    """
    children = _CHILDREN.get(type(block).get_searchable_content)
    if isinstance(block, RichTextBlock) and block.search_index:
        yield value.source
    elif children is not None and block.search_index:
        for child, child_value in children(block, value):
            yield from _html_of_block(child, child_value)
    else:
        for text in block.get_searchable_content(value):
            yield f"<p>{escape(text)}</p>"


def _children_of_stream(block: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    return ((child.block, child.value) for child in value)


def _children_of_list(block: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    return ((block.child_block, child) for child in value)


def _children_of_struct(block: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    for name, child in block.child_blocks.items():
        yield child, value.get(name, child.get_default())


_CHILDREN = {
    StreamBlock.get_searchable_content: _children_of_stream,
    ListBlock.get_searchable_content: _children_of_list,
    StructBlock.get_searchable_content: _children_of_struct,
}
