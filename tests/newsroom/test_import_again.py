"""import_articles, repeated: what editors changed stays, and what was deleted comes back whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsroom.articles.models import Article, LanguageBasis, Section, Status, Tag
from newsroom.articles.publishing import withdraw
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, Document, Slot
from tests.factories import EditorFactory
from tests.newsroom.import_runs import Import, import_path
from tests.related.stories import work

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parents[3] / "shared" / "cases"
ROW = {
    "id": "a-1",
    "title": "Lifeboat tows dredger",
    "body": "The lifeboat towed the dredger to the harbor.",
    "section": "Harbor",
    "language": "en",
    "status": "published",
    "tags": ["boats"],
}


def test_what_editors_corrected_stays(run: Import) -> None:
    run(ROW)
    article = Article.objects.get()
    article.title, article.language = "Lifeboat tows the dredger", "de"
    article.language_basis = LanguageBasis.EDITOR
    article.save()
    article.tags.set([Tag.objects.create(name="rescue")])
    withdraw(article)
    Section.objects.update(name="Port", slug="port")
    assert "0 updated, 1 unchanged" in run(ROW).out

    assert "1 updated" in run({**ROW, "body": "Corrected at the source."}).out
    article.refresh_from_db()
    assert article.body == "Corrected at the source."
    assert (article.title, article.status) == ("Lifeboat tows the dredger", Status.WITHDRAWN)
    assert article.language == "de"
    assert [tag.name for tag in article.tags.all()] == ["rescue"]
    assert [section.name for section in Section.objects.all()] == ["Port"]


def test_the_later_row_wins_in_one_block_and_across_blocks(run: Import) -> None:
    first = {"id": "w", "title": "Fire in mill", "body": "First version.", "excerpt": "Short."}
    later = {"id": "w", "title": "Fire in mill: two hurt", "body": "Second version."}
    others = [{"id": n, "title": "Other"} for n in range(600)]
    for rows in ([first, later, *others], [first, *others, later]):
        Article.objects.all().delete()
        assert run(*rows).code == 0
        article = Article.objects.get(external_id="w")
        assert (article.title, article.body) == ("Fire in mill: two hurt", "Second version.")
        assert article.excerpt == "Short."  # the later row does not name one
        article.body = "Corrected."
        article.save()
        again = run(*rows)
        assert "0 articles created, 0 updated" in again.out
        article.refresh_from_db()
        assert article.body == "Corrected."


def test_a_new_version_of_a_repeated_row_goes_in(run: Import) -> None:
    first, later = {"id": "w", "title": "One"}, {"id": "w", "title": "Two"}
    run(first, later)
    for title in ("Three", "Four"):
        assert "1 updated" in run(first, {**later, "title": title}).out
        assert Article.objects.get().title == title
    assert "0 updated" in run(first, {**later, "title": "Four"}).out


def test_an_older_file_still_goes_in(run: Import) -> None:
    run({"id": "w", "title": "One"})
    run({"id": "w", "title": "Two"})
    assert "1 updated" in run({"id": "w", "title": "One"}).out
    assert Article.objects.get().title == "One"


def test_deleted_and_imported_again_it_finds_its_decisions(run: Import) -> None:
    rows = [{**ROW, "id": n, "title": f"{ROW['title']} {n}"} for n in range(4)]
    run(*rows)
    work()
    source, good, bad = (document(str(n)) for n in (0, 1, 2))
    slot, user = Slot.objects.get(key="related"), EditorFactory()
    reviewing.approve(LinkRef(source, slot, good), user=user, version=0)
    reviewing.reject(LinkRef(source, slot, bad), user=user, version=0)
    keys = {article.external_id: article.pk for article in Article.objects.all()}
    Article.objects.all().delete()
    work()

    assert "4 articles created" in run(*rows).out
    work()
    assert {article.external_id: article.pk for article in Article.objects.all()} == keys
    assert document("0") == source
    verdicts = Decision.objects.filter(document=source).values_list("target", "verdict")
    assert set(verdicts) == {(good.pk, Verdict.APPROVED), (bad.pk, Verdict.REJECTED)}
    assert "0 articles created, 0 updated, 4 unchanged" in run(*rows).out


def document(external_id: str) -> Document:
    return Document.objects.get(object_id=str(Article.objects.get(external_id=external_id).pk))


def test_a_key_that_another_article_has_by_now_is_left_to_it(run: Import) -> None:
    run(ROW)
    key = Article.objects.get().pk
    Article.objects.all().delete()
    Article.objects.create(pk=key, title="Another")
    assert "1 article created" in run(ROW).out
    assert Article.objects.get(pk=key).title == "Another"
    assert Article.objects.get(external_id="a-1").pk != key


def test_a_dry_run_says_what_would_change_and_changes_nothing(run: Import, tmp_path: Path) -> None:
    run(ROW)
    before = list(Article.objects.values())
    file = tmp_path / "new.jsonl"
    rows: list[dict[str, Any]] = [{**ROW, "title": "New"}, {"id": "b", "title": "B"}, {"title": ""}]
    rows += [{"id": n, "title": "t", "section": "Sport"} for n in range(600)]
    rows += [{"id": "b", "title": "B, later"}]
    file.write_text("\n".join(map(json.dumps, rows)))
    result = import_path(str(file), dry_run=True)
    assert "Nothing was changed" in result.out
    assert "601 articles created, 2 updated" in result.out
    assert "line 3: it has no title" in result.err
    assert list(Article.objects.values()) == before
    assert [section.name for section in Section.objects.all()] == ["Harbor"]
    assert "601 articles created, 2 updated" in import_path(str(file)).out


@pytest.mark.skipif(not CASES.is_dir(), reason="the collected cases are not here")
def test_collected_cases() -> None:
    assert import_path(str(CASES / "same_id_twice.jsonl")).code == 0
    assert Article.objects.get().title == "Fire in mill: two hurt"
    assert import_path(str(CASES / "import_shapes.jsonl")).code == 0
    assert import_path(str(CASES)).code in {0, 1}


def test_shapes_that_other_tools_write(run: Import) -> None:
    shapes = [
        {"id": 1001.0, "title": "A number from a table with gaps"},
        {"id": "rfc", "title": "A feed's date", "published_at": "Mon, 02 Mar 2026 06:00:00 +0000"},
        {"id": "d", "title": "Draft", "status": "draft", "published_at": "0000-00-00 00:00:00"},
        {"id": "e", "title": "Empty date", "published_at": ""},
        {"id": "p", "title": "Private", "status": "private"},
        {"id": "n", "title": "Seconds", "published_at": 1772431200},
    ]
    result = run(*shapes)
    assert (result.code, result.err) == (0, "")
    found = Article.objects.values_list("external_id", "status", "published_at__year")
    assert set(found) == {
        ("1001", "published", None),
        ("rfc", "published", 2026),
        ("d", "draft", None),
        ("e", "published", None),
        ("p", "draft", None),
        ("n", "published", 2026),
    }
