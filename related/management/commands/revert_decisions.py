"""``manage.py revert_decisions``: everything that one account decided since a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from related.domain.decisions.reverting import (
    changed_since,
    find_decisions_by,
    find_texts_by,
    revert_decisions,
    take_down_texts,
)
from related.models import DecisionLog


class Command(BaseCommand):
    help = (
        "Put back what stood before an account's decisions, after a mistake in earnest or a stolen "
        "password. What others changed since stays, and the log keeps every entry."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="NAME", help="The account, by name.")
        parser.add_argument(
            "--since", required=True, metavar="TIME", help="Such as 2026-03-02T06:00, or a date."
        )
        parser.add_argument("--user", metavar="NAME", help="Who answers for the reverting.")
        parser.add_argument("--dry-run", action="store_true", help="Count, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        name, since = options["by"], _moment(options["since"])
        account = _user(name)
        if account is None and not DecisionLog.objects.filter(actor_name=name).exists():
            raise CommandError(f"There is no user {name!r}, and no decision by one.")
        found = find_decisions_by(name, since)
        headings, summaries = find_texts_by(account, since)
        if options["dry_run"]:
            n_kept = changed_since(found)
            n_reverted, counts = len(found) - n_kept, (headings.count(), summaries.count())
        else:
            user = _user(options["user"])
            if user is None:
                raise CommandError("Name an existing user with --user, or look with --dry-run.")
            n_reverted, n_kept = revert_decisions(found, user=user)
            counts = take_down_texts(headings, summaries, user=user)
        self.stdout.write(
            f"{'Would be put back' if options['dry_run'] else 'Put back'}: {n_reverted} decisions; "
            f"{n_kept} stay because somebody changed them since. "
            f"Taken down: {counts[0]} headings, {counts[1]} summaries."
        )


def _user(name: str | None) -> Any:
    model = get_user_model()
    return model._default_manager.filter(**{model.USERNAME_FIELD: name}).first() if name else None


def _moment(text: str) -> datetime:
    """A moment as the operator writes it; without an offset in ``TIME_ZONE``."""
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001
    except ValueError as error:
        raise CommandError(f"--since {text!r}: {error}.") from error
    if moment is None:
        raise CommandError(f"--since {text!r} is no time. Write it like this: 2026-03-02T06:00.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
