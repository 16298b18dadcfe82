"""import_articles: which rows, sections and tags are the same, in whatever way they are written."""

from __future__ import annotations

import pytest

from newsroom.articles.models import Article, Section, Tag
from tests.factories import SectionFactory
from tests.newsroom.import_runs import Import

pytestmark = pytest.mark.django_db

DECOMPOSED, COMPOSED = "cafe\u0301", "caf\u00e9"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (DECOMPOSED, COMPOSED),
        ("a\x01b", "ab"),
        ("e\x01\u0301", "\u00e9"),
        (" a \u2003 b\x1f", "a b"),
    ],
    ids=["decomposed", "control character", "both at once", "white space"],
)
def test_an_id_is_known_again_however_it_is_written(run: Import, written: str, stored: str) -> None:
    run({"id": written, "title": "First"})
    again = run({"id": written, "title": "Second"}, {"id": "other", "title": "Other"})
    assert (again.code, again.err) == (0, "")
    assert "1 article created, 1 updated" in again.out
    assert "1 unchanged" in run({"id": stored, "title": "Second"}).out
    assert Article.objects.get(external_id=stored).title == "Second"


def test_ids_that_are_stored_alike_are_one(run: Import) -> None:
    result = run({"id": COMPOSED, "title": "First"}, {"id": DECOMPOSED, "title": "Second"})
    assert result.code == 0
    assert "1 article created" in result.out
    assert "1 row was replaced by a later one with its id" in result.out
    assert Article.objects.get().title == "Second"


def test_an_id_of_control_characters_is_none(run: Import) -> None:
    assert run({"id": "\x01", "title": "t"}, {"id": "\x02", "title": "t"}).code == 0
    assert Article.objects.filter(external_id__startswith="row-").count() == 2


@pytest.mark.parametrize("name", ["open-data", "OPEN DATA", "open data", "data"])
def test_a_section_is_known_by_its_name_whatever_its_slug(run: Import, name: str) -> None:
    known = SectionFactory(name="Open data", slug="data")
    assert run({"id": "1", "title": "t", "section": name}).code == 0
    assert Section.objects.get() == known
    assert known.articles.count() == 1


def test_sections_whose_slugs_would_be_equal_stay_apart(run: Import) -> None:
    names = ["C++", "C#", "C", "c#", "Arts & Culture", "Arts Culture", "---"]
    rows = [{"id": n, "title": "t", "section": name} for n, name in enumerate(names)]
    assert run(*rows).code == 0
    assert "7 unchanged" in run(*rows).out
    filed = Article.objects.order_by("external_id").values_list("section__name", "section__slug")
    assert list(filed) == [
        ("C++", "c"),
        ("C#", "c-2"),
        ("C", "c-3"),
        ("C#", "c-2"),
        ("Arts & Culture", "arts-culture"),
        ("Arts Culture", "arts-culture-2"),
        ("---", "section"),
    ]


def test_sections_whose_capitals_need_more_room(run: Import) -> None:
    names = ["ß" * 100, "\u0390-x", "x" * 100]
    rows = [{"id": n, "title": "t", "section": name} for n, name in enumerate(names)]
    assert run(*rows).code == 0
    assert "3 unchanged" in run(*rows).out
    assert Section.objects.count() == 3


def test_an_exact_name_goes_before_a_like_one(run: Import) -> None:
    upper, plain = SectionFactory(name="OPEN DATA"), SectionFactory(name="Open data")
    run({"id": "1", "title": "t", "section": "OPEN DATA"})
    run({"id": "2", "title": "t", "section": "Open data"})
    assert Article.objects.get(external_id="1").section == upper
    assert Article.objects.get(external_id="2").section == plain


def test_tags_that_look_alike_are_one(run: Import) -> None:
    run({"id": "1", "title": "t", "tags": [DECOMPOSED, COMPOSED, f" {COMPOSED}\x01"]})
    assert list(Tag.objects.values_list("name", flat=True)) == [COMPOSED]
