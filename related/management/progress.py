"""Progress bars of the long commands."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext as _
from tqdm import tqdm


class PhaseBar:
    """One bar per phase of a rebuild, on standard error; only lines when that is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._phase = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def __call__(self, phase: str, n_done: int, n_total: int) -> None:
        if phase != self._phase or self._bar is None:
            self._close()
            self._phase = phase
            # Without a terminal one line every few seconds is enough for a log.
            self._bar = tqdm(total=n_total, desc=phase, unit=_(" documents"), mininterval=0.5)
        bar = self._bar
        bar.total = n_total
        bar.update(n_done - bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
