"""Counts as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from related.admin.spreadsheets import CONTENT_TYPE, csv_lines
from related.contrib.clicks.figures import all_links, read_links
from related.domain.bulk_rows import chunked
from related.domain.desk.targets import load_targets

MOST_LINKS = 20_000
AT_ONCE = 500


def export_links(days: int, user: Any) -> HttpResponse:
    """The links of the last days, most shown first, 20,000 at most; titles as the user may read
    them."""
    name = f"clicks-{timezone.localdate()}-{days}.csv"
    head = [_("article"), _("title"), _("slot"), _("linked article"), _("its title")]
    head += [_("shown"), _("clicked"), _("share"), _("at least"), _("at most")]
    return HttpResponse(
        "".join(csv_lines(head, _rows(days, user))),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(days: int, user: Any) -> Iterator[list[str | int]]:
    for some in chunked(all_links(days, MOST_LINKS), AT_ONCE):
        links = read_links(some)
        targets = load_targets({d for link in links for d in (link.document, link.target)}, user)
        for link in links:
            document, target = targets[link.document.pk], targets[link.target.pk]
            names = [document.label, document.title, link.slot.key, target.label, target.title]
            share = (f"{each:.5f}" for each in (link.share.mean, link.share.low, link.share.high))
            yield [*names, link.shown, link.clicked, *share]
