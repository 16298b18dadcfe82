"""What an editor says of two articles holds from then on: at once, after the workers' next look,
and after every rebuild; and one undo takes it back everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newsroom.articles.models import Article
from related.domain.corpus.cache import corpus_cache
from related.domain.decisions import undoing
from related.domain.decisions.conflicts import DecisionConflict, NotReviewable
from related.domain.decisions.telling import say_story
from related.domain.pages.placing import place_links
from related.domain.rebuilds import rebuilding
from related.enums import Rule, Telling
from related.models import Document, PageLinks, Slot, StoryVerdict, Suggestion
from tests.related.desk_documents import only_slots
from tests.related.pages.test_versions import newer, page, stories_of
from tests.related.stories import document_of, publish, section, suggested, work
from tests.related.versions import tell_background, tell_story, update

pytestmark = pytest.mark.django_db

Finish = Callable[[], Any]


def again_and_rebuild() -> None:
    for article in Article.objects.order_by("pk"):
        article.save()
        work()
    rebuilding.rebuild()
    corpus_cache.forget(["en"])
    article = Article.objects.latest("pk")
    article.body += " One more word."
    article.save()
    work()


# What may follow upon a word: nothing, the workers, rebuilds, an edit of one of the two.
AT_ONCE: Finish = lambda: None  # noqa: E731 - beside the others
LATER: list[Finish] = [work, lambda: rebuilding.rebuild(cold=True), again_and_rebuild]


def say(one: Article, other: Article, telling: Telling, user: Any) -> None:
    document = document_of(one)
    say_story(document, document, document_of(other), telling, user=user)


def undo(user: Any) -> None:
    step = undoing.last_step(user)
    assert step is not None
    undoing.undo(step.operation, step.document, user=user)


@pytest.mark.parametrize("finish", [AT_ONCE, *LATER])
def test_not_the_same_takes_a_wrong_newer_version_away(anna: Any, finish: Finish) -> None:
    tell_background()
    updates = tell_story(4)
    work()
    assert newer(updates[0]) == updates[3].title
    say(updates[0], updates[3], Telling.DIFFERENT, anna)
    finish()
    assert newer(updates[0]) in {updates[1].title, updates[2].title, None}
    assert len(stories_of([updates[0], updates[3]])) == 2
    undo(anna)
    assert newer(updates[0]) == updates[3].title
    finish()
    assert newer(updates[0]) == updates[3].title
    assert len(stories_of(updates)) == 1


@pytest.mark.parametrize("finish", [AT_ONCE, *LATER])
def test_the_same_makes_a_newer_version_of_all_that_tell_it(anna: Any, finish: Finish) -> None:
    background, updates = tell_background(), tell_story(3)
    work()
    newest = updates[2].title
    say(background[0], updates[0], Telling.SAME, anna)
    finish()
    assert len(stories_of([background[0], *updates])) == 1
    assert newer(background[0]) == newer(updates[1]) == newest
    if finish is not AT_ONCE:
        shown = {title for titles in page(background[0]).values() for title in titles}
        assert not {update.title for update in updates} & shown
    undo(anna)
    assert newer(background[0]) is None
    finish()
    assert len(stories_of([background[0], *updates])) == 2


@pytest.mark.parametrize("finish", LATER)
def test_a_slot_takes_the_newest_of_what_an_editor_put_together(anna: Any, finish: Finish) -> None:
    background = tell_background()
    work()
    reader = background[5]
    assert {background[1].title, background[2].title} <= set(suggested(reader, "related"))
    say_story(
        document_of(reader),
        document_of(background[1]),
        document_of(background[2]),
        Telling.SAME,
        user=anna,
    )
    finish()
    found = suggested(reader, "related")
    assert background[2].title in found
    assert background[1].title not in found
    step = undoing.last_step(anna, document_of(reader))
    assert step is not None
    assert step.document == document_of(reader)
    undo(anna)
    work()
    assert background[1].title in suggested(reader, "related")


@pytest.mark.parametrize("rule", [Rule.EARLIER, Rule.LATER, Rule.LATEST_IN_SECTION])
def test_slots_by_date_follow_at_once(anna: Any, rule: Rule) -> None:
    only_slots("section")
    Slot.objects.filter(key="section").update(rule=rule, requires_approval=False, count=6)
    local = section("Local")
    updates = tell_story(2, local)
    others = [
        publish(f"Other {n}", "In the archive.", day=50 + 100 * n, section=local) for n in (0, 1)
    ]
    work()
    reader = others[rule != Rule.LATER]

    def shown() -> list[str]:
        return [t for t in page(reader, preview=False)["section"] if t.startswith("UPDATE")]

    assert shown() == [updates[1].title]
    say(updates[0], updates[1], Telling.DIFFERENT, anna)
    assert sorted(shown()) == [update.title for update in updates]
    say(updates[0], updates[1], Telling.SAME, anna)
    assert shown() == [updates[1].title]
    say(reader, updates[0], Telling.SAME, anna)
    assert shown() == []


def test_the_rows_of_both_pages_are_written_in_the_same_transaction(anna: Any) -> None:
    background = tell_background()
    work()
    rows = dict(PageLinks.objects.values_list("document", "contents"))
    one, other = document_of(background[0]), document_of(background[1])
    revisions = dict(Document.objects.values_list("pk", "want_rev"))
    say_story(one, one, other, Telling.SAME, user=anna)
    waiting = set(Document.objects.waiting().values_list("pk", flat=True))
    assert waiting == {one.pk, other.pk}
    assert {pk: rev + (pk in waiting) for pk, rev in revisions.items()} == dict(
        Document.objects.values_list("pk", "want_rev")
    )
    assert rows.keys() == set(PageLinks.objects.values_list("document", flat=True))
    from_rows = place_links([background[0]])
    PageLinks.objects.all().delete()
    assert place_links([background[0]]) == from_rows


def test_the_latest_word_counts_and_nobody_s_is_lost(anna: Any, ben: Any) -> None:
    updates = tell_story(2)
    work()
    say(updates[0], updates[1], Telling.DIFFERENT, anna)
    say(updates[1], updates[0], Telling.SAME, ben)
    row = StoryVerdict.objects.get()
    assert (row.first_id < row.second_id, row.telling, row.said_by) == (True, Telling.SAME, ben)
    assert len(stories_of(updates)) == 1
    with pytest.raises(DecisionConflict):
        undo(anna)
    undo(ben)
    assert StoryVerdict.objects.get().telling == Telling.DIFFERENT
    assert len(stories_of(updates)) == 2


def test_what_makes_no_sense_is_refused(anna: Any) -> None:
    one, german = publish("One", "A text."), publish("Eins", "Ein Text.", language="de")
    work()
    with pytest.raises(NotReviewable, match="its own story"):
        say(one, one, Telling.SAME, anna)
    with pytest.raises(NotReviewable, match="two languages"):
        say(one, german, Telling.SAME, anna)
    assert not StoryVerdict.objects.exists()


def test_a_newcomer_that_is_a_version_of_both_joins_one(anna: Any) -> None:
    tell_background()
    updates = tell_story(2)
    work()
    say(updates[0], updates[1], Telling.DIFFERENT, anna)
    work()
    newcomer = publish("UPDATE 3-Storm hits the coast", update(1) + " More soon.", day=120)
    work()
    assert stories_of([newcomer]) == stories_of([updates[1]])
    assert newer(updates[1]) == newcomer.title
    assert newer(updates[0]) is None


@pytest.mark.parametrize("n", [1, 3])
def test_words_cost_the_same_queries_at_any_number(
    anna: Any, n: int, django_assert_num_queries: Any
) -> None:
    background = tell_background()
    work()
    rebuilding.rebuild()
    for other in background[1 : n + 1]:
        say(background[0], other, Telling.DIFFERENT, anna)
    work()
    with django_assert_num_queries(43):
        say(background[0], background[5], Telling.DIFFERENT, anna)
    assert not Suggestion.objects.filter(document=None).exists()
