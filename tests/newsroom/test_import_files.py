"""import_articles: which files it reads."""

from __future__ import annotations

import gzip
import io
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from newsroom.articles.models import Article
from tests.newsroom.import_runs import import_path

pytestmark = pytest.mark.django_db


def test_gzip_is_read_whatever_its_name(tmp_path: Path) -> None:
    file = tmp_path / "archive.json"
    file.write_bytes(gzip.compress(b'\xef\xbb\xbf{"title": "With a byte order mark"}\r\n'))
    assert import_path(str(file)).code == 0
    assert Article.objects.get().title == "With a byte order mark"


def test_damaged_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl.gz"
    titles = [sha256(b"%d" % n).hexdigest() for n in range(2_000)]  # which compress badly
    whole = gzip.compress("\n".join(f'{{"title": "{title}"}}' for title in titles).encode())
    file.write_bytes(whole[: len(whole) // 2])
    result = import_path(str(file))
    assert result.code == 1
    assert "the compressed file is damaged from here on" in result.err
    assert Article.objects.exists()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BufferedReader(io.BytesIO(b'{"title": "Piped"}'))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stream))
    assert import_path("-").code == 0
    assert Article.objects.get().title == "Piped"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    for path, reason in [
        (picture, "none of the formats that can be read"),
        (tmp_path / "no.jsonl", "cannot be read: No such file"),
        (tmp_path / "empty", "there is no file in it"),
    ]:
        (tmp_path / "empty").mkdir(exist_ok=True)
        result = import_path(str(path))
        assert result.code == 1
        assert reason in result.err
