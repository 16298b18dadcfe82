"""Objects of the newsroom for tests: one line each, every field sensible."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import factory
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from newsroom.articles.models import Article, Section, Status, Tag
from related.models import Slot

# Of the migration that writes the slots: fields that a later one replaced.
_OLD_FIELDS = {"recency_weight", "recency_half_life"}
_NEW_HEADINGS = {"Read more on this": "Upcoming stops"}


def shipped_slots() -> None:
    """The slots of a new site, where they are missing."""
    shipped = import_module("related.migrations.0002_slots").SLOTS
    for position, slot in enumerate(shipped):
        fields = {name: value for name, value in slot.items() if name not in _OLD_FIELDS}
        fields["heading"] = _NEW_HEADINGS.get(slot["heading"], slot["heading"])
        Slot.objects.get_or_create(key=slot["key"], defaults=fields | {"position": position})


class SectionFactory(factory.django.DjangoModelFactory[Section]):
    class Meta:
        model = Section

    name = factory.Sequence(lambda n: f"Section {n}")
    position = factory.Sequence(lambda n: n + 1)


class TagFactory(factory.django.DjangoModelFactory[Tag]):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"tag {n}")


class ArticleFactory(factory.django.DjangoModelFactory[Article]):
    """A published article, one hour older than the one made before it."""

    class Meta:
        model = Article

    class Params:
        draft = factory.Trait(status=Status.DRAFT, published_at=None)
        withdrawn = factory.Trait(status=Status.WITHDRAWN)
        scheduled = factory.Trait(
            status=Status.SCHEDULED,
            published_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=1)),
        )

    title = factory.Sequence(lambda n: f"Article {n}")
    excerpt = "What happened, in one sentence."
    body = "The first paragraph.\n\nThe second paragraph.\n\nThe third.\n\nThe fourth."
    section = factory.SubFactory(SectionFactory)
    status = Status.PUBLISHED
    published_at = factory.Sequence(lambda n: timezone.now() - timedelta(hours=n + 1))


class EditorFactory(factory.django.DjangoModelFactory[User]):
    """A member of staff. ``permissions`` are "app_label.codename"; a superuser has them all."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"editor{n}")
    is_staff = True

    @factory.post_generation
    def permissions(self: Any, create: bool, names: list[str] | None, **kwargs: Any) -> None:
        for name in names or []:
            app_label, codename = name.split(".")
            found = Permission.objects.get(content_type__app_label=app_label, codename=codename)
            self.user_permissions.add(found)
