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

from related.changes import bulk_changes, mark_changed
from related.registry import Source, register

__all__ = ["Source", "bulk_changes", "mark_changed", "register"]

__version__ = "0.1.0"
