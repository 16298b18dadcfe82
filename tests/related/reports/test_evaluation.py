"""``evaluate_related``: the slot beside plain TF-IDF and other settings, judged by own links."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article
from related.domain.reports.own_links import find_own_links
from related.domain.reports.plain_tfidf import rank_plainly
from related.domain.reports.queries import Query
from related.models import Document, Slot
from tests.related.stored_articles import make_article, publish, row_of
from tests.related.strength.decided import many_decided

pytestmark = pytest.mark.django_db

TOPICS = ["harbor bridge ferry", "school budget teachers", "storm flood barrier", "museum art loan"]
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "commands.md"


def run(*arguments: Any, **options: Any) -> str:
    stdout = StringIO()
    call_command("evaluate_related", *arguments, stdout=stdout, stderr=StringIO(), **options)
    return stdout.getvalue()


def archive(n_rounds: int = 4) -> list[Article]:
    """Articles on four topics; each links to the one before it on its topic."""
    articles: list[Article] = []
    for number in range(n_rounds * len(TOPICS)):
        topic = TOPICS[number % len(TOPICS)]
        body = f"<p>The {topic} again, part {number}: said the mayor about {topic}.</p>"
        if number >= len(TOPICS):
            address = articles[number - len(TOPICS)].get_absolute_url()
            body += f'<p><a href="https://news.example{address}">Before</a></p>'
        articles.append(
            publish(f"Report {number}", body=body, days_old=100 - number, external_id=f"r{number}")
        )
    call_command("rebuild_related", stdout=StringIO(), stderr=StringIO())
    return articles


def test_own_links_are_found_by_address_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    a = make_article("A", days_old=9)
    body = f'<a href="{a.get_absolute_url()}">A</a> <a href="/nowhere/">x</a>'
    b = make_article("B", body=body, days_old=3)
    make_article("C", body=body, language="es")  # compared with none of them
    gone = make_article("D", body=body)
    Document.objects.filter(pk=row_of(gone).pk).update(is_indexed=False)
    with django_assert_num_queries(2):
        links = find_own_links()
    assert links.pairs.tolist() == [[row_of(b).pk, row_of(a).pk]]
    assert b.published_at is not None
    assert links.moments.tolist() == [b.published_at.timestamp()]


def test_the_slot_stands_beside_plain_tfidf_and_other_settings() -> None:
    archive()
    before = list(Slot.objects.values())
    printed = run()
    assert re.search(
        r"^nDCG@10 +[01]\.\d{3} \([01]\.\d{3} to [01]\.\d{3}\)$", printed, re.MULTILINE
    )
    assert "(from 12 links)" in printed
    rows = [line.split("  ")[0] for line in printed.splitlines()]
    assert {"as it is set", "TfidfVectorizer()", "weight of time 0.0", "minimum score 0.12"} <= set(
        rows
    )
    assert "TfidfVectorizer() chose from 16 texts" in printed
    assert "strength: not judged; that takes 67 decisions" in printed
    assert list(Slot.objects.values()) == before  # nothing changes without being asked


def test_a_file_judges_what_is_served(tmp_path: Path) -> None:
    articles = archive(2)
    path = tmp_path / "links.tsv"
    path.write_text("".join(f"r{n}\tr{n + 4}\n" for n in range(4)))
    found = json.loads(run(str(path), "--json"))
    assert (found["links_from"], found["n_links"], found["n_queries"]) == ("file", 4, 8)
    served, plain = found["rankings"]
    assert (served["name"], plain["name"]) == ("as_it_is", "plain_tfidf")
    assert served["ndcg_at_10"]["mean"] > 0.9
    assert found["advice"] == []
    row = row_of(articles[0])
    row.suggestions.all().delete()
    worse = json.loads(run(str(path), "--json"))["rankings"][0]["ndcg_at_10"]["mean"]
    assert worse == pytest.approx(served["ndcg_at_10"]["mean"] * 7 / 8, abs=0.05)


def test_the_keys_of_json_are_documented(document: Document, anna: Any) -> None:
    archive()
    many_decided(document, [(0.1 + n % 7 / 20, n % 7 > 3) for n in range(100)], user=anna)
    found = json.loads(run("--json", "--queries", "10"))
    assert found["n_queries"] <= 5
    assert found["n_queries_available"] > 10
    page = PAGE.read_text().partition("\n## evaluate_related\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`([a-z_0-9]+)`", page))
    keys = {*found, *found["rankings"][0], *found["strength"], *found["strength"]["reliability"][0]}
    keys |= set(found["rankings"][0]["mrr"])
    assert keys <= documented


def test_strength_is_judged_on_later_decisions(document: Document, anna: Any) -> None:
    # Scores say nothing about the first 70 of 100, and all about the rest.
    verdicts = [(0.1 + n % 5 / 10, n % 2 == 0) for n in range(70)]
    verdicts += [(0.1 + n % 5 / 10, n % 5 > 2) for n in range(30)]
    many_decided(document, verdicts, user=anna)
    printed = run()
    assert "No body links to another indexed document" in printed
    assert "learned from 70 decisions, judged on the 30 after them" in printed
    assert "always saying 0.500 has 0.250" in printed
    lines = printed.partition("approved\n")[2].splitlines()
    assert sum(int(line.split()[1]) for line in lines) == 30


def test_nothing_to_judge_by_is_refused() -> None:
    make_article("A")
    with pytest.raises(CommandError, match=r"Nothing to judge by.*Give a file of links"):
        run()
    with pytest.raises(CommandError, match="--queries must be 2 or more"):
        run("--queries", "1")


def test_the_advice_is_told_and_not_taken() -> None:
    archive(6)
    Slot.objects.filter(key="related").update(minimum_score=0.9)
    printed = run("--slot", "related")
    assert re.search(r"Better: minimum score 0\.\d+\. nDCG@10 changes by 0\.[1-9]", printed)
    assert "Nothing was changed. Set it under Slots" in printed
    [advice] = json.loads(run("--json"))["advice"]
    assert list(advice["settings"]) == ["minimum_score"]
    assert advice["n_offered"] > advice["n_offered_now"]
    Slot.objects.filter(key="related").update(**advice["settings"])
    assert "Nothing to change" in run()


def test_a_large_archive_is_sampled_for_plain_tfidf() -> None:
    articles = archive(3)
    query = Query(row_of(articles[0]).pk, {row_of(articles[4]).pk})
    ranked, n_texts = rank_plainly([query], n_texts=5)
    assert n_texts == 5
    [found] = ranked.values()
    assert row_of(articles[4]).pk in found
    assert rank_plainly([query], n_texts=5) == (ranked, 5)  # drawn with a seed
    assert rank_plainly([query], n_texts=1)[1] == 2  # what is asked for is there in any case
