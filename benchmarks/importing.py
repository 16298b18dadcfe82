"""An archive of any size through import_articles: how fast, and in how much memory.

    python benchmarks/importing.py --kind wxr --megabytes 1000

Into the database of DATABASE_URL, which has to be empty and migrated. Exits with 1 when an import
takes more than 300 MB of memory, refuses a row, or takes in fewer than --rate articles a second.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
MAX_MEGABYTES = 300
WORDS = """the of and to in is that for it was harbor council vote bridge minister election storm
fire police school hospital budget mayor river train market strike museum ferry court"""
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>T</title><link>https://o.example</link><language>en-US</language>
<wp:base_blog_url>https://o.example</wp:base_blog_url>
"""
META = "<wp:postmeta><wp:meta_key>k{}</wp:meta_key><wp:meta_value>v</wp:meta_value></wp:postmeta>"
ITEM = (
    "<item><title><![CDATA[{title}]]></title><link>https://o.example/a/{n}/</link>"
    '<guid isPermaLink="false">https://o.example/?p={n}</guid>'
    "<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{n}</wp:post_id>"
    "<wp:post_date_gmt>2020-03-02 06:00:00</wp:post_date_gmt><wp:status>publish</wp:status>"
    "<wp:post_type>post</wp:post_type>"
    '<category domain="category" nicename="news"><![CDATA[News]]></category>'
    '<category domain="post_tag" nicename="boats"><![CDATA[boats]]></category>'
    + "".join(map(META.format, range(8)))
    + "</item>\n"
)


def json_line(n: int, paragraphs: list[str]) -> str:
    article = {"id": n, "title": f"{paragraphs[0][:60]} {n}", "body": "\n\n".join(paragraphs)}
    article |= {"published_at": "2024-05-31T06:30:00+02:00", "language": "en", "section": "News"}
    article |= {"url": f"https://o.example/a/{n}", "tags": ["boats", "harbor"]}
    return json.dumps(article) + "\n"


def post(n: int, paragraphs: list[str]) -> str:
    body = "\n".join(
        f"<!-- wp:paragraph -->\n<p>{each}</p>\n<!-- /wp:paragraph -->" for each in paragraphs
    )
    return ITEM.format(n=n, title=f"{paragraphs[0][:60]} {n}", body=body)


def archive(kind: str, megabytes: int, n_paragraphs: int) -> Iterator[str]:
    """The pieces of an archive: articles of so many paragraphs of 70 words."""
    chance = random.Random(1)
    texts = [" ".join(chance.choices(WORDS.split(), k=70)) + "." for _ in range(3_000)]
    write = post if kind == "wxr" else json_line
    yield HEAD if kind == "wxr" else ""
    n, size = 0, 0
    while size < megabytes * 1_000_000:
        n += 1
        piece = write(n, chance.choices(texts, k=n_paragraphs))
        size += len(piece)
        yield piece
    yield "</channel></rss>\n" if kind == "wxr" else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=["jsonl", "wxr"], default="jsonl")
    parser.add_argument("--megabytes", type=int, default=60)
    parser.add_argument("--paragraphs", type=int, default=8)
    parser.add_argument("--rate", type=int, default=1_000)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "archive"
        n_articles = -2
        with file.open("w") as out:
            for piece in archive(options.kind, options.megabytes, options.paragraphs):
                n_articles += 1
                out.write(piece)
        started = time.monotonic()
        command = [sys.executable, "manage.py", "import_articles", str(file)]
        code = subprocess.run(command, cwd=ROOT, env={**os.environ}, check=False).returncode
        seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    megabytes = used.ru_maxrss / 1024
    rate = n_articles / seconds
    print(f"{n_articles} articles, {rate:.0f} a second, {seconds:.0f} s, {megabytes:.0f} MB")
    print(f"{n_articles / (used.ru_utime + used.ru_stime):.0f} a second of processor time")
    sys.exit(code or megabytes > MAX_MEGABYTES or rate < options.rate)


if __name__ == "__main__":
    main()
