"""The similarity engine made ready by a command, which says so where that takes long."""

from __future__ import annotations

from django.core.management.base import CommandError, OutputWrapper
from django.utils.translation import gettext as _

from related.similarity.warm_up import SECONDS_TO_COMPILE, EngineUnavailable, warm_up


def start_engine(stderr: OutputWrapper) -> None:
    """Compile the engine's loops, or read what was compiled on this host before.

    Raises:
        CommandError: the engine does not run here; says what to install.
    """

    def announce() -> None:
        line = _("Compiling the similarity engine, once per host (about %(seconds)d s) ...")
        stderr.write(line % {"seconds": SECONDS_TO_COMPILE}, str)
        stderr.flush()

    try:
        warm_up(announce)
    except EngineUnavailable as error:
        raise CommandError(
            _("The similarity engine cannot start. %(reason)s") % {"reason": error}
        ) from None
