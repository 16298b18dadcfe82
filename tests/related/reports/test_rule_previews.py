"""What a slot set otherwise would offer: the same as workers store once it is saved."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.rebuilds.rebuilding import rebuild
from related.domain.reports.decision_previews import preview_decisions
from related.domain.reports.rule_previews import RulePreview, find_sample, preview_rule
from related.domain.suggesting.around import Surroundings
from related.domain.suggesting.suggest import suggest_by
from related.models import Corpus, Document, Slot, Suggestion
from tests.related.desk_documents import make_slot
from tests.related.stories import document_of, section, seven_reports, suggested, work
from tests.related.strength.decided import many_decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles() -> list[Article]:
    made = seven_reports()
    for number, article in enumerate(made):
        article.section = section("River" if number % 2 else "Town")
        article.save()
    work()
    return made


def changed(slot: Slot, **fields: Any) -> Slot:
    then = copy(slot)
    for name, value in fields.items():
        setattr(then, name, value)
    return then


def previewed(now: Slot, then: Slot, **options: Any) -> RulePreview:
    found = preview_rule(now, then, **options)
    assert found is not None
    return found


def gained(preview: RulePreview) -> dict[int, set[int]]:
    return {each.document.pk: {*each.gained} for each in preview.articles if each.gained}


@pytest.mark.parametrize(
    "fields",
    [
        {"minimum_score": 0.0},
        {"minimum_score": 0.6},
        {"rule": "similar_earlier"},
        {"same_section": True},
        {"time_weight": 0.3},
        {"one_per_story": False},
    ],
)
def test_it_says_what_workers_store_after_the_change(
    articles: list[Article], fields: dict[str, Any]
) -> None:
    slot = make_slot("related", minimum_score=0.1)
    rebuild()
    then = changed(slot, **fields)
    (corpus,) = Corpus.objects.exclude(n_documents=0)
    keys = [document_of(article).pk for article in articles]
    live = Surroundings(corpus).read(keys)
    foreseen = {
        (row.document, row.target, row.rank, row.similarity, row.score)
        for rows in suggest_by(live, keys, [then]).values()
        for row in rows
    }
    assert previewed(slot, then).n_looked_at == 7
    then.save()
    rebuild()
    stored = Suggestion.objects.served().filter(slot=slot)
    assert foreseen == set(stored.values_list("document", "target", "rank", "similarity", "score"))


def test_kept_lost_gone_and_gained(articles: list[Article], anna: User) -> None:
    slot = make_slot("related")
    costs = document_of(articles[3])
    titles = suggested(articles[3], "related")
    link = LinkRef(
        costs, slot, Suggestion.objects.served().get(document=costs, slot=slot, rank=0).target
    )
    reviewing.approve(link, user=anna, version=0)
    nothing = previewed(slot, changed(slot))
    assert (nothing.n_lost, nothing.n_gone, nothing.n_gained) == (0, 0, 0)
    assert nothing.n_kept > 0
    strict = previewed(slot, changed(slot, minimum_score=0.99))
    own = next(each for each in strict.articles if each.document == costs)
    assert own.lost == [link.target.pk]
    assert len(own.gone) == len(titles) - 1
    assert strict.n_lost == 1
    assert strict.changed
    back = previewed(changed(slot, minimum_score=0.99), slot)
    assert back.n_gained > 0
    assert back.n_lost == 0


def test_what_editors_rejected_is_never_offered(articles: list[Article], anna: User) -> None:
    strict, slot = changed(make_slot("related"), minimum_score=0.99), make_slot("related")
    before = gained(previewed(strict, slot))
    document, targets = next((k, v) for k, v in before.items() if v)
    target = Document.objects.get(pk=min(targets))
    other = LinkRef(Document.objects.get(pk=document), make_slot("next"), target)
    reviewing.reject(other, user=anna, version=0)
    after = gained(previewed(strict, slot))
    assert target.pk not in after.get(document, set())


def test_how_many_the_slot_shows(articles: list[Article]) -> None:
    one = make_slot("related", count=1, minimum_score=0.0)
    preview = previewed(one, changed(one, count=3))
    assert preview.n_gained > 0
    assert preview.n_gone == preview.n_lost == 0


def test_rules_and_fallbacks_by_date(articles: list[Article]) -> None:
    slot = make_slot("section")
    other = previewed(slot, changed(slot, rule="earlier", count=1))
    assert other.n_gone > 0
    empty = changed(make_slot("related"), minimum_score=1.0)
    filled = previewed(empty, changed(empty, fallback="earlier", count=1))
    assert filled.n_gained == 6  # all but the first
    off = previewed(slot, changed(slot, is_active=False))
    assert (off.n_kept, off.n_gained, off.n_gone > 0) == (0, 0, True)


def test_nothing_is_written_and_time_ends_it(articles: list[Article]) -> None:
    slot = make_slot("related")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        preview = previewed(slot, changed(slot, minimum_score=0.0), seconds=0)
    written = [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "COPY (SELECT"))]
    assert written == []
    assert preview.n_looked_at == preview.n_wanted == 7  # the first ten are always looked at


def test_the_sample_is_what_was_decided_on_last_and_the_newest(
    articles: list[Article], anna: User
) -> None:
    slot = make_slot("related")
    oldest = document_of(articles[0])
    suggest_and_reject(oldest, document_of(articles[1]), slot, anna)
    assert find_sample(slot)[0] == oldest
    assert {each.pk for each in find_sample(slot)} == {document_of(a).pk for a in articles}
    assert find_sample(make_slot("next"))[0] == document_of(articles[6])


def suggest_and_reject(document: Document, target: Document, slot: Slot, user: User) -> None:
    reviewing.reject(LinkRef(document, slot, target), user=user, version=0)


def test_past_decisions_are_judged_by_their_scores(document: Document, anna: User) -> None:
    many_decided(document, [(0.1, False)] * 6 + [(0.2, True)] * 4 + [(0.5, True)] * 5, user=anna)
    Document.objects.update(language=document.language)
    slot = make_slot("related", minimum_score=0.05)
    found = preview_decisions(slot, changed(slot, minimum_score=0.3))
    assert found is not None
    assert (found.n, found.n_kept, found.n_lost) == (15, 5, 4)
    assert (found.n_still_offered, found.n_avoided) == (0, 6)
    assert preview_decisions(slot, changed(slot, rule="earlier")) is None
    none_left = preview_decisions(slot, changed(slot, same_section=True))
    assert none_left is not None
    assert none_left.n_lost == 9
    cut = preview_decisions(slot, slot, newest=10)
    assert cut is not None
    assert (cut.n, cut.is_cut) == (10, True)


def test_a_new_weight_of_time_moves_the_old_scores(articles: list[Article], anna: User) -> None:
    slot = make_slot("related", minimum_score=0.0)
    rebuild()
    row = Suggestion.objects.served().filter(slot=slot).order_by("-score")[0]
    reviewing.approve(LinkRef(row.document, slot, row.target), user=anna, version=0)
    then = changed(slot, time_weight=0.3)
    corpus = Corpus.objects.get(pk=row.corpus_id)
    live = Surroundings(corpus).read([row.document_id])
    (rows,) = suggest_by(live, [row.document_id], [then]).values()
    new = next(each.score for each in rows if each.target == row.target_id)
    for minimum, n_kept in ((new - 0.001, 1), (new + 0.001, 0)):
        found = preview_decisions(slot, changed(then, minimum_score=minimum))
        assert found is not None
        assert found.n_kept == n_kept


@pytest.mark.parametrize("n_decided", [1, 3])
def test_as_many_queries_for_any_number(
    articles: list[Article], anna: User, n_decided: int, django_assert_num_queries: Any
) -> None:
    slot = make_slot("related")
    for article in articles[1 : 1 + n_decided]:
        suggest_and_reject(document_of(article), document_of(articles[0]), slot, anna)
    then = changed(slot, minimum_score=0.0)
    previewed(slot, then)
    with django_assert_num_queries(17):
        previewed(slot, then)
