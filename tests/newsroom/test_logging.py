"""A log line is one line of key=value pairs, whatever the message holds."""

import json
import logging
import sys
from typing import Any

import pytest

from newsroom.articles.models import Article
from newsroom.articles.related_sources import ArticleSource
from newsroom.logging import JsonFormatter, KeyValueFormatter
from related.domain.documents.marking import document_of
from related.domain.indexing.processing import process
from related.models import Document
from tests.factories import ArticleFactory


def line(message: str, *arguments: object, **attributes: object) -> str:
    record = logging.makeLogRecord(
        {"name": "related", "levelname": "INFO", "msg": message, "args": arguments, "created": 0.0}
        | attributes
    )
    return KeyValueFormatter().format(record)


def test_fields_and_extras() -> None:
    assert line("done", n_documents=3) == (
        "time=1970-01-01T00:00:00.000+00:00 level=INFO logger=related message=done n_documents=3"
    )


def test_a_title_cannot_forge_a_record() -> None:
    formatted = line("saved %s", 'A "story"\nlevel=ERROR')
    assert "\n" not in formatted
    assert formatted.endswith(r'message="saved A \"story\"\nlevel=ERROR"')


def test_unicode_is_readable() -> None:
    assert 'message="Übung in Kraków"' in line("Übung in Kraków")


def test_traceback_stays_on_the_line() -> None:
    try:
        int("seven")
    except ValueError:
        formatted = line("failed", exc_info=sys.exc_info())
    assert "\n" not in formatted
    assert "ValueError: invalid literal" in formatted


@pytest.mark.parametrize("formatter", [KeyValueFormatter, JsonFormatter])
@pytest.mark.parametrize(
    "hostile", ["\r\nlevel=ERROR", "\x1b[2J", "\u2028", "\u202e", "\x00", "\x85"]
)
def test_no_text_breaks_its_line(formatter: type[logging.Formatter], hostile: str) -> None:
    record = logging.makeLogRecord({"msg": f"saved {hostile}", "title": hostile})
    formatted = formatter().format(record)
    assert formatted.isprintable()
    assert len(formatted.splitlines()) == 1


def test_json_keeps_numbers_and_names() -> None:
    record = logging.makeLogRecord({"msg": "stored", "levelname": "INFO", "revision": 7})
    said = json.loads(JsonFormatter().format(record))
    assert (said["message"], said["level"], said["revision"]) == ("stored", "INFO", 7)


def test_an_error_with_a_whole_article_in_it_is_cut() -> None:
    try:
        int("word " * 100_000)
    except ValueError as error:
        error.args = ("word " * 100_000,)
        formatted = line("failed", exc_info=sys.exc_info())
    assert len(formatted) < 10_000
    assert "characters left out" in formatted


BODY = "A secret of the harbor master. " * 5


def publish() -> Article:
    article: Article = ArticleFactory(title="Harbor\nlevel=ERROR", body=BODY)
    return article


def lines_about(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    said = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    return [pairs for pairs in said if "document" in pairs]


@pytest.mark.django_db
def test_every_step_of_a_document_names_it_and_its_revision(
    caplog: pytest.LogCaptureFixture,
) -> None:
    article = publish()
    with caplog.at_level(logging.INFO):
        assert process() == 1
    steps = lines_about(caplog)
    assert [step["message"] for step in steps] == ["document claimed", "document stored"]
    document = document_of(article)
    assert document is not None
    for step in steps:
        assert (step["document"], step["revision"]) == (document.label, document.want_rev)
    assert "secret" not in caplog.text
    assert "Harbor" not in caplog.text


@pytest.mark.django_db
def test_a_failed_document_says_why(caplog: pytest.LogCaptureFixture, register_only: Any) -> None:
    class Unreadable(ArticleSource):
        def text(self, obj: Article) -> str:
            raise ValueError("no text today")

    register_only({Article: Unreadable})
    article = publish()
    for _ in range(3):
        Document.objects.update(retry_at=None)
        process()
    failures = [step for step in lines_about(caplog) if step["level"] == "ERROR"]
    expected = ["document failed", "document failed", "document set aside"]
    assert [step["message"] for step in failures] == expected
    assert [step["attempt"] for step in failures] == [1, 2, 3]
    for step in failures:
        assert step["document"] == f"newsroom.article:{article.pk}"
        assert step["exception"].endswith("ValueError: no text today")
    assert "secret" not in caplog.text
