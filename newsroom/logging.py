"""One line of `key=value` pairs per log record, for people and for log collectors alike."""

import json
import logging
from datetime import UTC, datetime

# What every record carries; anything else was passed as `extra` and belongs in the line.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class KeyValueFormatter(logging.Formatter):
    """Format a record as `time=... level=... logger=... message="..."` and its extras.

    Values with spaces, quotes or line breaks are written as JSON strings: a title with a line
    break in it cannot forge a second record, and a traceback stays on its record's line.
    """

    def format(self, record: logging.LogRecord) -> str:
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
            pairs["exception"] = self.formatException(record.exc_info)
        return " ".join(f"{name}={quoted(str(value))}" for name, value in pairs.items())


def quoted(value: str) -> str:
    """Return the value as it is, or as a JSON string where it would break the line apart."""
    plain = value.isprintable() and value and not set(value) & set(' "=')
    return value if plain else json.dumps(value, ensure_ascii=not value.isprintable())
