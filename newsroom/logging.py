"""One line per log record: `key=value` pairs for people, or JSON for log collectors."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# What every record carries; anything else was passed as `extra` and belongs in the line.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
MOST_CHARACTERS = 8000  # of an exception


def logging_settings(log_format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING, for every process: the web server's and Celery's own lines as well."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "newsroom.logging.KeyValueFormatter"},
            "json": {"()": "newsroom.logging.JsonFormatter"},
        },
        "filters": {"request_id": {"()": "newsroom.request_ids.RequestIdFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": log_format,
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own set-up mails admins and colors its server's lines, gunicorn's writes lines
        # of its own; here all goes one way.
        "loggers": {
            name: {"handlers": [], "propagate": True, "level": "NOTSET"}
            for name in ("django", "gunicorn.error", "gunicorn.access")
        },
    }


class KeyValueFormatter(logging.Formatter):
    """Format a record as `time=... level=... logger=... message="..."` and its extras.

    Values with spaces, quotes or line breaks are written as JSON strings: a title with a line
    break in it cannot forge a second record, and a traceback stays on its record's line.
    """

    def format(self, record: logging.LogRecord) -> str:
        pairs = self.pairs(record)
        return " ".join(f"{name}={quoted(str(value))}" for name, value in pairs.items())

    def pairs(self, record: logging.LogRecord) -> dict[str, Any]:
        """What the line says, by name."""
        pairs = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        pairs |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            pairs["exception"] = shortened(self.formatException(record.exc_info))
        return pairs


class JsonFormatter(KeyValueFormatter):
    """The same pairs as one JSON object of ASCII: numbers stay numbers, nothing else is trusted."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.pairs(record), default=str)


def shortened(text: str) -> str:
    """Head and tail of a traceback: an error's message may hold a whole article."""
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]} [{len(text) - 2 * half} characters left out] {text[-half:]}"


def quoted(value: str) -> str:
    """Return the value as it is, or as a JSON string where it would break the line apart."""
    plain = value.isprintable() and value and not set(value) & set(' "=')
    return value if plain else json.dumps(value, ensure_ascii=not value.isprintable())
