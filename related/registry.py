"""Which models take part, and how the plugin reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _


class Source:
    """How the plugin reads one registered model. A site subclasses this and overrides.

    ``queryset()``, ``public()``, ``title()``, ``text()`` and ``url()`` are required. No method
    may write. ``queryset()`` and ``public()`` are filtered further by the plugin, so they must
    not be sliced.
    """

    model: type[Model]
    # Whether a push may say that an object changed; see related.contrib.headless.
    accepts_pushes = False

    # The fields of ``public()`` that a link shows: all that ``title()``, ``url()``, ``excerpt()``,
    # ``image_url()``, ``section_name()``, ``published_at()`` and ``language()`` read, as for
    # ``only()``. Pages are answered faster then; without it, whole objects are loaded.
    card_fields: Collection[str] = ()

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def queryset(self) -> QuerySet[Any]:
        """Everything that may be indexed (also what is scheduled but not out yet)."""
        raise NotImplementedError(self._missing("queryset"))

    def public(self) -> QuerySet[Any]:
        """What the public may see at this moment; asked again at every page and API request."""
        raise NotImplementedError(self._missing("public"))

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
                for spelling in _spellings(word):
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
        """``review_sections``, asked once per user object: a page asks for thousands of objects."""
        known = user.__dict__.setdefault("_related_sections", {})
        if type(self) not in known:
            known[type(self)] = self.review_sections(user)
        sections: Collection[str] | None = known[type(self)]
        return sections

    def _missing(self, method: str) -> str:
        return f"{type(self).__name__} must define {method}(); see docs/reference/registration.md."


def _spellings(word: str) -> set[str]:
    """How a word may be written in a title. A database that folds case may know ASCII alone."""
    bare = word.strip("\"“”„«»‘’'") or word
    quoted = {bare, bare.replace("'", "’"), bare.replace("’", "'")}
    if bare.isascii():
        return quoted
    cases = (str.lower, str.upper, str.capitalize)
    return quoted | {case(spelling) for spelling in quoted for case in cases}


S = TypeVar("S", bound=type[Source])

_sources: dict[type[Model], Source] = {}


def register(model: type[Model]) -> Callable[[S], S]:
    """Class decorator: let objects of ``model`` take part, read through the decorated Source.

    Raises:
        ImproperlyConfigured: the model is registered already, is abstract, or is a proxy.
    """

    def decorate(source_class: S) -> S:
        if model in _sources and type(_sources[model]) is not source_class:
            raise ImproperlyConfigured(
                f"{model._meta.label} is registered already, by {type(_sources[model]).__name__}."
            )
        if model._meta.abstract or model._meta.proxy:
            kind = "abstract" if model._meta.abstract else "a proxy"
            raise ImproperlyConfigured(f"{model._meta.label} is {kind}; register a concrete one.")
        _sources[model] = source_class(model)
        return source_class

    return decorate


def unregister(model: type[Model]) -> None:
    """Take a model out again (for tests of the registration itself)."""
    _sources.pop(model, None)


def registered() -> dict[type[Model], Source]:
    """All registered models and their sources, in the order of registration."""
    return dict(_sources)


def source_for(model: type[Model]) -> Source:
    """The source of a model.

    Raises:
        LookupError: the model is not registered; the message names those that are.
    """
    for ancestor in model.__mro__:
        if ancestor in _sources:
            return _sources[ancestor]
    raise LookupError(_not_registered(model._meta.label_lower))


def is_registered(model: type[Model]) -> bool:
    """Whether objects of a model take part, by itself or by an ancestor."""
    return any(ancestor in _sources for ancestor in model.__mro__)


def registered_children(model: type[Model]) -> list[type[Model]]:
    """The registered models that extend a model's rows by tables of their own."""
    return [child for child in _sources if child is not model and issubclass(child, model)]


def source_for_label(label: str) -> Source:
    """The source of ``app_label.model``, as addresses and commands name it.

    A child of a registered model, or a proxy, goes by its own label as well: it has the keys of
    the model that it extends.

    Raises:
        LookupError: no such model is registered.
    """
    for model, source in _sources.items():
        if model._meta.label_lower == label.lower():
            return source
    try:
        found = apps.get_model(label)
    except (LookupError, ValueError):
        found = None
    if found is not None and is_registered(found):
        source = source_for(found)
        if _has_keys_of(found, source.model):
            return source
    raise LookupError(_not_registered(label))


def _has_keys_of(model: type[Model], ancestor: type[Model]) -> bool:
    """Whether the primary key of a model is that of the row that it extends."""
    key: models.Field[Any, Any] = model._meta.pk
    while key.model is not ancestor:
        if not (isinstance(key, models.OneToOneField) and key.remote_field.parent_link):
            return False
        key = key.related_model._meta.pk
    return True


def _not_registered(label: str) -> str:
    if not _sources:
        return _("%(label)s is not registered; no model is.") % {"label": label}
    known = ", ".join(model._meta.label_lower for model in _sources)
    message = _("%(label)s is not registered (registered: %(known)s).")
    return message % {"label": label, "known": known}


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
