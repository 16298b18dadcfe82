"""Operations in bulk at a newsroom's size: what a preview costs, how fast links are changed.

``python benchmarks/bulk.py --documents 50000`` fills the database of ``DATABASE_URL``, an empty
one, with articles and six suggestions each, of which the product's own code makes the queue.
Processor time is that of this process: on SQLite with the database's, on PostgreSQL without.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django
import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
BATCH = 2000
SLOTS = ("previous", "next", "inline", "related", "related", "related")


@contextmanager
def timed(what: str) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    spent, passed = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what:52} {1000 * spent:8.0f} ms processor {1000 * passed:8.0f} ms in all", flush=True)


def fill(n: int) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from newsroom.articles.models import Article, Section, Status
    from related.domain.attention.states import refresh_states
    from related.domain.bulk_rows import insert_rows
    from related.models import Corpus, Document, Slot, Suggestion

    random = np.random.default_rng(1)
    now = timezone.now()
    section, _ = Section.objects.get_or_create(name="World", slug="world")
    articles = [
        Article(
            title=f"Report {number}",
            slug=f"report-{number}",
            body="The ferry left at noon. Nobody was hurt.",
            section=section,
            language="en",
            status=Status.PUBLISHED,
            published_at=now - timedelta(minutes=30 * number),
        )
        for number in range(n)
    ]
    Article.objects.bulk_create(articles, batch_size=BATCH)
    kind = ContentType.objects.get_for_model(Article)
    rows = Article.objects.order_by("pk").values_list("pk", "published_at")
    documents = [
        Document(
            content_type=kind,
            object_id=str(pk),
            language="en",
            section="world",
            published_at=at,
            is_indexed=True,
            want_rev=1,
            done_rev=1,
        )
        for pk, at in rows
    ]
    Document.objects.bulk_create(documents, batch_size=BATCH, ignore_conflicts=True)
    Document.objects.update(is_indexed=True, language="en", section="world", want_rev=1, done_rev=1)
    keys = np.array(Document.objects.order_by("pk").values_list("pk", flat=True))
    corpus, _ = Corpus.objects.get_or_create(language="en")
    slots = {slot.key: slot.pk for slot in Slot.objects.all()}
    fields = ("document", "slot", "target", "corpus", "generation", "similarity", "score", "rank")
    reasons = ["ferry", "harbor", "noon", "barrier", "storm surge"]

    def suggestions() -> Iterator[tuple[object, ...]]:
        for document in keys.tolist():
            targets = random.choice(keys, len(SLOTS) + 1, replace=False).tolist()
            scores = np.sort(random.beta(2, 6, len(SLOTS)))[::-1].tolist()
            wanted = [target for target in targets if target != document]
            for rank, (slot, target, score) in enumerate(zip(SLOTS, wanted, scores, strict=False)):
                yield document, slots[slot], target, corpus.pk, 0, score, score, rank + 1, reasons

    insert_rows(Suggestion, (*fields, "reasons"), suggestions())
    refresh_states(keys.tolist())


def measure(n_changed: int) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from related.domain.operations import running
    from related.domain.operations.preparing import take_back
    from related.models import BulkOperation, DecisionLog, Document, Suggestion

    model = get_user_model()
    user, _ = model.objects.get_or_create(username="imogen", is_staff=True, is_superuser=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    address = reverse("admin:related_bulk")
    client.get(address)  # templates are compiled
    print(f"{Document.objects.count():,} documents, {Suggestion.objects.count():,} suggestions")

    def preview(title: str, /, **sent: object) -> BulkOperation:
        with timed(f"preview: {title}"):
            answer = client.post(address, sent)
            assert answer.status_code == 302, answer
            page = client.get(answer["Location"])
        operation = BulkOperation.objects.latest("created_at")
        assert page.status_code == 200
        with timed(f"  {operation.n_links:,} links; its last page"):
            client.get(answer["Location"], {"page": "last"})
        return operation

    preview("fair or strong", what="approve", chance="0.2")
    target = Suggestion.objects.first().target
    preview("one target", what="reject", target=target.label)
    operation = preview("strong", what="approve", chance="0.5")
    began = timezone.now()
    with timed(f"{n_changed:,} links changed"):
        running.start(operation)
        while operation.n_done < min(n_changed, operation.n_links):
            running.work_on(operation.pk, seconds=0)
            operation.refresh_from_db(fields=["n_done", "n_changed"])
    since = timezone.localtime(began - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    period = {"editor": user.pk, "since": since}
    preview(f"what an editor did, {operation.n_changed:,}", what="editor", do="revert", **period)
    with timed("the queue's desk: last step"):
        from related.domain.decisions.undoing import last_step

        assert last_step(user).is_bulk
    with timed("undo: found"):
        undo = take_back(operation, user=user)
    with timed(f"undo: {undo.n_links:,} links"):
        while running.work_on(undo.pk, seconds=60):
            pass
    print(f"{DecisionLog.objects.count():,} entries of the log")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--change", type=int, default=3_000, help="links to change and take back")
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    from related.models import Document

    call_command("migrate", verbosity=0)
    if not Document.objects.exists():
        with timed("filled"):
            fill(options.documents)
    measure(options.change)


if __name__ == "__main__":
    main()
