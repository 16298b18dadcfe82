from __future__ import annotations

from django.db import models


class Page(models.Model):
    """A node of the tree: its address is made of the slugs on the way to it."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)
    slug = models.SlugField()
    title = models.CharField(max_length=200)
    is_live = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title

    def path(self) -> str:
        above = self.parent.path() if self.parent else "/"
        return f"{above}{self.slug}/"


class Story(Page):
    body = models.TextField()


class Event(Page):
    about = models.TextField()


class Recipe(models.Model):
    title = models.CharField(max_length=200)
    steps = models.TextField()

    def __str__(self) -> str:
        return self.title


class HolidayRecipe(Recipe):
    """Not registered by itself: a recipe as others are."""

    holiday = models.CharField(max_length=200)


class NewRecipe(Recipe):
    class Meta:
        proxy = True
