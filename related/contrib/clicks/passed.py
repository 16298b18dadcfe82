"""Links that were shown often and hardly ever clicked: found each night, and told to the desk."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import F, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.contrib.clicks.models import DailyClicks, PassedLink
from related.domain.attention.noticing import Noticed
from related.domain.attention.states import mark_due
from related.domain.bulk_rows import chunked
from related.models import Slot
from related.similarity.intervals import Z_OF_TWO_SIDES, wilson_interval

# A link is passed by where it is surely clicked less often than this share of its slot's average.
SHARE_OF_AVERAGE = 0.1

Link = tuple[int, int, int]  # document, slot, target


def notice_passed(document_ids: Sequence[int]) -> dict[int, list[Noticed]]:
    """For the desk: one query."""
    found: dict[int, list[Noticed]] = defaultdict(list)
    for row in PassedLink.objects.filter(document__in=document_ids):
        shown = number_format(row.shown, force_grouping=True)
        if row.clicked:
            clicked = number_format(row.clicked, force_grouping=True)
            remark = _("readers saw it %(shown)s times and clicked %(clicked)s times")
            remark %= {"shown": shown, "clicked": clicked}
        else:
            remark = _("readers saw it %(shown)s times and never clicked") % {"shown": shown}
        found[row.document_id].append(Noticed(row.slot_id, row.target_id, remark))
    return found


def find_passed() -> int:
    """Store what is passed by now, and have the pages where that changed looked at again; returns
    how many links it is."""
    found = {link: counts for slot in Slot.objects.active() for link, counts in _passed_in(slot)}
    with transaction.atomic():
        known = {
            (row.document_id, row.slot_id, row.target_id): row.pk
            for row in PassedLink.objects.all()
        }
        gone = known.keys() - found.keys()
        for some in chunked([known[link] for link in gone]):
            PassedLink.objects.filter(pk__in=some).delete()
        PassedLink.objects.bulk_create(
            [
                PassedLink(
                    document_id=document,
                    slot_id=slot,
                    target_id=target,
                    shown=shown,
                    clicked=clicked,
                )
                for (document, slot, target), (shown, clicked) in sorted(found.items())
            ],
            update_conflicts=True,
            unique_fields=["document", "slot", "target"],
            update_fields=["shown", "clicked"],
            batch_size=500,
        )
        mark_due({document for document, _slot, _target in gone | (found.keys() - known.keys())})
    return len(found)


def _passed_in(slot: Slot) -> Iterator[tuple[Link, tuple[int, int]]]:
    rows = DailyClicks.objects.filter(slot=slot)
    total = rows.aggregate(shown=Sum("shown"), clicked=Sum("clicked"))
    if not total["clicked"]:
        return
    bound = SHARE_OF_AVERAGE * total["clicked"] / total["shown"]
    links = rows.order_by().values("document", "target")
    sums = links.annotate(n_shown=Sum("shown"), n_clicked=Sum("clicked"))
    likely = sums.filter(n_shown__gte=_enough(bound), n_clicked__lt=F("n_shown") * bound)
    for row in likely.iterator():
        shown = row["n_shown"]
        if wilson_interval(min(row["n_clicked"], shown), shown).high < bound:
            yield (row["document"], slot.pk, row["target"]), (shown, row["n_clicked"])


def _enough(bound: float) -> int:
    """How often a link must have been shown for no click at all to say that it is below."""
    square = Z_OF_TWO_SIDES * Z_OF_TWO_SIDES
    return math.ceil(square * (1 / bound - 1))
