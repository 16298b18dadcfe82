"""What apps beside the plugin say of their work: shown where its own health is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from related.models import Document
from related.signals import health_measured


@dataclass(frozen=True, slots=True)
class Concern:
    """One line of the health page."""

    name: str
    text: str
    is_bad: bool  # an operator has to look


def ask_for_concerns() -> list[Concern]:
    """What the receivers of ``health_measured`` say; one that fails is a concern itself."""
    return [*_answers()]


def _answers() -> Iterator[Concern]:
    for receiver, answer in health_measured.send_robust(Document):
        if isinstance(answer, Exception):
            name = getattr(receiver, "__module__", "")
            yield Concern(name, f"{type(answer).__name__}: {answer}", is_bad=True)
        else:
            yield from answer
