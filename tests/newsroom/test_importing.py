"""import_articles: what goes in, what is refused and why, and what a second run does."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from newsroom.articles.importing import rows as rows_module
from newsroom.articles.models import Article, Section, Status, Tag
from newsroom.articles.publishing import withdraw
from related.models import Document
from tests.factories import ArticleFactory, SectionFactory

pytestmark = pytest.mark.django_db

Import = Callable[..., SimpleNamespace]


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """Write lines (objects or raw text) to a file, import it, and tell what it printed."""

    def run(*lines: Any, path: str | None = None, **options: Any) -> SimpleNamespace:
        file = tmp_path / "archive.jsonl"
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        file.write_bytes(b"\n".join(raw))
        out, err = io.StringIO(), io.StringIO()
        code = 0
        try:
            call_command("import_articles", path or str(file), stdout=out, stderr=err, **options)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue())

    return run


FULL = {
    "id": "a-1",
    "title": "Lifeboat  tows\ndredger",
    "body": "<p>Text<script>x</script></p>",
    "excerpt": "In short.",
    "published_at": "2024-05-31T06:30:00+02:00",
    "section": "Harbor News",
    "language": "pt_BR",
    "url": "https://origin.example/a b",
    "source": "Agency",
    "tags": ["boats", "R&D", "boats"],
    "authors": ["Ann", "Bob"],
    "image_url": "https://example.org/i.jpg",
    "status": "published",
    "story": "keys that nobody knows are passed over",
}


def test_every_key_finds_its_field(run: Import) -> None:
    result = run(FULL)
    assert result.code == 0
    assert "1 articles created" in result.out
    article = Article.objects.get()
    assert article.title == "Lifeboat tows dredger"
    assert article.slug == "lifeboat-tows-dredger"
    assert article.body == "<p>Text</p>"
    assert article.excerpt == "In short."
    assert article.published_at == datetime(2024, 5, 31, 4, 30, tzinfo=UTC)
    assert article.section == Section.objects.get(name="Harbor News", slug="harbor-news")
    assert article.language == "pt-br"
    assert article.origin_url == "https://origin.example/a%20b"
    assert article.source == "Agency"
    assert set(article.tags.values_list("name", flat=True)) == {"boats", "R&D"}
    assert article.authors == ["Ann", "Bob"]
    assert article.image_url == "https://example.org/i.jpg"
    assert article.external_id == "a-1"


def test_a_title_is_enough(run: Import, settings: Any) -> None:
    settings.LANGUAGE_CODE = "es"
    before = timezone.now()
    assert run({"title": "Only a title", "body": None, "section": None}).code == 0
    article = Article.objects.get()
    assert (article.status, article.language, article.section) == (Status.PUBLISHED, "es", None)
    assert article.published_at is not None
    assert before <= article.published_at <= timezone.now()
    assert article.external_id


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_hidden_articles_need_no_date(run: Import, status: str) -> None:
    run({"title": "Hidden", "status": status})
    assert Article.objects.get().published_at is None


def test_articles_are_marked_for_the_workers(run: Import) -> None:
    run({"id": 1, "title": "One"}, {"id": 2, "title": "Two"})
    Document.objects.update(want_rev=1, done_rev=1)
    run({"id": 1, "title": "One"}, {"id": 2, "title": "Two, edited"})
    waiting = Document.objects.filter(want_rev=2)
    assert [row.object_id for row in waiting] == [str(Article.objects.get(external_id="2").pk)]


NESTED = b'{"title": "x", "tags": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"

BAD: list[tuple[Any, str]] = [
    (b"{not json", "it is not JSON"),
    (b'"text"', "it is not a JSON object"),
    (b"[1]", "it is not a JSON object"),
    (b'{"title": "\xff"}', "it is not UTF-8 text (byte 12 of the line)"),
    (NESTED, "nested too deeply"),
    (b'{"title": "x", "id": ' + b"9" * 5000 + b"}", "thousands of digits"),
    ({"body": "no title"}, "it has no title"),
    ({"title": " \n "}, "it has no title"),
    ({"title": None}, "it has no title"),
    ({"title": 7}, '"title" must be text, not a number'),
    ({"title": "x" * 301}, '"title" has 301 characters; 300 are allowed'),
    ({"title": "a\x00b"}, '"title" holds a NUL character'),
    (b'{"title": "a\\ud800b"}', '"title" holds a lone surrogate'),
    (b'{"title": "t", "body": "\\u0000"}', '"body" holds a NUL character'),
    (b'{"title": "t", "tags": ["\\udc00"]}', '"tags" holds a lone surrogate'),
    ({"title": "t", "body": "x" * 5_000_000}, '"body" has 5,000,000 bytes; 1,000,000 are allowed'),
    ({"title": "t", "body": ["x"]}, '"body" must be text, not a list'),
    ({"title": "t", "body": {"a": 1}}, '"body" must be text, not an object'),
    ({"title": "t", "published_at": "yesterday"}, "not a date that can be read: 'yesterday'"),
    ({"title": "t", "published_at": "2024-02-30"}, "not a date that can be read"),
    ({"title": "t", "published_at": "0001-01-01T00:00:00+14:00"}, "not a date that can be read"),
    ({"title": "t", "published_at": 1717130000}, '"published_at" must be text, not a number'),
    ({"title": "t", "status": "live"}, "it may be draft, scheduled, published, withdrawn"),
    ({"title": "t", "status": "scheduled"}, 'it is scheduled but has no "published_at"'),
    ({"title": "t", "section": 5}, '"section" must be text'),
    ({"title": "t", "section": "x" * 101}, '"section" has 101 characters'),
    ({"title": "t", "language": "English"}, '"language" is not a language code'),
    ({"title": "t", "url": "javascript:alert(1)"}, '"url" is not an http or https address'),
    ({"title": "t", "image_url": "/i.jpg"}, '"image_url" is not an http or https address'),
    ({"title": "t", "tags": "a, b"}, '"tags" must be a list of names, not text'),
    ({"title": "t", "authors": [1]}, '"authors" must be text, not a number'),
    ({"title": "t", "id": True}, '"id" must be text, not true or false'),
    ({"title": "t", "id": "x" * 201}, '"id" has 201 characters'),
]


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=[reason[:40] for _, reason in BAD])
def test_bad_row_is_reported_and_the_others_go_in(run: Import, bad: Any, reason: str) -> None:
    result = run({"id": "1", "title": "First"}, bad, {"id": "3", "title": "Third"})
    assert result.code == 1
    [line] = [line for line in result.err.splitlines() if line.startswith("line ")]
    assert line.startswith("line 2: ")
    assert reason in line
    assert "2 articles created" in result.out
    assert "1 rows refused" in result.out
    assert set(Article.objects.values_list("title", flat=True)) == {"First", "Third"}


def test_an_id_counts_once_per_file(run: Import) -> None:
    result = run({"id": "x", "title": "First"}, b"", b"  ", {"id": "x", "title": "Second"})
    assert result.code == 1
    assert "line 4: the article 'x' already stood on line 1" in result.err
    assert Article.objects.get().title == "First"


def test_a_line_too_long_to_read_is_passed_over(
    run: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "MAX_LINE_BYTES", 100)
    result = run({"title": "x" * 450}, {"title": "Fine"}, {"title": "y" * 95})
    assert "line 1: the line is longer than 100 bytes" in result.err
    assert "line 3: the line is longer" in result.err
    assert Article.objects.get().title == "Fine"


def test_the_mended_file_completes_the_import(run: Import) -> None:
    good = [{"id": str(n), "title": f"Title {n}"} for n in range(4)]
    run(*good, {"id": "bad", "title": ""})
    result = run(*good, {"id": "bad", "title": "Mended"})
    assert result.code == 0
    assert "1 articles created, 0 updated, 4 unchanged; 0 rows refused" in result.out


def test_repeating_saves_nothing(run: Import) -> None:
    run(FULL, {"title": "No id", "tags": ["boats"]})
    before = list(Article.objects.values_list("pk", "updated_at"))
    result = run(FULL, {"title": "No id", "tags": ["boats"]})
    assert "0 articles created, 0 updated, 2 unchanged" in result.out
    assert list(Article.objects.values_list("pk", "updated_at")) == before
    assert Tag.objects.count() == 2


def test_update_changes_only_what_the_row_names(run: Import) -> None:
    run(FULL)
    article = Article.objects.get()
    withdraw(article)
    result = run({"id": "a-1", "title": "New title", "tags": ["boats"]})
    assert "0 articles created, 1 updated" in result.out
    updated = Article.objects.get()
    assert (updated.title, updated.slug) == ("New title", "lifeboat-tows-dredger")
    assert (updated.status, updated.published_at) == (Status.WITHDRAWN, article.published_at)
    assert (updated.body, updated.section) == (article.body, article.section)
    assert [tag.name for tag in updated.tags.all()] == ["boats"]
    assert updated.updated_at > article.updated_at


def test_changed_tags_alone_are_an_update(run: Import) -> None:
    run({"id": "1", "title": "t", "tags": ["a", "b"]})
    assert "1 updated" in run({"id": "1", "title": "t", "tags": ["b", "c"]}).out
    assert [tag.name for tag in Article.objects.get().tags.all()] == ["b", "c"]


def test_sections_are_found_by_name_or_slug(run: Import) -> None:
    known = SectionFactory(name="Open Data", position=5)
    names = ["Open Data", "open-data", "OPEN DATA", "social-media", "Social media", "Été"]
    run(*({"id": n, "title": "t", "section": name} for n, name in enumerate(names)))
    assert [section.name for section in Section.objects.all()] == [
        "Open Data",
        "Social media",
        "Été",
    ]
    assert known.articles.count() == 3


def test_equal_titles_get_different_slugs(run: Import) -> None:
    ArticleFactory(title="Weather")
    run(*({"id": n, "title": "Weather"} for n in range(12)), {"id": "e", "title": "🎉"})
    slugs = list(Article.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == 14
    assert "weather-3" in slugs
    assert "article" in slugs


SPANISH = "El pleno del ayuntamiento votó el lunes cerrar la biblioteca del barrio antiguo. " * 3
CHINESE = "市议会星期一晚上投票决定关闭图书馆。" * 20


@pytest.mark.parametrize(
    ("body", "language"),
    [(SPANISH, "es"), (f"<p>{SPANISH}</p>", "es"), (SPANISH[:80], "en"), (CHINESE, "en")],
    ids=["long", "html", "too short", "no stemmer"],
)
def test_missing_language_is_guessed_only_when_sure(run: Import, body: str, language: str) -> None:
    run({"title": "Cierran la biblioteca", "body": body})
    assert Article.objects.get().language == language


def test_gzip_is_read_whatever_its_name(run: Import, tmp_path: Path) -> None:
    file = tmp_path / "archive.json"
    file.write_bytes(gzip.compress(b'\xef\xbb\xbf{"title": "With a byte order mark"}\r\n'))
    assert run(path=str(file)).code == 0
    assert Article.objects.get().title == "With a byte order mark"


def test_damaged_gzip_keeps_what_came_before(run: Import, tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"title": "%d"}\n' % n for n in range(20_000)))
    file.write_bytes(whole[: len(whole) // 2])
    result = run(path=str(file))
    assert result.code == 1
    assert "the compressed file is damaged from here on" in result.err
    assert Article.objects.exists()


def test_standard_input(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BufferedReader(io.BytesIO(b'{"title": "Piped"}'))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stream))
    assert run(path="-").code == 0
    assert Article.objects.get().title == "Piped"


@pytest.mark.parametrize("kind", ["csv", "rss", "wxr"])
def test_other_formats_say_that_they_are_not_read(run: Import, kind: str) -> None:
    for result in (run(path=f"x.{kind}"), run(format=kind)):
        assert result.code == 1
        assert f"reads JSON Lines only, not {kind}" in result.err


def test_unknown_ending_and_missing_file(run: Import) -> None:
    assert "pass --format" in run(path="archive.tar").err
    assert "cannot be read: No such file" in run(path="/nowhere/archive.jsonl").err
    assert "cannot be read: Is a directory" in run(path="/tmp", format="jsonl").err


@pytest.mark.parametrize("n_articles", [1, 3, 40])
def test_query_count_does_not_grow(
    run: Import, django_assert_num_queries: DjangoAssertNumQueries, n_articles: int
) -> None:
    ArticleFactory(title="Same title")
    rows = [{"id": n, "title": "Same title", "tags": ["a", "b"]} for n in range(n_articles)]
    with django_assert_num_queries(16):
        run(*rows)
    with django_assert_num_queries(7):
        run(*rows)
