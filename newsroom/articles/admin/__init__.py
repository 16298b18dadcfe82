"""The newsroom in Django's admin; importing the modules registers them."""

from newsroom.articles.admin import articles, brand, sections

__all__ = ["articles", "brand", "sections"]
