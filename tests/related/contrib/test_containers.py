"""Files in every wrapping: gzip, zip, tar, folders, standard input; damaged ones and bombs."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from related.contrib.importing.archives import Archive, ArchiveError, Limits
from tests.related.contrib.archives import RSS, WXR, Read, notices, post, read, refusals, rows

LINES = b'{"title": "One"}\n{"title": "Two"}\n'
FEED = RSS.format("<item><title>Three</title></item>").encode()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(**files: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def titles(found: list[object]) -> list[str]:
    return [data["title"] for data in rows(found)]


def test_gzip_zip_and_tar_are_told_by_their_content(read_text: Read) -> None:
    files = {"a.jsonl": LINES, "b.data": FEED, "c.gz": gzip.compress(LINES), "__MACOSX/d": LINES}
    assert titles(read_text(gzip.compress(LINES))) == ["One", "Two"]
    for wrapped in (zipped(**files), tarred(**files)):
        assert titles(read_text(wrapped)) == ["One", "Two", "Three", "One", "Two"]


def test_where_a_row_stands_names_its_file_when_there_are_several(read_text: Read) -> None:
    found = read_text(zipped(**{"a.jsonl": LINES, "b.xml": FEED}))
    assert [str(each.where) for each in found] == [
        *("a.jsonl, line 1", "a.jsonl, line 2"),
        "b.xml, line 1",
    ]
    assert str(read_text(gzip.compress(LINES))[1].where) == "line 2"


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.jsonl.gz").write_bytes(gzip.compress(LINES))
    (tmp_path / "a.xml").write_bytes(FEED)
    (tmp_path / ".hidden").write_bytes(LINES)
    (tmp_path / "notes.txt").write_text("Nothing to import.")
    found = read(tmp_path)
    assert titles(found) == ["Three", "One", "Two"]
    [notice] = notices(found)
    assert notice.startswith("notes.txt: this is none of the formats")
    with Archive(str(tmp_path)) as archive:
        list(archive)
        assert archive.done == archive.total > 0


@pytest.mark.parametrize(
    "content", [LINES, gzip.compress(LINES), zipped(one=LINES)], ids=["plain", "gzip", "zip"]
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BufferedReader(Pipe(content))))
    assert titles(read("-")) == ["One", "Two"]


def test_a_truncated_file_keeps_what_came_before(read_text: Read) -> None:
    hashes = [sha256(b"%d" % n).hexdigest() for n in range(99)]  # which compress badly
    lines = "".join(f'{{"title": "{each}"}}\n' for each in hashes).encode()
    whole = gzip.compress(lines)
    found = read_text(whole[: len(whole) // 2])
    assert 10 < len(rows(found)) < 99
    assert "the compressed file is damaged from here on" in refusals(found)[-1]
    assert int(refusals(found)[-1].split()[1].strip(":")) == len(rows(found)) + 1
    whole = zipped(a=lines, b=lines)
    assert "damaged" in refusals_or_error(read_text, whole[: len(whole) // 2])


def refusals_or_error(read_text: Read, content: bytes) -> str:
    try:
        return " ".join(refusals(read_text(content)))
    except ArchiveError as error:
        return str(error)


@pytest.mark.parametrize("wrap", [gzip.compress, lambda content: zipped(bomb=content)])
def test_a_bomb_ends_early(read_text: Read, wrap: object) -> None:
    bomb = wrap(LINES + b" " * 30_000_000)  # type: ignore[operator]
    found = read_text(bomb)
    assert titles(found) == ["One", "Two"]
    assert "expands to more than may be read" in refusals(found)[-1]


def test_what_all_files_expand_to_is_limited(read_text: Read) -> None:
    files = {f"{n}.jsonl": LINES for n in range(5)}
    found = read_text(zipped(**files), limits=Limits(total_bytes=3 * len(LINES)))
    assert len(rows(found)) == 6
    assert "expands to more" in refusals(found)[0]
    assert len(rows(read_text(zipped(**files), limits=Limits(files=2)))) == 4


def test_pictures_of_posts_are_found_wherever_the_attachment_stands(read_text: Read) -> None:
    meta = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value>"
    url = "https://post.example/a.jpg"
    export = WXR.format(
        post(more=meta + "</wp:postmeta>")
        + post(wp_post_type="attachment", wp_post_id="9", wp_attachment_url=url)
    )
    for content in (export.encode(), gzip.compress(export.encode()), zipped(a=export.encode())):
        [row] = rows(read_text(content))
        assert row["image_url"] == url
