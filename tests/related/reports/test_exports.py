"""The commands that print what is served: exports, explanation, evaluation."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Tag
from related import Source
from related.domain.documents.lookup import find_documents
from related.domain.documents.marking import ensure_document
from related.domain.reports.exports import CHUNK, neighbor_rows, read_names
from related.enums import Verdict
from related.models import Document, Slot
from related.registry import source_for
from tests.related.stored_articles import (
    decide,
    make_article,
    publish,
    row_of,
    store_neighbors,
    suggest,
)
from tests.services.project import ROOT

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: str) -> str:
    stdout = StringIO()
    call_command(command, *arguments, stdout=stdout)
    return stdout.getvalue()


def lines(command: str, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(command, *arguments).splitlines()]


def make_articles(titles: str) -> list[Article]:
    return [make_article(title, external_id=f"wire-{title}", section="") for title in titles]


def test_neighbors_in_rank_order_by_external_id() -> None:
    a, b, c = make_articles("ABC")
    store_neighbors(a, [(c, 0.75), (b, 0.5)])
    store_neighbors(b, [(a, 0.5)])
    store_neighbors(a, [(b, 0.125)], generation=1)  # of a rebuild that is not switched in
    expected = [
        {
            "id": "wire-A",
            "neighbors": [
                {"id": "wire-C", "similarity": 0.75},
                {"id": "wire-B", "similarity": 0.5},
            ],
        },
        {"id": "wire-B", "neighbors": [{"id": "wire-A", "similarity": 0.5}]},
        {"id": "wire-C", "neighbors": []},
    ]
    assert lines("export_neighbors") == expected
    assert lines("export_neighbors", "--top", "1")[0]["neighbors"] == expected[0]["neighbors"][:1]


def test_neighbors_that_left_make_room_for_the_next() -> None:
    a, b, c = make_articles("ABC")
    store_neighbors(a, [(999_999, 0.9), (b, 0.75), (c, 0.5)])
    Document.objects.filter(pk=row_of(b).pk).update(is_indexed=False)
    first, *others = lines("export_neighbors", "--top", "1")
    assert first["neighbors"] == [{"id": "wire-C", "similarity": 0.5}]
    assert [row["id"] for row in others] == ["wire-C"]


def test_an_article_without_an_external_id_is_named_by_its_key() -> None:
    article = make_article("A")
    assert lines("export_neighbors") == [{"id": str(article.pk), "neighbors": []}]


def test_an_external_id_that_is_another_articles_key_names_one_of_them() -> None:
    article = make_article("A")
    make_article("B", external_id=str(article.pk))
    ids = [row["id"] for row in lines("export_neighbors")]
    assert ids == [f"newsroom.article:{article.pk}", str(article.pk)]
    found = find_documents(ids)
    assert found[ids[0]] == row_of(article)
    assert found[ids[1]].object_id != ids[1]


def test_ids_of_two_kinds_can_be_equal(register_only: Any) -> None:
    class TagSource(Source):
        def queryset(self) -> Any:
            return Tag.objects.all()

        def external_id(self, obj: Any) -> str:
            return "wire-A"

        def with_external_ids(self, external_ids: Any) -> Any:
            return (
                Tag.objects.filter(name="harbor")
                if "wire-A" in external_ids
                else Tag.objects.none()
            )

    register_only({Article: type(source_for(Article)), Tag: TagSource})
    [article] = make_articles("A")
    tag = Tag.objects.create(name="harbor")
    row = ensure_document(tag)
    Document.objects.filter(pk=row.pk).update(is_indexed=True)
    store_neighbors(article, [(row.pk, 0.5)])
    assert lines("export_neighbors") == [
        {
            "id": "wire-A",
            "type": "newsroom.article",
            "neighbors": [{"id": "wire-A", "type": "newsroom.tag", "similarity": 0.5}],
        },
        {"id": "wire-A", "type": "newsroom.tag", "neighbors": []},
    ]
    message = f"newsroom.article:{article.pk}, newsroom.tag:{tag.pk}"
    with pytest.raises(CommandError, match=f"'wire-A' is the id of several: {message}"):
        run("explain_related", "wire-A", f"newsroom.article:{article.pk}")


def test_exports_read_in_chunks(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    articles = make_articles("ABC")
    for article in articles:
        store_neighbors(article, [(other, 0.5) for other in articles if other != article])
    assert len(articles) < CHUNK
    read_names()  # content types are read once per process
    with django_assert_num_queries(4):
        assert len(list(neighbor_rows(read_names(), top=10))) == 3


def test_neighbors_need_a_sensible_number() -> None:
    with pytest.raises(CommandError, match="--top must be 1 or more"):
        run("export_neighbors", "--top", "0")


def test_suggestions_of_one_slot() -> None:
    a, b, c = make_articles("ABC")
    suggest(a, "related", b, c)
    decide(a, "inline", c, Verdict.REJECTED)
    assert lines("export_suggestions", "--slot", "related") == [
        {
            "id": "wire-A",
            "slot": "related",
            "suggestions": [{"id": "wire-B", "score": 0.5}],
        },
        {"id": "wire-B", "slot": "related", "suggestions": []},
        {"id": "wire-C", "slot": "related", "suggestions": []},
    ]


def test_suggestions_of_all_slots_that_go_by_similarity() -> None:
    make_articles("A")
    Slot.objects.filter(key="inline").update(is_active=False)
    assert [row["slot"] for row in lines("export_suggestions")] == ["previous", "next", "related"]


@pytest.mark.parametrize("key", ["section", "nonsense"])
def test_a_slot_without_suggestions_is_refused_by_name(key: str) -> None:
    with pytest.raises(CommandError, match=f"'{key}'.*previous, next, inline, related"):
        run("export_suggestions", "--slot", key)


def test_links_are_counted_either_way(tmp_path: Path) -> None:
    a, b, c, d = make_articles("ABCD")
    suggest(a, "related", c, b)  # one relevant, at rank 2
    suggest(b, "related", a)  # one relevant, at rank 1
    suggest(d, "related", a)  # not in the file
    path = tmp_path / "links.tsv"
    path.write_text("id_from\tid_to\nwire-A\twire-B\n\nwire-B\twire-A\nwire-A\twire-gone\n")
    printed = run("evaluate_related", str(path))
    ndcg = (1 / 1.5849625 + 1) / 2
    assert f"nDCG@10      {ndcg:.3f}" in printed
    assert "MRR          0.750" in printed
    assert "precision@5  0.200" in printed
    assert "queries      2 (from 2 links)" in printed
    assert "not indexed  1 id, its links were left out: wire-gone" in printed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"wire-A wire-B\n", "Line 1: expected two ids separated by a tab"),
        (b"wire-A\twire-B\n\xff\n", "is not UTF-8"),
        (b"nobody\tnowhere\n", "No link in .* joins two indexed documents"),
        (b"", "No link in"),
    ],
)
def test_a_file_of_links_that_cannot_be_used(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "links.tsv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        run("evaluate_related", str(path))


def test_a_file_of_links_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("evaluate_related", str(tmp_path / "none.tsv"))


def test_why_two_articles_are_similar() -> None:
    text = "The harbor bridge closes. Ferries run instead of the bridge."
    publish("Bridge closes", external_id="a", body=text)
    publish("Bridge opens", external_id="b", body="The harbor bridge opens for all ferries.")
    publish("Paella", external_id="c", body="Arroz con conejo y azafrán.")
    call_command("rebuild_related", stdout=StringIO(), stderr=StringIO())
    printed = run("explain_related", "a", "b", "--top", "1").splitlines()
    similarity = float(printed[0].split()[1].rstrip(","))
    assert 0 < similarity < 1
    term, contribution, share = printed[1].rsplit(maxsplit=2)
    assert "bridge" in term
    assert 0 < float(contribution) < similarity
    assert share == f"{float(contribution) / similarity:.0%}"
    assert "1 more term contributes" in printed[2]
    by_label = f"newsroom.article:{Article.objects.get(external_id='b').pk}"
    assert run("explain_related", "a", by_label).splitlines()[0] == printed[0]
    assert run("explain_related", "a", "c").startswith("similarity 0.0000, 0 shared terms")


def test_what_cannot_be_explained_says_why() -> None:
    make_article("A", external_id="a")
    make_article("B", external_id="b", language="es")
    waiting = make_article("C", external_id="c")
    Document.objects.filter(pk=row_of(waiting).pk).update(is_indexed=False)
    with pytest.raises(CommandError, match=r"Nothing is known as zz.*newsroom\.article:id"):
        run("explain_related", "a", "zz")
    with pytest.raises(CommandError, match="a is in 'en' and b in 'es'"):
        run("explain_related", "a", "b")
    with pytest.raises(CommandError, match="c is not indexed"):
        run("explain_related", "a", "c")
    with pytest.raises(CommandError, match="a and a are the same document"):
        run("explain_related", "a", "a")
    by_label = f"newsroom.article:{Article.objects.get(external_id='a').pk}"
    for pair in (["a", by_label], [by_label, "a"], [by_label, by_label.title()]):
        with pytest.raises(CommandError, match="are the same document"):
            run("explain_related", *pair)
    make_article("D", external_id="d")
    with pytest.raises(CommandError, match="No stored terms"):
        run("explain_related", "a", "d")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    code = (
        "import sys; from django.conf import settings; settings.configure(USE_I18N=False);"
        "from django.core.management.base import OutputWrapper;"
        "from related.management.output import write_json_lines;"
        "write_json_lines(OutputWrapper(sys.stdout), ({'id': n} for n in range(200_000)), 200_000)"
    )
    with Popen([sys.executable, "-c", code], cwd=ROOT, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline()) == {"id": 0}
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
