"""The worked example of docs/explanation/comparing.md, computed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from related.management.commands.explain_related import _table
from related.similarity.index.explaining import shared_terms
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts, count_terms

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "comparing.md"
EXAMPLE = PAGE.read_text().partition("\n## A worked example\n")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in re.findall(r"^\|.*\|$", EXAMPLE, re.MULTILINE)
]
ARTICLES = {row[0]: count_terms(row[1], row[2], "en") for row in ROWS if row[0] in {*"ABC"}}
TERMS = [row for row in ROWS if len(row) == 8 and row[1].isdigit()]
STATISTICS = TermStatistics.from_counts(ARTICLES.values())


def term_id(term: str) -> int:
    return int(count_terms("", term, "en").term_ids[-1])  # pairs come after words


def similarity(a: TermCounts, b: TermCounts) -> float:
    return sum(term.contribution for term in shared_terms(a, b, STATISTICS, None))


def test_the_page_has_three_articles_and_four_shared_terms() -> None:
    assert [*ARTICLES] == ["A", "B", "C"]
    shared = np.intersect1d(ARTICLES["A"].term_ids, ARTICLES["B"].term_ids)
    assert sorted(term_id(row[0]) for row in TERMS) == shared.tolist()


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row[0])
def test_each_line_of_the_table(row: list[str]) -> None:
    term, *numbers = row
    counts, weights = [], []
    for article in (ARTICLES["A"], ARTICLES["B"]):
        place = article.term_ids.tolist().index(term_id(term))
        counts.append(int(article.counts[place]))
        weights.append(float(Vectorizer(STATISTICS).weights(article)[place]))
    n_documents = int(STATISTICS.document_frequencies[term_id(term)])
    exact = [STATISTICS.idf_of(n_documents), *weights, weights[0] * weights[1]]
    assert numbers == [str(n) for n in (*counts, n_documents)] + [f"{n:.4f}" for n in exact]


def test_the_sums() -> None:
    a, b, c = ARTICLES.values()
    assert re.findall(r"\*\*([\d.]+)\*\*", EXAMPLE) == [
        f"{similarity(a, b):.4f}",
        f"{similarity(a, c):.4f}",
    ]
    row_ends = np.cumsum([0, len(a), len(b)])
    ids, counts = np.append(a.term_ids, b.term_ids), np.append(a.counts, b.counts)
    first, second = Vectorizer(STATISTICS).lengths(row_ends, ids, counts)
    assert f"are {first:.4f} and {second:.4f}" in EXAMPLE


def test_what_the_command_prints() -> None:
    printed = _table(shared_terms(ARTICLES["A"], ARTICLES["B"], STATISTICS, None), 20)
    [block] = re.findall(r"^```\n(.*?)^```", EXAMPLE, re.DOTALL | re.MULTILINE)
    assert block.splitlines() == printed
