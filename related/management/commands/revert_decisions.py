"""``manage.py revert_decisions``: all that one account decided since a moment, or a policy did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.decisions.accounts import AmbiguousName, find_account, user_named
from related.domain.decisions.reverting import (
    changed_since,
    find_decisions_by,
    revert_decisions,
)
from related.domain.decisions.reverting_words import find_words_by, take_back_words
from related.domain.operations.preparing import close_record, record
from related.domain.policies.undoing import approved_by_policy, take_back
from related.enums import BulkKind
from related.management.slots import slots_named


class Command(BaseCommand):
    help = _(
        "Put back what stood before an account's decisions, after a serious mistake or a stolen "
        "password. What others have changed since stays, and the log keeps every entry."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument(
            "--by",
            metavar="NAME",
            help=_("The account, by the name that it has now, or had when it decided."),
        )
        who.add_argument(
            "--policy",
            metavar="SLOT",
            help=_("What the policy of a slot approved, by the slot's key; “all” for every slot."),
        )
        parser.add_argument(
            "--key",
            help=_("Which account, by its primary key, where several bear or bore the name."),
        )
        parser.add_argument(
            "--since",
            metavar="TIME",
            help=_("A time such as 2026-03-02T06:00, or a date. Needed with --by."),
        )
        parser.add_argument("--user", metavar="NAME", help=_("Who answers for the reverting."))
        parser.add_argument("--dry-run", action="store_true", help=_("Count, but change nothing."))

    def handle(self, *args: Any, **options: Any) -> None:
        since = None if options["since"] is None else _moment(options["since"])
        if options["policy"] is not None:
            self._revert_policy(options, since)
        elif since is None:
            raise CommandError(_("Say since when, with --since."))
        else:
            self._revert_account(options, since)

    def _revert_policy(self, options: dict[str, Any], since: datetime | None) -> None:
        slots = slots_named(None if options["policy"] == "all" else options["policy"])
        if options["dry_run"]:
            n_undone = approved_by_policy(slots, since).count()
            self.stdout.write(_("Nothing was changed. Without --dry-run this would be reported:"))
        else:
            n_undone = take_back(slots, user=_answering(options), since=since).n_undone
        undone = ngettext("%(n)d decision put back.", "%(n)d decisions put back.", n_undone)
        self.stdout.write(undone % {"n": n_undone})

    def _revert_account(self, options: dict[str, Any], since: datetime) -> None:
        name = options["by"]
        try:
            account = find_account(name, options["key"])
        except AmbiguousName as error:
            raise CommandError(str(error)) from None
        if account is None:
            message = _("There is no user %(name)r, and no decision by one.")
            raise CommandError(message % {"name": name})
        found = find_decisions_by(account, since)
        words = find_words_by(account, since)
        if options["dry_run"]:
            n_kept = changed_since(found)
            n_reverted, n_words = len(found) - n_kept, words.n_standing()
            n_kept += len(words) - n_words
        else:
            user = _answering(options)
            asked = {"editor": name, "since": since.isoformat()}
            operation = record(BulkKind.REVERT, user=user, options=asked)
            n_reverted, n_kept = revert_decisions(found, user=user, operation=operation.pk)
            close_record(operation, n_changed=n_reverted, n_left=n_kept)
            n_words, n_said = take_back_words(words, user=user, operation=operation.pk)
            n_kept += n_said
        if options["dry_run"]:
            self.stdout.write(_("Nothing was changed. Without --dry-run this would be reported:"))
        self.stdout.write(_report(n_reverted, n_kept, n_words))


def _answering(options: dict[str, Any]) -> Any:
    user = user_named(options["user"])
    if user is None:
        raise CommandError(_("Name an existing user with --user, or look with --dry-run."))
    return user


def _report(n_reverted: int, n_kept: int, n_words: int) -> str:
    reverted = ngettext("%(n)d decision put back.", "%(n)d decisions put back.", n_reverted)
    kept = ngettext(
        "%(n)d kept because somebody has changed it since.",
        "%(n)d kept because somebody has changed them since.",
        n_kept,
    )
    words = ngettext(
        "%(n)d heading, summary or word on sensitivity, stories or kept links put back.",
        "%(n)d headings, summaries and words on sensitivity, stories or kept links put back.",
        n_words,
    )
    sentences = zip((reverted, kept, words), (n_reverted, n_kept, n_words), strict=True)
    return " ".join(sentence % {"n": n} for sentence, n in sentences)


def _moment(text: str) -> datetime:
    """A moment as the operator writes it; without an offset in ``TIME_ZONE``."""
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001
    except ValueError as error:
        message = _("--since %(text)r is not a time: %(reason)s.")
        raise CommandError(message % {"text": text, "reason": error}) from error
    if moment is None:
        message = _("--since %(text)r is not a time. Write it like this: 2026-03-02T06:00.")
        raise CommandError(message % {"text": text})
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
