"""``manage.py approve_suggestions``: for an archive that nobody will review article by article."""

from __future__ import annotations

from shlex import quote
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from related.domain.bulk_rows import chunked
from related.domain.decisions.accounts import user_named
from related.domain.decisions.bulk import BLOCK, Approved, approve_placed
from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.undoing import undo_operation
from related.domain.operations.preparing import close_record, record
from related.enums import BulkKind
from related.models import Document


class Command(BaseCommand):
    help = _(
        "Approve what the rules would place, in the name of an editor, for all but the newest "
        "documents. What an editor has already decided stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help=_("The editor who answers for it."))
        parser.add_argument(
            "--minimum-similarity",
            type=float,
            default=0.1,
            help=_("Leave weaker links for review."),
        )
        parser.add_argument(
            "--keep-newest", type=int, default=0, help=_("Leave this many documents for review.")
        )
        parser.add_argument(
            "--limit",
            type=int,
            help=_("Approve on this many documents at most, starting with the newest."),
        )
        parser.add_argument(
            "--summaries", action="store_true", help=_("Approve the summary drafts as well.")
        )
        parser.add_argument(
            "--undo",
            type=UUID,
            metavar="OPERATION",
            help=_("Approve nothing; take back what an earlier run approved, by its printed id."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("keep_newest", "limit"):
            if (options[name] or 0) < 0:
                option = name.replace("_", "-")
                message = _("--%(option)s must be 0 or more, not %(value)d.")
                raise CommandError(message % {"option": option, "value": options[name]})
        user = user_named(options["user"])
        if user is None:
            raise CommandError(_("There is no user %(name)r.") % {"name": options["user"]})
        if options["undo"]:
            self._undo(options["undo"], user)
        else:
            self._approve(user, options)

    def _undo(self, operation: UUID, user: Any) -> None:
        undo = record(BulkKind.UNDO, user=user, options={}, undoes=operation)
        try:
            n_undone, n_left = undo_operation(operation, user=user, undone=undo.pk)
        except (DecisionConflict, LookupError) as error:
            undo.delete()
            raise CommandError(str(error)) from error
        close_record(undo, n_changed=n_undone, n_left=n_left)
        undone = ngettext("%(n)d decision taken back.", "%(n)d decisions taken back.", n_undone)
        left = ngettext(
            "%(n)d left as it is because it has changed since.",
            "%(n)d left as they are because they have changed since.",
            n_left,
        )
        self.stdout.write(f"{undone % {'n': n_undone}} {left % {'n': n_left}}")

    def _approve(self, user: Any, options: dict[str, Any]) -> None:
        newest_first = Document.objects.indexed().order_by(
            F("published_at").desc(nulls_last=True), "-pk"
        )
        documents = list(newest_first[options["keep_newest"] :][: options["limit"]])
        least = options["minimum_similarity"]
        recorded = record(BulkKind.APPROVE, user=user, options={"minimum_similarity": least})
        operation = recorded.pk
        undo = f"manage.py approve_suggestions --user {quote(options['user'])} --undo {operation}"
        # Before anything is approved, so that it is known when the command is killed.
        began = _("Operation %(operation)s. To take it back: %(undo)s")
        self.stdout.write(began % {"operation": operation, "undo": undo})
        self.stdout.flush()
        approved, n_done = Approved(), 0
        try:
            with tqdm(
                total=len(documents), desc=_("approving"), unit=_(" documents"), disable=None
            ) as bar:
                for block in chunked(documents, BLOCK):
                    approved += approve_placed(
                        block,
                        user=user,
                        minimum_similarity=least,
                        summaries=options["summaries"],
                        operation=operation,
                    )
                    n_done += len(block)
                    bar.update(len(block))
        except (KeyboardInterrupt, Exception) as error:
            message = _(
                "Stopped by %(error)s after %(n_done)d of %(total)s. What is approved stays: at "
                "least %(approved)s. To take it back: %(undo)s"
            )
            names = {
                "error": _describe_error(error),
                "n_done": n_done,
                "total": _documents(len(documents)),
                "approved": _links_and_summaries(approved.n_links, approved.n_summaries),
                "undo": undo,
            }
            raise CommandError(message % names) from error
        close_record(recorded, n_changed=approved.n_links, n_left=approved.n_links_left)
        ended = _("%(approved)s approved on %(documents)s (operation %(operation)s).")
        names = {
            "approved": _links_and_summaries(approved.n_links, approved.n_summaries),
            "documents": _documents(len(documents)),
            "operation": operation,
        }
        self.stdout.write(ended % names)
        if approved.n_links_left or approved.n_summaries_left:
            left = _("%(left)s left as they are because somebody decided meanwhile.")
            n_left = _links_and_summaries(approved.n_links_left, approved.n_summaries_left)
            self.stdout.write(left % {"left": n_left})
        if n_repeated := approved.n_summaries_repeated:
            repeated = ngettext(
                "%(n)d summary not drafted: its text is nothing but passages of other stories.",
                "%(n)d summaries not drafted: their texts are nothing but passages of other "
                "stories.",
                n_repeated,
            )
            self.stdout.write(repeated % {"n": n_repeated})


def _documents(n: int) -> str:
    return ngettext("%(n)d document", "%(n)d documents", n) % {"n": n}


def _links_and_summaries(n_links: int, n_summaries: int) -> str:
    return _("%(links)s and %(summaries)s") % {
        "links": ngettext("%(n)d link", "%(n)d links", n_links) % {"n": n_links},
        "summaries": ngettext("%(n)d summary", "%(n)d summaries", n_summaries) % {"n": n_summaries},
    }


def _describe_error(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return _("Ctrl-C")
    return f"{type(error).__name__} ({error})"
