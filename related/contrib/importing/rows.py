"""What a reader yields: rows, refusals and notices, each with the place it stands at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a file; the name only where an archive has several files."""

    line: int = 0
    file: str = ""

    def __str__(self) -> str:
        if not self.line:
            return self.file or _("the file")
        if not self.file:
            return _("line %(line)d") % {"line": self.line}
        return _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}


@dataclass(frozen=True, slots=True)
class Row:
    """One article as its file tells it, under the keys of JSON Lines whatever the format."""

    where: Where
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that does not go in, and why, for people."""

    where: Where
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing that keeps no article out, for people."""

    where: Where
    text: str


Found = Row | Refusal | Notice
