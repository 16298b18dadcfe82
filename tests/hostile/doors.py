"""The three doors that hostile articles come in by or are read through, each answer timed."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.core.management import CommandError, call_command
from django.test import Client

from newsroom.articles.models import Article
from tests.hostile.articles import HostileArticle
from tests.hostile.questions import MANY, ONE

ADD = "/admin/newsroom/article/add/"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What was asked, the status, and the seconds that it took: on the clock, of one processor."""

    question: str
    status: int
    wall: float
    cpu: float


def post_to_admin(client: Client, article: HostileArticle) -> Answer:
    """Add and publish the article in the admin's form, as a browser's bytes."""
    fields = article.fields
    date, _, clock = str(fields["published_at"]).partition("T")
    form = {
        **{name: fields[name] or "" for name in ("title", "body", "excerpt", "language")},
        "source": fields.get("source", ""),
        "authors": "\n".join(fields.get("authors", [])),
        "slug": fields["title"] if article.kind.startswith("title") else "",
        "image_url": fields.get("image_url", ""),
        "origin_url": fields.get("url", ""),
        "section": fields["section"] if article.kind.startswith("facts") else "",
        "published_at_0": date,
        "published_at_1": clock.rstrip("Z"),
        "_publish": "1",
    }
    content = urlencode(form, encoding="utf-8", errors="surrogatepass")
    started = time.perf_counter(), time.thread_time()
    response = client.post(ADD, content, content_type=FORM)
    return _answer(article.kind, response.status_code, started)


def read(client: Client, path: str) -> Answer:
    started = time.perf_counter(), time.thread_time()
    response = client.get(path, follow=True)
    return _answer(path[:200], response.status_code, started)


def read_back(client: Client) -> Iterator[Answer]:
    """Every article that went in: its links, by id and by address, its page and its form."""
    for article in Article.objects.order_by("pk").only("slug"):
        address = article.get_absolute_url()
        yield read(client, ONE.format("newsroom.article", article.pk))
        yield read(client, f"{MANY}?{urlencode({'url': address})}")
        yield read(client, address)
        yield read(client, f"/admin/newsroom/article/{article.pk}/change/")


def import_file(path: Path, content: bytes, *options: str) -> tuple[int, str]:
    """(exit code, what it printed) of import_articles; another error than its own is raised."""
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{err.getvalue()}{error}"
    return 0, out.getvalue() + err.getvalue()


def slowest(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: answer.cpu, reverse=True)[:5]


def _answer(question: str, status: int, started: tuple[float, float]) -> Answer:
    wall, cpu = started
    return Answer(question, status, time.perf_counter() - wall, time.thread_time() - cpu)
