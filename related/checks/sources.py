"""The registered sources, read as code: nothing is asked of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.db import router
from django.db.models import Model
from django.utils.translation import gettext as _

from related.models import Document
from related.registry import Source, registered

REQUIRED_METHODS = ("queryset", "public", "title", "text", "url")


def check_sources(**kwargs: Any) -> list[CheckMessage]:
    sources = registered()
    if not sources:
        return [
            Warning(
                _("No model is registered, so there is nothing to relate."),
                hint=_("Register one in a module related_sources.py of an installed app."),
                id="related.W001",
            )
        ]
    return [
        *(each for model, source in sources.items() for each in _without_methods(model, source)),
        *(each for model, source in sources.items() for each in _elsewhere(model, source)),
    ]


def missing_methods(source: Source) -> list[str]:
    """The required methods that a source does not define."""
    return [
        method
        for method in REQUIRED_METHODS
        if getattr(type(source), method) is getattr(Source, method)
    ]


def _without_methods(model: type[Model], source: Source) -> Iterator[CheckMessage]:
    for method in missing_methods(source):
        yield Error(
            _("%(source)s does not define %(method)s().")
            % {"source": type(source).__name__, "method": method},
            hint=_("It reads %(model)s; see docs/reference/registration.md.")
            % {"model": model._meta.label},
            obj=type(source),
            id="related.E003",
        )


def _elsewhere(model: type[Model], source: Source) -> Iterator[CheckMessage]:
    own = router.db_for_write(Document)
    its = {router.db_for_write(model), router.db_for_read(model)}
    try:
        its |= {source.queryset().db, source.public().db}
    except Exception:  # noqa: BLE001, S110 - the site's own code; other checks name the failure
        pass
    for alias in sorted(its - {own}):
        message = _(
            "%(model)s is read from the database %(alias)r, and the plugin's tables are in %(own)r."
        )
        names = {"model": model._meta.label, "alias": alias, "own": own}
        hint = _(
            "Keep both in one database: a change and its mark are one transaction, and pages join "
            "the tables."
        )
        yield Error(message % names, hint=hint, obj=type(source), id="related.E005")
