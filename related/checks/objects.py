"""The registered sources, tried on what the site has: a source that cannot read its own objects
is found before the workers meet it. By `manage.py check` alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.db import DatabaseError, connections, router, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from related.addresses import read_address, web_address
from related.checks.sources import missing_methods
from related.models import Document
from related.registry import Source, registered

N_TRIED = 3  # of each model
# What workers, pages and the API call for every object.
TEXTS = (
    *("title", "text", "url", "language", "section"),
    *("excerpt", "image_url", "external_id", "section_name"),
)


def check_objects(**kwargs: Any) -> list[CheckMessage]:
    """An error where all that is tried fails; a warning where only some do, for then the site
    can run: such objects are set aside with their error."""
    found: list[CheckMessage] = []
    for model, source in registered().items():
        if not missing_methods(source):  # else said by the check of sources
            found += _try_source(model, source)
    return found


def _try_source(model: type[Model], source: Source) -> list[CheckMessage]:
    try:
        everything: QuerySet[Any] = source.queryset()
        public: QuerySet[Any] = source.public()
        own = router.db_for_write(Document)
        if {everything.db, public.db} != {own} or not _answers(own):
            return []  # the former is said by the check of sources
        with transaction.atomic(using=everything.db):
            objects = list(everything.order_by("-pk")[:N_TRIED])
            list(public.order_by("-pk")[:1])
            list(source.drafts().order_by("-pk")[:1])
            failures = [list(_failures(source, obj)) for obj in objects]
    except DatabaseError:
        return []  # no database, or no table yet: commands that need one say so
    except Exception as error:  # noqa: BLE001 - the site's own code
        return [_refused(model, source, "queryset", error)]
    if all(failures):
        return failures[0] if failures else []
    some = next((messages[0] for messages in failures if messages), None)
    if some is None:
        return []
    return [Warning(some.msg, hint=some.hint, obj=some.obj, id="related.W009")]


def _answers(alias: str) -> bool:
    """Whether the database can be asked; commands that need one say so themselves."""
    try:
        connections[alias].ensure_connection()
    except Exception:  # noqa: BLE001 - a driver's error, or a test that forbids it
        return False
    return True


def _failures(source: Source, obj: Any) -> Iterator[CheckMessage]:
    for method in (*TEXTS, "published_at"):
        try:
            value = getattr(source, method)(obj)
            _require_kind(method, value)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - the site's own code
            yield _refused(source.model, source, method, error, obj)
            continue
        if method == "url" and not _is_address(value):
            yield _no_address(source, obj, value)


def _require_kind(method: str, value: Any) -> None:
    if method == "published_at":
        if value is not None and not isinstance(value, datetime):
            raise TypeError(_("it returns %(value)r, not a date with its time") % {"value": value})
        if value is not None and settings.USE_TZ and timezone.is_naive(value):
            raise ValueError(_("it returns %(value)r, without a time zone") % {"value": value})
    elif value is not None and not isinstance(value, str):
        raise TypeError(_("it returns %(value)r, not a text") % {"value": value})


def _is_address(url: str | None) -> bool:
    """Whether it leads to a page: the front page (a path of "/" alone) does as well."""
    address = web_address(url)
    return bool(address) and (bool(read_address(address)) or address.endswith("/"))


def _refused(
    model: type[Model], source: Source, method: str, error: Exception, obj: Any = None
) -> CheckMessage:
    message = _("%(source)s.%(method)s() fails for %(object)s: %(error)s")
    names = {
        "source": type(source).__name__,
        "method": method,
        "object": model._meta.label if obj is None else f"{model._meta.label} {obj.pk}",
        "error": f"{type(error).__name__}: {error}",
    }
    hint = _("Workers and pages call it for every object; see docs/reference/registration.md.")
    return Error(message % names, hint=hint, obj=type(source), id="related.E007")


def _no_address(source: Source, obj: Any, value: Any) -> CheckMessage:
    message = _("%(source)s.url() returns %(value)r for %(object)s, which is no address.")
    names = {
        "source": type(source).__name__,
        "value": value,
        "object": f"{source.model._meta.label} {obj.pk}",
    }
    hint = _(
        "Return a path that starts with a slash, or a full http(s) address with its path. "
        "PAGE_PARAMETERS says which parameters name a page."
    )
    return Error(message % names, hint=hint, obj=type(source), id="related.E008")
