"""The dashboard's numbers, each with the address of the list behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from related.admin.charts import Axis
from related.domain.decisions.permissions import may_look
from related.domain.desk.orphans import find_orphans
from related.domain.desk.queue import QueueFilter, find_queue
from related.domain.reports.durations import describe_ago, describe_duration
from related.domain.reports.health import Health
from related.enums import ReviewReason, RunStatus


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    url: str = ""  # "" where the user may not open the list
    note: str = ""

    @property
    def link(self) -> SafeString:
        return link_to(self.url, self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """Of a table: what it is about, and its cells."""

    name: str
    cells: list[Figure]


def link_to(url: str, text: str) -> SafeString:
    """A link, or the text alone where there is no address."""
    return format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text)


def admin_list(user: Any, model: str, query: Mapping[str, Any]) -> str:
    """The address of a filtered list of the admin; "" for a user who may not view it."""
    if not user.has_perm(f"related.view_{model}"):
        return ""
    address = reverse(f"admin:related_{model}_changelist")
    return f"{address}?{urlencode(query)}" if query else address


def review_figures(user: Any) -> list[Figure]:
    """What waits for editors: in the sections that the user decides in, as the queue has it."""
    yesterday = timezone.now() - timedelta(days=1)
    lost = ReviewReason.LOST
    found = (
        find_queue(QueueFilter(), user)
        .order_by()
        .annotate(lost=F("reasons").bitand(lost.value))
        .aggregate(
            n_open=Count("*"),
            n_lost=Count("pk", filter=Q(lost__gt=0)),
            n_new=Count("pk", filter=Q(opened_at__gte=yesterday)),
        )
    )
    queue = reverse("admin:related_review_queue")
    may_open = may_look(user)
    new = _("%(n)s since yesterday") % {"n": number_format(found["n_new"])}
    return [
        Figure(_("To review"), number_format(found["n_open"]), queue if may_open else "", new),
        Figure(
            _("Pages that lost a link"),
            number_format(found["n_lost"]),
            f"{queue}?reason={lost.value}" if may_open else "",
        ),
        Figure(
            _("Pages that nothing links to"),
            number_format(find_orphans(QueueFilter(), user).count()),
            reverse("admin:related_orphans") if may_open else "",
        ),
    ]


def work_figures(health: Health, user: Any) -> list[Figure]:
    """What waits for workers, and how old the index is."""

    def documents(**query: Any) -> str:
        return admin_list(user, "document", query)

    by_priority = health.waiting_by_priority
    waiting = _("%(publish)s published or edited, %(bulk)s in bulk") % {
        "publish": number_format(by_priority["publish"]),
        "bulk": number_format(by_priority["bulk"]),
    }
    return [
        Figure(
            _("Waiting for a worker"),
            number_format(health.n_waiting),
            documents(state="waiting"),
            waiting if health.n_waiting else "",
        ),
        Figure(
            _("The oldest has waited"),
            describe_duration(health.oldest_waiting_seconds) or _("nothing is waiting"),
            documents(state="waiting") if health.n_waiting else "",
            health.oldest_waiting,
        ),
        Figure(_("In progress"), number_format(health.n_working), documents(state="working")),
        Figure(_("Set aside"), number_format(health.n_failed), documents(state="failed")),
        Figure(
            _("Documents in the index"),
            number_format(health.n_indexed),
            documents(state="indexed"),
            ", ".join(
                f"{language or _('no language')} {number_format(n)}"
                for language, n in health.corpora.items()
            ),
        ),
        Figure(
            _("Age of the index"),
            describe_ago(health.last_rebuild_seconds),
            admin_list(user, "rebuildrun", {"status__exact": RunStatus.FINISHED.value}),
            _("the last finished rebuild"),
        ),
        Figure(
            _("Approved links to what was withdrawn or deleted"),
            number_format(health.n_lost_links),
            admin_list(user, "decision", {"target_is": "lost"}),
        ),
        Figure(
            _("Approved links to what is not out yet"),
            number_format(health.n_coming_links),
            admin_list(user, "decision", {"target_is": "coming"}),
        ),
        Figure(
            _("Pages to be looked at again"),
            number_format(health.n_states_due),
            documents(state="due"),
            _describe_check(health),
        ),
    ]


def _describe_check(health: Health) -> str:
    names = {"n": health.n_states_checked, "outdated": health.n_states_outdated}
    if not health.n_states_checked:
        return ""
    if health.n_states_outdated:
        return _("%(outdated)d of %(n)d checked lately were out of date") % names
    return _("%(n)d checked lately, all up to date") % names


def percent(share: float | None) -> str:
    return "–" if share is None else _("%(n)d %%") % {"n": round(100 * share)}


def axis_of(days: Sequence[date]) -> Axis:
    ends = (date_format(day, "MONTH_DAY_FORMAT") for day in (days[0], days[-1]))
    return Axis(len(days), *ends)
