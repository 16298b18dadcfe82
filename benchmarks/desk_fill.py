"""Fill the site's database with what editors' pages read: `python -m benchmarks.desk_fill 50000`.

Documents, suggestions, decisions and their log are stored as workers and editors leave them, not
computed; the states of review, the coverage and the orphans the product computes itself.
"""

from __future__ import annotations

import argparse
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django
import numpy as np

from benchmarks.publish_fill import SECTIONS

BATCH = 5000
N_EDITORS = 8
PER_SLOT = {"previous": 1, "next": 1, "inline": 1, "related": 3}
SHARE_REVIEWED = 0.4
DAYS_DECIDED = 120


def fill(n: int) -> None:
    random = np.random.default_rng(1)
    documents = store_documents(n)
    store_links(documents, random)
    leave_work(documents)
    compute()


def store_documents(n: int) -> list[Any]:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from newsroom.articles.models import Article, Section, Status
    from related.models import Corpus, Document

    sections = [Section.objects.create(name=name) for name in SECTIONS]
    now = timezone.now()
    text = "Nobody was hurt, the mayor said on Monday after the ferry had left the harbor. " * 30
    in_batches(
        Article,
        (
            Article(
                title=f"Report {number} on what the harbor board decided",
                slug=f"report-{number}",
                body=text,
                section=sections[number % len(sections)],
                language="en",
                # One in 33 was withdrawn, so some approved links lead nowhere.
                status=Status.WITHDRAWN if number % 33 == 32 else Status.PUBLISHED,
                published_at=now - timedelta(minutes=30 * (n - number)),
            )
            for number in range(n)
        ),
    )
    Corpus.objects.create(language="en", generation=1, n_documents=n)
    kind = ContentType.objects.get_for_model(Article)
    rows = Article.objects.order_by("pk").values_list("pk", "section__slug", "published_at")
    in_batches(
        Document,
        (
            Document(
                content_type=kind,
                object_id=str(pk),
                language="en",
                section=section,
                published_at=published_at,
                is_indexed=True,
                want_rev=1,
                done_rev=1,
            )
            for pk, section, published_at in rows.iterator()
        ),
    )
    return list(Document.objects.order_by("pk"))


def store_links(documents: list[Any], random: np.random.Generator) -> None:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from related.enums import Action, Verdict
    from related.models import Corpus, Decision, DecisionLog, Slot, Suggestion

    corpus = Corpus.objects.get()
    slots = {slot.key: slot for slot in Slot.objects.filter(key__in=PER_SLOT)}
    editors = [User.objects.create_user(f"editor{number}") for number in range(N_EDITORS)]
    per_document = sum(PER_SLOT.values())
    near = random.integers(1, 400, size=(len(documents), per_document))
    scores = random.beta(2, 6, size=near.shape).round(4)
    suggestions = []
    for place, document in enumerate(documents):
        column = 0
        for key, count in PER_SLOT.items():
            for rank in range(count):
                back = int(near[place, column]) + 400 * column
                target = documents[(place - back) % len(documents)]
                score = float(scores[place, column])
                suggestions.append(
                    Suggestion(
                        document=document,
                        slot=slots[key],
                        target=target,
                        corpus=corpus,
                        generation=corpus.generation,
                        similarity=score,
                        score=score,
                        rank=rank + 1,
                        reasons=["harbor", "ferry"],
                    )
                )
                column += 1
    in_batches(Suggestion, suggestions)
    n_reviewed = int(len(documents) * SHARE_REVIEWED) * per_document
    decisions = [
        Decision(
            document=each.document,
            slot=each.slot,
            target=each.target,
            verdict=Verdict.APPROVED if chance < 0.3 + each.score else Verdict.REJECTED,
            similarity=each.similarity,
            score=each.score,
            decided_by=editors[number % N_EDITORS],
            decided_at=timezone.now() - timedelta(days=DAYS_DECIDED * number / n_reviewed),
            version=1,
        )
        for number, (each, chance) in enumerate(
            zip(reversed(suggestions[-n_reviewed:]), random.random(n_reviewed), strict=True)
        )
    ]
    decisions = decisions[::2]  # the others still wait
    in_batches(Decision, decisions)
    in_batches(
        DecisionLog,
        (
            DecisionLog(
                document=each.document,
                slot=each.slot,
                target=each.target,
                action=Action.APPROVE if each.verdict == Verdict.APPROVED else Action.REJECT,
                operation=uuid.uuid4(),
                before={},
                after={"verdict": each.verdict},
                version=1,
                actor=each.decided_by,
                actor_key=str(each.decided_by_id),
                actor_name=each.decided_by.username,
                at=each.decided_at,
            )
            for each in reversed(decisions)
        ),
    )


def leave_work(documents: list[Any]) -> None:
    """Documents that wait, some that were set aside, and a rebuild at work."""
    from django.utils import timezone

    from related.models import Document, RebuildRun

    waiting = [document.pk for document in documents[:: len(documents) // 200]]
    Document.objects.filter(pk__in=waiting).update(want_rev=2, marked_at=timezone.now())
    Document.objects.filter(pk__in=waiting[::20]).update(attempts=3, error="ValueError: no title")
    RebuildRun.objects.create(
        phase="suggest en", n_documents=len(documents), n_done=len(documents) // 3
    )


def compute() -> None:
    from django.utils import timezone

    from related.domain.attention.states import refresh_due
    from related.domain.reports.census import take_census
    from related.models import DailyCoverage

    while refresh_due():
        pass
    take_census()
    today = list(DailyCoverage.objects.all())
    in_batches(
        DailyCoverage,
        (
            DailyCoverage(
                day=timezone.localdate() - timedelta(days=back),
                slot=row.slot,
                section=row.section,
                n_pages=row.n_pages,
                n_filled=int(row.n_filled * (1 - back / 180)),
                n_empty=row.n_empty,
                measured_at=row.measured_at - timedelta(days=back),
            )
            for back in range(1, 90)
            for row in today
        ),
    )


def in_batches(model: Any, rows: Any) -> None:
    def batches() -> Iterator[list[Any]]:
        batch: list[Any] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    for batch in batches():
        model._base_manager.bulk_create(batch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    fill(options.size)


if __name__ == "__main__":
    main()
