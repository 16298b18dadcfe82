"""``manage.py related_health``: is the work being done? Exit code 1 when it is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.conf import conf
from related.domain.reports.durations import describe_ago, describe_duration
from related.domain.reports.health import Health, TriedDocument, measure_health
from related.domain.reports.rebuild_state import RebuildState
from related.enums import Priority, RunStatus
from related.management.output import in_columns, write_lines
from related.wakeups import wake_up


class Command(BaseCommand):
    help = _(
        "Report waiting and failed documents, empty slots and the last rebuild. Exits with 1 when "
        "stale: a document waits longer than STALE_SECONDS, or was set aside after too many tries."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help=_("Print one JSON object, with ages in seconds.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        health = measure_health()
        if health.n_states_outdated:
            wake_up([], Priority.BULK)
        write_lines(
            self.stdout,
            [json.dumps(asdict(health))] if options["json"] else _report(health),
        )
        if health.is_stale:
            raise CommandError(health.summary)


def _report(health: Health) -> list[str]:
    waiting = ngettext(
        "%(n)d document (%(publish)d publish, %(bulk)d bulk)",
        "%(n)d documents (%(publish)d publish, %(bulk)d bulk)",
        health.n_waiting,
    )
    if health.n_waiting:
        waiting = ngettext(
            "%(n)d document (%(publish)d publish, %(bulk)d bulk), waiting for %(oldest)s",
            "%(n)d documents (%(publish)d publish, %(bulk)d bulk), the oldest for %(oldest)s",
            health.n_waiting,
        )
    working = ngettext("%(n)d document", "%(n)d documents", health.n_working)
    set_aside = ngettext(
        "%(n)d document after %(tries)d tries",
        "%(n)d documents after %(tries)d tries",
        health.n_failed,
    )
    lost = ngettext(
        "%(n)d approved link to what was withdrawn or deleted",
        "%(n)d approved links to what was withdrawn or deleted",
        health.n_lost_links,
    )
    coming = ngettext(
        "%(n)d approved link to what is not out yet",
        "%(n)d approved links to what is not out yet",
        health.n_coming_links,
    )
    oldest = describe_duration(health.oldest_waiting_seconds)
    n_waiting = {"n": health.n_waiting, **health.waiting_by_priority, "oldest": oldest}
    lines = [
        health.summary,
        _line(_("waiting"), waiting % n_waiting),
        *_drafts(health.n_waiting_drafts),
        _line(_("in progress"), working % {"n": health.n_working}),
        *_tried(health.working, health.n_working),
        _line(_("set aside"), set_aside % {"n": health.n_failed, "tries": conf.max_attempts}),
        *_tried(health.failed, health.n_failed),
    ]
    for key, n_empty in health.empty_slots.items():
        empty = _("empty for %(n)d of %(documents)d documents")
        numbers = {"n": n_empty, "documents": health.n_indexed}
        lines.append(_line(_("slot %(key)s") % {"key": key}, empty % numbers))
    lines.append(_line(_("review states"), _describe_states(health)))
    lines.append(_line(_("lost links"), lost % {"n": health.n_lost_links}))
    lines.append(_line(_("coming links"), coming % {"n": health.n_coming_links}))
    lines.append(_line(_("last rebuild"), describe_ago(health.last_rebuild_seconds)))
    if health.rebuild and health.rebuild.status != RunStatus.FINISHED:
        lines.append(_line("", _describe(health.rebuild)))
    lines.extend(_line(concern.name, one_line(concern.text)) for concern in health.concerns)
    for host, ahead in health.clocks_off.items():
        lines.append(_line(_("clock"), _describe_clock(host, ahead)))
    return lines


def _describe_states(health: Health) -> str:
    names = {
        "due": health.n_states_due,
        "checked": health.n_states_checked,
        "outdated": health.n_states_outdated,
    }
    if health.n_states_outdated:
        message = _(
            "%(outdated)d of %(checked)d checked were wrong and are computed again; %(due)d due"
        )
    else:
        message = _("%(checked)d checked, all true; %(due)d due")
    return message % names


def _describe_clock(host: str, ahead: float) -> str:
    if ahead < 0:
        message = _("%(host)s is %(seconds).0f s behind the database: let a time service keep it")
    else:
        message = _("%(host)s is %(seconds).0f s ahead of the database: let a time service keep it")
    return message % {"host": one_line(host), "seconds": abs(ahead)}


def _line(name: str, text: str) -> str:
    return in_columns(name, text, 15)


def _drafts(n: int) -> list[str]:
    of_them = ngettext("%(n)d of them is a draft", "%(n)d of them are drafts", n)
    return [_line("", of_them % {"n": n})] if n else []


def _tried(rows: list[TriedDocument], n_rows: int) -> list[str]:
    lines = [f"  {row.document}: {one_line(row.error) or _('no error yet')}" for row in rows]
    n_more = n_rows - len(rows)
    if n_more > 0:
        lines.append("  " + ngettext("and %(n)d more", "and %(n)d more", n_more) % {"n": n_more})
    return lines


def _describe(rebuild: RebuildState) -> str:
    names = {
        "status": RunStatus(rebuild.status).label,
        "phase": rebuild.phase,
        "n_done": rebuild.n_done,
        "n_documents": rebuild.n_documents,
        "remaining": describe_duration(rebuild.remaining_seconds),
    }
    message = _("%(status)s: %(phase)s, %(n_done)d of %(n_documents)d")
    if rebuild.remaining_seconds is not None:
        message = _(
            "%(status)s: %(phase)s, %(n_done)d of %(n_documents)d, %(remaining)s left of this phase"
        )
    return f"{message % names} {one_line(rebuild.error)}".rstrip()


def one_line(text: str) -> str:
    """Text of a document's error as it is safe in a terminal: no line breaks, no escapes."""
    return "".join(c if c.isprintable() else " " for c in text)
