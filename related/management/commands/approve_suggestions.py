"""``manage.py approve_suggestions``: for an archive that nobody will review article by article."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from related.domain.bulk_rows import chunked
from related.domain.decisions.bulk import BLOCK, approve_placed, undo_operation
from related.domain.decisions.writing import DecisionConflict
from related.models import Document


class Command(BaseCommand):
    help = (
        "Approve what the rules would place, in the name of an editor, for all but the newest "
        "documents. What an editor decided already stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="The editor who answers for it.")
        parser.add_argument(
            "--minimum-similarity", type=float, default=0.1, help="Weaker links stay for review."
        )
        parser.add_argument(
            "--keep-newest", type=int, default=0, help="Leave so many documents for review."
        )
        parser.add_argument(
            "--limit", type=int, help="Approve on so many documents at most, the newest first."
        )
        parser.add_argument("--summaries", action="store_true", help="Also the summary drafts.")
        parser.add_argument(
            "--undo",
            type=UUID,
            metavar="OPERATION",
            help="Approve nothing; take back what an earlier run approved, by its printed id.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("keep_newest", "limit"):
            if (options[name] or 0) < 0:
                option = name.replace("_", "-")
                raise CommandError(f"--{option} must be 0 or more, not {options[name]}.")
        user_model = get_user_model()
        user = user_model._default_manager.filter(
            **{user_model.USERNAME_FIELD: options["user"]}
        ).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}.")
        if options["undo"]:
            self._undo(options["undo"], user)
        else:
            self._approve(user, options)

    def _undo(self, operation: UUID, user: Any) -> None:
        try:
            n_undone, n_skipped = undo_operation(operation, user=user)
        except (DecisionConflict, LookupError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{n_undone} decisions taken back, {n_skipped} left as they are because they changed "
            "since."
        )

    def _approve(self, user: Any, options: dict[str, Any]) -> None:
        newest_first = Document.objects.indexed().order_by("-published_at", "-pk")
        documents = list(newest_first[options["keep_newest"] :][: options["limit"]])
        operation = uuid4()
        n_links = n_summaries = 0
        with tqdm(total=len(documents), desc="approving", unit="doc", disable=None) as bar:
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
        self.stdout.write(
            f"{n_links} links and {n_summaries} summaries approved on {len(documents)} documents "
            f"(operation {operation})."
        )
