"""Counts as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from related.contrib.clicks.figures import all_links, read_links
from related.domain.bulk_rows import chunked
from related.domain.desk.targets import load_targets

MOST_LINKS = 20_000
AT_ONCE = 500
# What a spreadsheet takes for the beginning of a formula, which a headline must not be.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class _Echo:
    def write(self, text: str) -> str:
        return text


def export_links(days: int, user: Any) -> HttpResponse:
    """The links of the last days, most shown first, 20,000 at most; titles as the user may read
    them."""
    name = f"clicks-{timezone.localdate()}-{days}.csv"
    return HttpResponse(
        "".join(_lines(days, user)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(days: int, user: Any) -> Iterator[str]:
    write = csv.writer(_Echo()).writerow
    yield "\ufeff"  # by which Excel knows UTF-8
    head = [_("article"), _("title"), _("slot"), _("linked article"), _("its title")]
    yield write([*head, _("shown"), _("clicked"), _("share"), _("at least"), _("at most")])
    for some in chunked(all_links(days, MOST_LINKS), AT_ONCE):
        links = read_links(some)
        targets = load_targets({d for link in links for d in (link.document, link.target)}, user)
        for link in links:
            document, target = targets[link.document.pk], targets[link.target.pk]
            names = [document.label, document.title, link.slot.key, target.label, target.title]
            share = (f"{each:.5f}" for each in (link.share.mean, link.share.low, link.share.high))
            yield write([*map(as_text, names), link.shown, link.clicked, *share])


def as_text(value: str) -> str:
    """With an apostrophe before what a spreadsheet would compute."""
    return f"'{value}" if value.startswith(FORMULAS) else value
