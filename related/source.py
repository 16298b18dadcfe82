"""How the plugin reads a registered model: what a site overrides."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Q, QuerySet

from related.spelling import spellings


class Source:
    """How the plugin reads one registered model. A site subclasses this and overrides.

    ``queryset()``, ``public()``, ``title()``, ``text()`` and ``url()`` are required. No method
    may write. ``queryset()``, ``public()`` and ``drafts()`` are filtered further by the plugin, so
    they must not be sliced.
    """

    model: type[Model]
    # Whether another system may say over HTTP, with a key, that an object changed; see
    # related.contrib.headless.
    accepts_pushes = False

    # The fields of ``public()`` that a link shows: all that ``title()``, ``url()``, ``excerpt()``,
    # ``image_url()``, ``section_name()``, ``published_at()`` and ``language()`` read, as for
    # ``only()``. Pages are answered faster then; without it, whole objects are loaded.
    card_fields: Collection[str] = ()

    # Whether ``public()`` makes the same query each time: what it compares with the time goes by
    # the database's clock (``Now()``), and it looks at nothing else that changes. It is compiled
    # once then, and not for every request.
    public_is_fixed = False

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def queryset(self) -> QuerySet[Any]:
        """Everything that may be indexed (also what is scheduled but not out yet)."""
        raise NotImplementedError(self._missing("queryset"))

    def public(self) -> QuerySet[Any]:
        """What the public may see at this moment; asked again at every page and API request."""
        raise NotImplementedError(self._missing("public"))

    def drafts(self) -> QuerySet[Any]:
        """What is being written: links are found for it, and it is a link of nothing itself.

        What is in ``queryset()`` too is no draft. ``url()`` is not asked of drafts.
        """
        return self.model._base_manager.none()

    def may_view_draft(self, user: Any, obj: Any) -> bool:
        """Whether an editor may see a draft's title and text on the review desk: by Django's
        permission to view or change objects of its kind."""
        opts = type(obj)._meta
        names = (get_permission_codename(action, opts) for action in ("view", "change"))
        return any(user.has_perm(f"{opts.app_label}.{name}") for name in names)

    def title(self, obj: Any) -> str:
        """The headline; it counts three times in the comparison."""
        raise NotImplementedError(self._missing("title"))

    def text(self, obj: Any) -> str:
        """The body, plain text or HTML (markup is stripped before the analysis)."""
        raise NotImplementedError(self._missing("text"))

    def url(self, obj: Any) -> str:
        """The public address: a path, or a full http(s) address."""
        raise NotImplementedError(self._missing("url"))

    def preview_url(self, obj: Any) -> str:
        """Where editors see the page before readers do, a path or an http(s) address; "" without
        such a page. The site decides there who may read it."""
        return ""

    def earlier_urls(self, obj: Any) -> Iterable[str]:
        """Other addresses of the object: those that it had, and where it stands elsewhere. A link
        to one of them is a link to the object."""
        return ()

    def original(self, obj: Any) -> Any:
        """The object whose links are shown with this one: itself, but for a copy of another."""
        return obj

    def language(self, obj: Any) -> str:
        """Language code; only documents of the same language are compared."""
        return ""

    def section(self, obj: Any) -> str:
        """Key of the section, for the rules that stay inside one section."""
        return ""

    def published_at(self, obj: Any) -> datetime | None:
        """When the object came or comes out (aware); None is unknown: no rule by date takes it."""
        return None

    def excerpt(self, obj: Any) -> str:
        """A sentence or two for lists."""
        return ""

    def image_url(self, obj: Any) -> str:
        """A picture for lists: a path, or a full http(s) address."""
        return ""

    def sensitivity(self, obj: Any) -> Collection[str]:
        """Marks of the site's own, beside what editors set: of ``"no_links"``, ``"never_suggest"``,
        ``"nothing_light"``, ``"light"`` and ``"sensitive"``, which fills nothing by itself."""
        return ()

    def external_id(self, obj: Any) -> str:
        """The id that exports print and commands accept; by default the primary key."""
        return str(obj.pk)

    def with_external_ids(self, external_ids: Iterable[str]) -> QuerySet[Any]:
        """The objects that carry these external ids (the inverse of ``external_id``)."""
        keys = [value for value in external_ids if is_valid_key(self.model, value)]
        return self.queryset().filter(pk__in=keys)

    def search(self, text: str) -> QuerySet[Any]:
        """What an editor finds when adding a link by hand: all words in one short text field, also
        their beginnings, with capitals and quotes as people type them.

        The field is ``title`` where the model has one, else any of its CharFields. A site with a
        search engine overrides this.
        """
        names = [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.CharField) and not field.choices
        ]
        if "title" in names:
            names = ["title"]
        matches = Q()
        for name in names:
            holds_all = Q()
            for word in text.split()[:10]:
                spelled = Q()
                for spelling in spellings(word):
                    spelled |= Q((f"{name}__icontains", spelling))
                holds_all &= spelled
            matches |= holds_all
        found = self.queryset().filter(matches) if names else self.queryset().none()
        return found.order_by("-pk")

    def section_name(self, obj: Any) -> str:
        """The section as readers see it; by default its key."""
        return self.section(obj)

    def review_sections(self, user: Any) -> Collection[str] | None:
        """Keys of the sections in which an editor decides, None for all; the queue lists these."""
        return None

    def may_review(self, user: Any, obj: Any) -> bool:
        """Whether an editor who may decide at all may decide for this object; by its section."""
        sections = self._sections_of(user)
        return sections is None or self.section(obj) in sections

    def _sections_of(self, user: Any) -> Collection[str] | None:
        """``review_sections``, asked once per user object, as Django does with permissions.

        A page may ask ``may_review`` for thousands of objects.
        """
        known = user.__dict__.setdefault("_related_sections", {})
        if type(self) not in known:
            known[type(self)] = self.review_sections(user)
        sections: Collection[str] | None = known[type(self)]
        return sections

    def _missing(self, method: str) -> str:
        return f"{type(self).__name__} must define {method}(); see docs/reference/registration.md."


def is_valid_key(model: type[Model], value: str) -> bool:
    """Whether text from an address is a primary key of the model in its one canonical spelling.

    Databases raise on keys out of range and on NUL, so those must be sorted out before a query.
    """
    field: models.Field[Any, Any] = model._meta.pk
    if isinstance(field, models.ForeignKey):
        return is_valid_key(field.related_model, value)
    if "\x00" in value or len(value) > 255:
        return False
    try:
        key = field.to_python(value)
        field.run_validators(key)
    except (ValidationError, ValueError, TypeError):
        return False
    return str(key) == value
