"""One file imported into the newsroom and taken back, with what it came to."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from newsroom.articles.importing.articles import ArticleImport
from newsroom.articles.models import Article
from related.contrib.importing.archives import Archive, ArchiveError, Notice, Refusal, Row

SECONDS = 10.0  # of the processor for any file, and as many again for each megabyte of it
MEGABYTES = 250.0  # the same
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_NOW = re.compile(r"VmRSS:\s+(\d+) kB")


@dataclass
class Outcome:
    """``counts``: rows read, articles made, refusals. ``again``: what a second import changed."""

    n_bytes: int
    seconds: float = 0.0
    megabytes: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    error: str = ""
    again: int = 0

    def check(self, n_certain: int) -> None:
        """Raises:
        AssertionError: an invariant does not hold, and which.
        """
        megabytes = 1 + self.n_bytes / 1_000_000
        assert self.counts["articles"] >= n_certain, (
            f"{self.counts['articles']} of {n_certain} articles: {self.error} {self.refusals}"
        )
        for refusal in self.refusals:
            assert refusal.reason, refusal
            assert refusal.where.line or refusal.where.file, refusal
        assert self.counts["counted"] == self.counts["rows"] + self.counts["unread"], self.counts
        assert self.again == 0, "the same file again changed something"
        assert self.seconds < SECONDS * megabytes, f"{self.seconds:.1f} s"
        assert self.megabytes < MEGABYTES * megabytes, f"{self.megabytes:.0f} MB"


class Importing:
    def __init__(self, file: Path) -> None:
        self._file = file

    def run(self, content: bytes, *, is_repeated: bool = False) -> Outcome:
        """Import a file's content, and once more if asked; the database is as before then."""
        self._file.write_bytes(content)
        outcome = Outcome(len(content))
        before = _reset_peak()
        started = time.process_time()
        with transaction.atomic():
            self._import(outcome)
            outcome.seconds = time.process_time() - started
            outcome.megabytes = _megabytes(_PEAK) - before
            if is_repeated and not outcome.error:
                outcome.again = self._changes()
            transaction.set_rollback(True)
        return outcome

    def seconds(self, content: bytes) -> float:
        """How long it takes to read a file and to save what stands in it."""
        return self.run(content).seconds

    def _import(self, outcome: Outcome) -> None:
        reported: list[Refusal] = []

        def report(found: Refusal | Notice) -> None:
            if isinstance(found, Refusal):
                reported.append(found)

        try:
            with Archive(str(self._file)) as archive:
                totals = ArticleImport(report).run(_counted(archive, outcome.counts))
        except ArchiveError as error:
            outcome.error = str(error)
            outcome.counts["nothing readable"] = 1
            outcome.counts["counted"] = outcome.counts["rows"] + outcome.counts["unread"]
            return
        outcome.refusals = reported
        outcome.counts["refusals"] = totals.refused
        outcome.counts["counted"] = totals.rows
        outcome.counts["articles"] = Article.objects.count()
        assert totals.refused == len(reported)

    def _changes(self) -> int:
        with Archive(str(self._file)) as archive:
            totals = ArticleImport(lambda found: None).run(archive)
        return totals.created + totals.updated


def _counted(archive: Archive, counts: Counter[str]) -> Iterator[Row | Refusal | Notice]:
    for found in archive:
        counts["rows"] += isinstance(found, Row)
        counts["unread"] += isinstance(found, Refusal)
        yield found


def _reset_peak() -> float:
    """Forget the most memory that this process took; what it takes now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _megabytes(_NOW)


def _megabytes(which: re.Pattern[str]) -> float:
    found = which.search(Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024
