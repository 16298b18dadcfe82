"""``manage.py approve_suggestions``: for an archive that nobody will review article by article."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from related.domain.bulk_rows import chunked
from related.domain.decisions.bulk import BLOCK, approve_placed, undo_operation
from related.domain.decisions.writing import DecisionConflict
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
        user_model = get_user_model()
        user = user_model._default_manager.filter(
            **{user_model.USERNAME_FIELD: options["user"]}
        ).first()
        if user is None:
            raise CommandError(_("There is no user %(name)r.") % {"name": options["user"]})
        if options["undo"]:
            self._undo(options["undo"], user)
        else:
            self._approve(user, options)

    def _undo(self, operation: UUID, user: Any) -> None:
        try:
            n_undone, n_skipped = undo_operation(operation, user=user)
        except (DecisionConflict, LookupError) as error:
            raise CommandError(str(error)) from error
        undone = ngettext("%(n)d decision taken back.", "%(n)d decisions taken back.", n_undone) % {
            "n": n_undone
        }
        skipped = ngettext(
            "%(n)d left as it is because it has changed since.",
            "%(n)d left as they are because they have changed since.",
            n_skipped,
        ) % {"n": n_skipped}
        self.stdout.write(f"{undone} {skipped}")

    def _approve(self, user: Any, options: dict[str, Any]) -> None:
        newest_first = Document.objects.indexed().order_by("-published_at", "-pk")
        documents = list(newest_first[options["keep_newest"] :][: options["limit"]])
        operation = uuid4()
        n_links = n_summaries = 0
        unit, n_documents = _(" documents"), len(documents)
        with tqdm(total=n_documents, desc=_("approving"), unit=unit, disable=None) as bar:
            for chunk in chunked(documents, BLOCK):
                links, summaries = approve_placed(
                    chunk,
                    user=user,
                    minimum_similarity=options["minimum_similarity"],
                    summaries=options["summaries"],
                    operation=operation,
                )
                n_links += links
                n_summaries += summaries
                bar.update(len(chunk))
        sentences = [
            ngettext("%(links)d link approved.", "%(links)d links approved.", n_links),
            ngettext(
                "%(summaries)d summary approved.", "%(summaries)d summaries approved.", n_summaries
            ),
            ngettext(
                "%(documents)d document looked at (operation %(operation)s).",
                "%(documents)d documents looked at (operation %(operation)s).",
                n_documents,
            ),
        ]
        numbers = {"links": n_links, "summaries": n_summaries, "documents": n_documents}
        names = {**numbers, "operation": operation}
        self.stdout.write(" ".join(sentence % names for sentence in sentences))
