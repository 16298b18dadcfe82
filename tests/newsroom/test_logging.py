"""A log line is one line of key=value pairs, whatever the message holds."""

import logging
import sys

from newsroom.logging import KeyValueFormatter


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
