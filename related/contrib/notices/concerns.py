"""What the health page and ``related_health`` say of the receivers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.conf import conf
from related.contrib.notices.models import Notice, Receiver
from related.domain.reports.concerns import Concern
from related.domain.reports.durations import describe_duration, seconds_between


def measure(sender: Any, **kwargs: Any) -> list[Concern]:
    """One line for each receiver; one query where there are none, else two."""
    aside = Q(attempts__gte=conf.max_attempts)
    rows = Notice.objects.order_by("receiver").values("receiver")
    counts: dict[str, Any] = {
        row["receiver"]: row
        for row in rows.annotate(
            n=Count("pk", filter=~aside),
            n_aside=Count("pk", filter=aside),
            oldest=Min("noted_at", filter=~aside),
        )
    }
    names = sorted({*map(str, conf.notices), *counts})
    known = {row.name: row for row in Receiver.objects.all()} if names else {}
    return [_concern(name, known.get(name), counts.get(name, {})) for name in names]


def _concern(name: str, row: Receiver | None, counts: dict[str, Any]) -> Concern:
    n_waiting, n_aside = counts.get("n", 0), counts.get("n_aside", 0)
    oldest = counts.get("oldest")
    age = None if oldest is None else seconds_between(oldest, timezone.now())
    is_late = age is not None and age > conf.stale_seconds
    sentences = []
    if n_waiting:
        message = ngettext(
            "%(n)d notice waits, for %(duration)s",
            "%(n)d notices wait, the oldest for %(duration)s",
            n_waiting,
        )
        sentences.append(message % {"n": n_waiting, "duration": describe_duration(age)})
    if n_aside:
        message = ngettext(
            "%(n)d was refused and set aside: see Notices in the admin",
            "%(n)d were refused and set aside: see Notices in the admin",
            n_aside,
        )
        sentences.append(message % {"n": n_aside})
    if name not in conf.notices:
        sentences.append(_("the settings of this process have no such receiver"))
    elif row is not None and row.error:
        sentences.append(row.error[:300])
    heading = _("notices to %(name)s") % {"name": name}
    text = "; ".join(sentences) or _("everything was told")
    return Concern(heading, text, is_bad=is_late or n_aside > 0)
