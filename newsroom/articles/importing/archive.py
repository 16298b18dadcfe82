"""A whole archive: its rows through checking and saving, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.articles.importing.articles import ArticleRow, RowRefusedError, check_row
from newsroom.articles.importing.rows import Refusal, Row
from newsroom.articles.importing.saving import save_block
from newsroom.articles.importing.sections import SectionFinder

BLOCK_ROWS = 500
BLOCK_CHARACTERS = 16_000_000  # of bodies; keeps memory flat whatever the articles' size


@dataclass
class Totals:
    """What an import did so far, counted in rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.refused


class ArchiveImport:
    """Feeds rows into the database. Every full block is committed, so a broken run loses little
    and may simply be started again."""

    def __init__(self, report: Callable[[Refusal], None]) -> None:
        """``report`` is called with every refused row."""
        self.totals = Totals()
        self._report = report
        self._now = timezone.now()
        self._sections = SectionFinder()
        self._first_line: dict[str, int] = {}  # external id -> where the file has it
        self._block: list[ArticleRow] = []
        self._characters = 0

    def run(self, rows: Iterable[Row | Refusal]) -> Totals:
        for row in rows:
            self._take(row)
            if len(self._block) >= BLOCK_ROWS or self._characters >= BLOCK_CHARACTERS:
                self._save()
        self._save()
        return self.totals

    def _take(self, row: Row | Refusal) -> None:
        if isinstance(row, Refusal):
            self._refuse(row)
            return
        try:
            checked = check_row(row)
        except RowRefusedError as refused:
            self._refuse(Refusal(row.line, str(refused)))
            return
        first = self._first_line.setdefault(checked.external_id, row.line)
        if first != row.line:
            reason = _("the article %(id)r was already on line %(line)d")
            names = {"id": checked.external_id, "line": first}
            self._refuse(Refusal(row.line, reason % names))
            return
        self._block.append(checked)
        self._characters += len(checked.fields.get("body", ""))

    def _save(self) -> None:
        if not self._block:
            return
        saved = save_block(self._block, self._sections, self._now)
        self._block, self._characters = [], 0
        self.totals.created += saved.created
        self.totals.updated += saved.updated
        self.totals.unchanged += saved.unchanged
        for refusal in saved.refusals:
            self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        self.totals.refused += 1
        self._report(refusal)
