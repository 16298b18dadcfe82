"""Related articles for any Django site: suggestions by text similarity, approved by editors.

A site registers its models in a module ``related_sources`` of one of its apps::

    import related

    @related.register(Article)
    class ArticleSource(related.Source):
        def queryset(self): ...
        def public(self): ...
        def title(self, obj): ...
        def text(self, obj): ...
        def url(self, obj): ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from related.registry import Source, register

if TYPE_CHECKING:
    from related.receivers import bulk_changes, mark_changed

__all__ = ["Source", "bulk_changes", "mark_changed", "register"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # These need the models, which exist only once Django's app registry is ready; a site's
    # ``import related`` comes earlier than that.
    if name in {"bulk_changes", "mark_changed"}:
        from related import receivers

        return getattr(receivers, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
