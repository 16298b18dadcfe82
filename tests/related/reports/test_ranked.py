"""``export_suggestions --ranked``: the whole order of a slot's score."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from newsroom.articles.models import Article
from related.domain.corpus.codec import read_neighbors
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.models import CorpusStatistics, Document, Neighbors, Slot
from tests.related.stored_articles import publish, row_of

pytestmark = pytest.mark.django_db


def ranked(*arguments: str) -> dict[str, list[dict[str, Any]]]:
    stdout = StringIO()
    call_command("export_suggestions", "--slot", "related", "--ranked", *arguments, stdout=stdout)
    rows = [json.loads(line) for line in stdout.getvalue().splitlines()]
    return {row["id"]: row["suggestions"] for row in rows}


def test_a_target_that_the_text_is_about_comes_before_one_that_resembles_it_more() -> None:
    body = "<p>The tram to the hospital is late. Passengers wait in rain at the old station.</p>"
    article = publish("Passengers wait", external_id="a", body=body)
    publish("Tram to hospital", external_id="b", body="<p>Rails are laid in spring.</p>")
    rain = "<p>Rain and wind at the old station; passengers stay at home and read their papers.</p>"
    publish("Rainy week", external_id="c", body=rain)
    publish("Choir sings", external_id="d", body="<p>Children sang in the town hall.</p>")
    process()
    [found] = [rows for key, rows in ranked("10").items() if key == "a"]
    similar = dict(zip(*_list_of(article), strict=True))
    assert found[0]["id"] == "b"
    assert max(similar, key=lambda key: similar[key]) == "c"
    assert ranked("1")["a"] == found[:1]


def test_neither_stories_nor_weakness_cut_it() -> None:
    for name in "abc":
        publish("Ferry strike ends", external_id=name, body="<p>The ferry sails again.</p>")
    process()
    Slot.objects.filter(key="related").update(minimum_score=1.0)
    assert {key: len(rows) for key, rows in ranked("10").items()} == {"a": 2, "b": 2, "c": 2}


def test_all_versions_of_a_text_are_there_though_a_list_holds_three() -> None:
    text = "The ferry sails again after the strike of its crews ended on Tuesday night at the pier."
    for number in range(6):
        publish(f"Update {number}", external_id=f"v{number}", body=f"<p>{text}</p>")
    publish("Pier", external_id="pier", body="<p>The pier is closed, and no ferry sails.</p>")
    process()
    rebuilding.rebuild()
    stored = Neighbors.objects.filter(document=row_of(Article.objects.get(external_id="pier")))
    assert len(read_neighbors(stored.get(generation=1))[0]) == 3
    found = {row["id"] for row in ranked("10")["pier"]}
    assert found == {f"v{number}" for number in range(6)}
    assert {row["id"] for row in ranked("10")["v0"]} == {"pier", *(f"v{n}" for n in range(1, 6))}


def test_after_a_rebuild_it_follows_from_what_the_lists_say() -> None:
    for name in "abcd":
        publish(f"Ferry {name}", external_id=name, body=f"<p>The ferry {name} sails again.</p>")
    process()
    before = ranked("10")
    rebuilding.rebuild()
    learned = CorpusStatistics.objects.get(generation=1)
    hubs = Neighbors.objects.filter(generation=1).values_list("hub", flat=True)
    assert learned.typical_hub == pytest.approx(sorted(hubs)[1] / 2 + sorted(hubs)[2] / 2)
    assert len(learned.time_curve) == 11
    assert before.keys() == ranked("10").keys()


def test_nonsense_is_refused() -> None:
    with pytest.raises(CommandError, match="1 or more, not 0"):
        ranked("0")
    publish("Ferry", body="<p>It sails.</p>")
    process()
    with (
        override_settings(RELATED={"MEMORY_LIMIT_MB": 1}),
        pytest.raises(CommandError, match="MEMORY_LIMIT_MB"),
    ):
        ranked("10")


def _list_of(article: Article) -> tuple[list[str], list[float]]:
    ids, similarities = read_neighbors(Neighbors.objects.get(document=row_of(article)))
    documents = Document.objects.in_bulk(ids.tolist())
    names = [Article.objects.get(pk=documents[key].object_id).external_id for key in ids.tolist()]
    return names, similarities.tolist()
