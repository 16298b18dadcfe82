"""Passages that repeat across stories weigh nothing, in texts old and new."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from related.domain.corpus.cache import CorpusCache
from related.domain.corpus.explaining import explain_pair
from related.domain.indexing.processing import process
from related.enums import Priority
from related.models import Document, Neighbors, RepeatedPassage, Suggestion
from tests.related.faults import end_pauses, statements_failing
from tests.related.repeats import CREDIT, STUB, TEASERS, n_neighbors, plain, stub, words
from tests.related.stories import FLOOD, FLOOD_UPDATE, document_of, publish, suggested, work

pytestmark = pytest.mark.django_db

STUB_WORDS = {"subscribers", "euro", "limits", "log", "marrowbeck"}


def test_two_stories_with_a_passage_are_not_enough() -> None:
    first, second = stub(0), stub(1)
    work()
    assert words(first) >= STUB_WORDS
    assert n_neighbors(second) == 1
    assert not RepeatedPassage.objects.exists()


def test_the_third_story_takes_the_passage_from_all() -> None:
    articles = [stub(0), stub(1)]
    work()
    articles.append(stub(2))
    process()
    assert not words(articles[2]) & STUB_WORDS
    marked = Document.objects.waiting()
    assert {row.pk for row in marked} == {document_of(article).pk for article in articles[:2]}
    assert {row.priority for row in marked} == {Priority.BULK}
    work()
    assert [words(article) & STUB_WORDS for article in articles] == [set()] * 3
    assert [n_neighbors(article) for article in articles] == [0] * 3
    assert not Suggestion.objects.served().exists()


def test_each_document_is_marked_once() -> None:
    articles = [stub(0), stub(1)]
    work()
    before = [document_of(article).want_rev for article in articles]
    for n in range(2, 6):
        articles.append(stub(n))
        work()
    after = [document_of(article).want_rev for article in articles[:2]]
    assert after == [revision + 1 for revision in before]


@pytest.mark.parametrize("n_stubs", [3, 5, 10], ids=["three documents", "half", "all"])
def test_whatever_share_of_the_archive_has_it(n_stubs: int) -> None:
    articles = [stub(n, CREDIT) for n in range(n_stubs)]
    articles += [plain(n) for n in range(n_stubs, len(TEASERS))]
    work()
    assert not any(words(article) & {"associated", "press"} for article in articles)
    assert not Neighbors.objects.served().exclude(neighbor_ids=b"").exists()


def test_versions_of_one_text_keep_their_sentences() -> None:
    versions = [publish("Barrier raised on the river", FLOOD, day=0)]
    versions += [
        publish(f"UPDATE {n}-Barrier raised on the river", f"{FLOOD} More rain by {n}.", day=n)
        for n in range(1, 5)
    ]
    work()
    assert all(words(version) >= {"gates", "rain", "engineers"} for version in versions)
    assert not RepeatedPassage.objects.exists()


def test_links_stay_where_more_than_the_passage_is_shared() -> None:
    flood = publish("Barrier raised", f"{FLOOD} {CREDIT}")
    for n in range(3):
        stub(n, CREDIT)
    update = publish("Barrier holds", f"{FLOOD_UPDATE} {CREDIT}", day=9)
    work()
    assert suggested(update, "previous") == ["Barrier raised"]
    assert suggested(flood, "next") == ["Barrier holds"]


def test_no_reason_names_a_word_of_a_passage() -> None:
    flood = publish("Barrier raised", f"{FLOOD} {CREDIT}")
    for n in range(3):
        stub(n, CREDIT)
    update = publish("Barrier holds", f"{FLOOD_UPDATE} {CREDIT}", day=9)
    work()
    terms = explain_pair(document_of(flood), document_of(update), top=None)
    assert terms
    named = {word for term in terms for word in term.term.split()}
    reasons = Suggestion.objects.served().values_list("reasons", flat=True)
    named |= {word for words in reasons for reason in words for word in reason.split()}
    assert "barrier" in named
    assert not named & {"associated", "press", "contributed", "report"}


def test_a_text_of_nothing_but_the_passage_has_no_neighbors() -> None:
    articles = [publish(title, STUB, day=n) for n, (title, _) in enumerate(TEASERS[:4])]
    work()
    assert [n_neighbors(article) for article in articles] == [0] * 4
    untitled = publish("", STUB, day=5)
    work()
    assert document_of(untitled).is_indexed
    assert not document_of(untitled).is_waiting


def test_a_language_of_its_own_has_passages_of_its_own() -> None:
    for n, language in enumerate(("en", "de", "fr")):
        article = stub(n)
        type(article).objects.filter(pk=article.pk).update(language=language)
    work()
    assert not RepeatedPassage.objects.exists()


def test_when_storing_fails_nothing_repeats_and_nothing_is_marked() -> None:
    first, _ = stub(0), stub(1)
    work()
    third = stub(2)

    def ends_the_work(sql: str, params: object) -> bool:
        return sql.startswith("UPDATE") and '"done_rev" = "related_document"."want_rev"' in sql

    with statements_failing(ends_the_work), pytest.raises(OperationalError):
        process()
    assert not RepeatedPassage.objects.exists()
    assert not document_of(first).is_waiting
    work()  # finds that nobody has the document any more
    end_pauses()
    work()
    assert [words(article) & STUB_WORDS for article in (first, third)] == [set()] * 2


def test_a_worker_asks_what_repeats_only_where_that_changed() -> None:
    for n in range(4):
        stub(n)
    work()
    asked: list[bool] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        asked.append("repeatedpassage" in sql)
        return execute(sql, params, many, context)

    stub(4, f"{STUB} " + " ".join(f"Item {n} of the list is here." for n in range(30)))
    with connection.execute_wrapper(note):
        process()
    assert asked.count(True) == 1
    for n in range(5, 8):
        stub(n)
        with connection.execute_wrapper(note):
            process()
    assert asked.count(True) == 1


def test_what_another_worker_noticed_counts_at_once() -> None:
    here, there = CorpusCache(), CorpusCache()
    stub(0)
    process(cache=here)
    stub(1)
    process(cache=there)
    third, fourth = stub(2), stub(3)
    process(document_ids=[document_of(third).pk], cache=here)
    process(document_ids=[document_of(fourth).pk], cache=there)
    assert not words(fourth) & STUB_WORDS
