"""Progress bars of the long commands."""

from __future__ import annotations

from time import time
from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext as _
from tqdm import tqdm

# For a step that one worker does as a whole: a rate per document would say nothing.
WHOLE_STEP = "{desc}: {percentage:3.0f}%|{bar}| [{elapsed}]"


class PhaseBar:
    """One bar per phase of a rebuild, on standard error; only lines when that is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._phase = ""
        self._last_step = time()

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
        """Show a step that has just been done."""
        if phase != self._phase or self._bar is None:
            self._close()
            self._phase = phase
            self._bar = tqdm(
                desc=phase,
                total=n_total,
                unit=_(" documents"),
                mininterval=0.5,  # without a terminal, a line now and then is enough for a log
                smoothing=0,
                bar_format=WHOLE_STEP if n_done == n_total else None,
            )
            # Its first step began when the last one ended.
            self._bar.start_t = self._bar.last_print_t = self._last_step
        bar = self._bar
        bar.total = n_total
        bar.update(n_done - bar.n)
        self._last_step = time()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
