"""Which documents are asked about: split by time, drawn at random, the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from related.domain.reports.measures import measure
from related.domain.reports.own_links import OwnLinks
from related.domain.reports.queries import Query, queries_of, split_by_time


def links(*rows: tuple[int, int, float]) -> OwnLinks:
    table = np.array(rows, np.float64).reshape(-1, 3)
    return OwnLinks(table[:, :2].astype(np.int64), table[:, 2])


def test_links_count_in_both_directions() -> None:
    assert queries_of([(1, 2), (3, 2)]) == [Query(1, {2}), Query(2, {1, 3}), Query(3, {2})]


def test_no_link_is_on_both_sides() -> None:
    split = split_by_time(links((2, 1, 10), (3, 1, 20), (4, 3, 30), (5, 1, 40)))
    assert split.earlier == [Query(1, {2, 3}, {5}), Query(2, {1}), Query(3, {1}, {4})]
    assert split.later == [Query(1, {5}, {2, 3}), Query(3, {4}, {1}), Query(4, {3}), Query(5, {1})]
    assert split.n_available == 7


def test_what_the_other_side_judges_is_neither_right_nor_wrong() -> None:
    measures = measure([Query(1, {5}, {2, 3})], {1: [2, 3, 5, 9]})
    assert (measures.mrr.mean, measures.ndcg.mean, measures.n_offered) == (1, 1, 2)


def test_links_of_one_moment_are_all_reported_on() -> None:
    split = split_by_time(links((2, 1, 10), (3, 1, 10)))
    assert (split.earlier, len(split.later)) == ([], 3)
    assert split_by_time(links()).later == []


@pytest.mark.parametrize("n_queries", [10, 40])
def test_of_many_some_are_drawn(n_queries: int) -> None:
    many = links(*((n + 1000, n, n) for n in range(300)))
    split = split_by_time(many, n_queries)
    assert (len(split.earlier), len(split.later)) == (n_queries // 2, n_queries // 2)
    assert split.n_available == 600
    assert split == split_by_time(many, n_queries)


def test_without_a_ranking_nothing_was_found() -> None:
    measures = measure([Query(1, {2}), Query(2, {1})], {1: [2]})
    assert measures.ndcg_at_10.tolist() == [1, 0]
    assert measures.n_offered == 0.5
