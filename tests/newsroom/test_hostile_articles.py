"""Every kind of hostile article through every door: saved or refused, never an error, never slow.

`benchmarks/hostile.py` does the same with thousands, real workers and a watch on their memory.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from newsroom.articles.models import Article
from related.models import Document
from tests.factories import ArticleFactory
from tests.hostile import doors
from tests.hostile.archives import LINES, as_csv, as_feed, as_lines
from tests.hostile.articles import HostileArticle, hostile_articles
from tests.hostile.doors import Answer
from tests.hostile.questions import hostile_questions
from tests.hostile.texts import TEXTS
from tests.newsroom.desk import LIST, act, article_form, change_page

pytestmark = pytest.mark.django_db

SEED = 1
N_ARTICLES = -(-5 * len(TEXTS) // 3)  # every kind of text in a body, a third of them in a title
SMALL = 100_000  # characters
LONGEST = 2.0  # seconds of one processor


@pytest.fixture
def client() -> Client:
    """An error is an answer here, as it is to a browser."""
    return Client(raise_request_exception=False)


@pytest.fixture
def editor(client: Client, admin_user: object) -> Client:
    client.force_login(admin_user)  # type: ignore[arg-type]
    return client


def assert_kept(answers: list[Answer]) -> None:
    assert [answer for answer in answers if answer.status >= 500] == []
    assert [answer for answer in answers if answer.cpu > LONGEST] == []


def assert_worked_off() -> None:
    call_command("process_related")
    assert not Document.objects.exclude(error="").exists()
    assert not Document.objects.waiting().exists()


def articles(n: int = N_ARTICLES) -> list[HostileArticle]:
    return list(hostile_articles(n, SEED))


def small(given: list[HostileArticle]) -> list[HostileArticle]:
    """Those that take no time. What a database or a parser refuses is in small texts as well."""
    return [article for article in given if len(str(article.fields)) < SMALL]


def test_the_articles_have_every_kind_and_are_the_same_again() -> None:
    kinds = {article.kind for article in articles()}
    assert kinds >= {f"body: {kind}" for kind in TEXTS}
    assert len({kind for kind in kinds if kind.startswith("title")}) >= len(TEXTS) // 3 - 1
    assert list(hostile_articles(20, SEED)) == list(hostile_articles(20, SEED))
    assert list(hostile_articles(20, SEED)) != list(hostile_articles(20, SEED + 1))


@pytest.mark.slow  # two hundred articles, some as large as the admin takes
def test_the_admin_saves_or_explains(editor: Client) -> None:
    given = articles() if connection.vendor == "sqlite" else small(articles())
    assert_kept([doors.post_to_admin(editor, article) for article in given])
    assert Article.objects.visible().count() > len(given) // 5
    assert_worked_off()
    assert_kept(list(doors.read_back(editor)))


@pytest.mark.slow  # as many, compared by workers afterwards
def test_the_importer_takes_or_names_every_row(editor: Client, tmp_path: Path) -> None:
    given = small(articles())
    content = as_lines(given)
    code, printed = doors.import_file(tmp_path / "archive.jsonl", content)
    n_refused = printed.count("\nline ") + printed.startswith("line ")
    assert code == 1
    assert Article.objects.count() > len(given) // 5
    assert Article.objects.count() + n_refused >= len(given)
    assert "Traceback" not in printed
    assert_worked_off()
    assert_kept(list(doors.read_back(editor)))


@pytest.mark.parametrize("kind", LINES)
def test_lines_that_are_no_articles(tmp_path: Path, kind: str) -> None:
    fine = b'{"title": "Fine", "id": "fine"}'
    content = b"\n".join([fine, LINES[kind]])
    doors.import_file(tmp_path / "archive.jsonl", content)
    assert Article.objects.filter(external_id="fine").exists()


def test_a_table_is_taken_or_named_row_by_row(editor: Client, tmp_path: Path) -> None:
    given = small(articles(40))
    code, printed = doors.import_file(tmp_path / "archive", as_csv(given))
    assert code in {0, 1}
    assert Article.objects.exists()
    assert Article.objects.count() + printed.count("line ") >= len(given)
    assert_kept(list(doors.read_back(editor)))


def test_items_that_refer_to_a_bomb_are_named_one_by_one(tmp_path: Path) -> None:
    given = articles(20)
    code, printed = doors.import_file(tmp_path / "archive", as_feed(given))
    assert code == 1
    assert printed.count("it refers to &lol9;, which the file declares") == len(given)
    assert not Article.objects.exists()


@pytest.mark.slow  # a hundred and fifty pages
def test_hostile_questions_find_nothing_or_are_refused(client: Client) -> None:
    ArticleFactory()
    answers = [doors.read(client, path) for path in hostile_questions(150, SEED)]
    assert_kept(answers)
    assert {200, 400, 404} <= {answer.status for answer in answers}


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
def test_a_date_that_not_every_time_zone_has_is_refused(
    editor: Client, settings: Settings, zone: str, date: str
) -> None:
    settings.TIME_ZONE = zone
    article = ArticleFactory()
    clock = "00:00:00" if date.startswith("0") else "23:59:59"
    form = article_form(article, published_at_0=date, published_at_1=clock)
    response = editor.post(change_page(article), form)
    assert response.status_code == 200
    assert "Choose a year from 1000 to 2999." in response.content.decode()
    act(editor, "schedule_articles", [article], at=f"{date} {clock}")
    article.refresh_from_db()
    assert abs(article.published_at - timezone.now()) < timedelta(days=400)
    assert editor.get(LIST).status_code == 200
