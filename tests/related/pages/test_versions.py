"""Versions of an article's own text are nothing else to read; each other story takes one place."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Status
from related.domain.pages.placing import place_links
from related.domain.rebuilds import rebuilding
from related.enums import Rule
from related.models import Document, Neighbors, Slot, Suggestion
from tests.related.stored_articles import approve
from tests.related.stories import document_of, publish, section, snapshot, work
from tests.related.versions import tell_background, tell_story, update
from tests.similarity.stories.texts import FORMS, HOROSCOPES, STORM, versions

pytestmark = pytest.mark.django_db


def page(article: Article, *, preview: bool = True) -> dict[str, list[str]]:
    """The titles in each slot, as an editor's preview shows them."""
    [shown] = place_links([article], preview=preview)
    return {key: [link.title for link in slot.items] for key, slot in shown.slots.items()}


def newer(article: Article) -> str | None:
    [shown] = place_links([article])
    return shown.newer_version.title if shown.newer_version else None


def stories_of(articles: list[Article]) -> set[int | None]:
    rows = Neighbors.objects.served().filter(document__in=map(document_of, articles))
    return set(rows.values_list("story", flat=True))


@pytest.mark.parametrize("finish", [lambda: None, lambda: rebuilding.rebuild(cold=True)])
def test_fifty_versions_leave_room_for_the_background(finish: Callable[[], Any]) -> None:
    background = {article.title for article in tell_background()}
    updates = tell_story(50)
    work()
    finish()
    assert len(stories_of(updates)) == 1
    titles = {document_of(article).pk: article.title for article in Article.objects.all()}
    for article in (updates[0], updates[25], updates[49]):
        slots = page(article)
        shown = [title for items in slots.values() for title in items]
        assert shown
        assert set(shown) <= background
        [ids] = Neighbors.objects.served().filter(document=document_of(article))
        listed = [titles[int(i)] for i in memoryview(ids.neighbor_ids).cast("q")]
        assert sum(title.startswith("UPDATE") for title in listed) == 3
        assert background <= set(listed)
    assert updates_on_the_page_of_a_background_piece() == ["UPDATE 50-Storm hits the coast"]
    assert newer(updates[0]) == newer(updates[48]) == "UPDATE 50-Storm hits the coast"
    assert newer(updates[49]) is None
    publish("UPDATE 51-Storm hits the coast", update(50), day=150)
    work()
    assert updates_on_the_page_of_a_background_piece() == ["UPDATE 51-Storm hits the coast"]
    Article.objects.get(title="UPDATE 51-Storm hits the coast").delete()
    work()
    assert updates_on_the_page_of_a_background_piece() == ["UPDATE 50-Storm hits the coast"]


def updates_on_the_page_of_a_background_piece() -> list[str]:
    slots = page(Article.objects.get(title="Background 3"))
    return [title for items in slots.values() for title in items if title.startswith("UPDATE")]


def test_the_section_shows_a_story_once_and_never_the_article_s_own() -> None:
    local = section("Local")
    others = [publish(f"Other {n}", "In the archive.", day=n, section=local) for n in range(6)]
    updates = tell_story(44, local)
    work()

    def in_section(article: Article) -> list[str]:
        return page(article, preview=False)["section"]

    newest = "UPDATE 44-Storm hits the coast"
    assert in_section(others[0]) == [newest, "Other 5", "Other 4", "Other 3"]
    assert in_section(updates[20]) == ["Other 5", "Other 4", "Other 3", "Other 2"]
    Slot.objects.filter(key="section").update(one_per_story=False)
    assert in_section(others[0])[1] == "UPDATE 43-Storm hits the coast"
    assert in_section(updates[43])[0] == "Other 5"


def test_a_story_takes_its_place_with_its_newest_public_version() -> None:
    local = section("Local")
    other = publish("Other", "In the archive.", section=local)
    updates = tell_story(30, local)
    work()
    Article.objects.filter(pk__in=[a.pk for a in updates[3:]]).update(status=Status.WITHDRAWN)
    assert page(other)["section"] == ["UPDATE 3-Storm hits the coast"]
    assert newer(updates[0]) == "UPDATE 3-Storm hits the coast"
    Article.objects.filter(pk__in=[a.pk for a in updates[1:]]).update(status=Status.WITHDRAWN)
    assert newer(updates[0]) is None


@pytest.mark.parametrize("rule", [Rule.LATEST_IN_SECTION, Rule.LATER])
@pytest.mark.parametrize("preview", [True, False])
def test_a_version_that_was_withdrawn_leaves_the_one_before_it_in_its_place(
    rule: Rule, *, preview: bool
) -> None:
    Slot.objects.filter(key="section").update(rule=rule)
    local = section("Local")
    other = publish("Other", "In the archive.", section=local)
    updates = tell_story(4, local)
    work()
    Article.objects.filter(pk=updates[3].pk).update(status=Status.WITHDRAWN)
    assert page(other, preview=preview)["section"] == ["UPDATE 3-Storm hits the coast"]


@pytest.mark.parametrize("rule", [Rule.EARLIER, Rule.LATER])
def test_by_date_one_steps_over_one_s_own_versions(rule: Rule) -> None:
    Slot.objects.filter(key="next").update(rule=rule)
    before, after = publish("Before", "In the archive."), publish("After", "To come.", day=200)
    updates = tell_story(25)
    work()
    expected = "Before" if rule == Rule.EARLIER else "After"
    assert page(updates[12])["next"] == [expected]
    outer = after if rule == Rule.EARLIER else before
    assert page(outer)["next"] == ["UPDATE 25-Storm hits the coast"]


@pytest.mark.parametrize("name", versions())
def test_what_becomes_of_a_report_is_not_offered_beside_it(name: str) -> None:
    first = publish("Storm closes port", versions()["first"])
    version = publish("Storm over Aldmouth", versions()[name], day=1)
    about = publish("Ferries after the storm", " ".join(STORM[8:]), day=2)
    work()
    assert {t for titles in page(first).values() for t in titles} == {about.title}
    assert {t for titles in page(version).values() for t in titles} == {about.title}
    assert page(about)["previous"] == [version.title]
    assert page(about)["related"] in ([version.title], [])
    assert newer(first) == version.title


@pytest.mark.parametrize("form", FORMS)
def test_articles_of_one_form_are_each_other_s_links(form: str) -> None:
    articles = [publish(title, text, day=n) for n, (title, text) in enumerate(FORMS[form].items())]
    work()
    assert len(stories_of(articles)) == len(articles)
    assert page(articles[1])["previous"] == [articles[0].title]
    assert page(articles[1])["next"] == [articles[2].title]
    assert newer(articles[0]) is None


def test_a_series_leads_to_the_part_before_and_the_part_after() -> None:
    """All weeks are about equally near, and any may be the nearest by a little."""
    words = " ".join(HOROSCOPES.values()).replace(":", "").replace(".", "").split()
    weeks = []
    for week in range(9):
        chance = Random(week)
        kept = [i % 5 and chance.random() < 0.97 for i in range(240)]
        text = " ".join(w if k else f"{w}{week}" for w, k in zip(words, kept, strict=False))
        weeks.append(publish(f"Your stars: week {week}", text, day=7 * week))
    publish("A bakery opens", "Sourdough bread and almond cakes sell out by noon.", day=3)
    work()
    assert len(stories_of(weeks)) == len(weeks)
    for week in range(1, 8):
        slots = page(weeks[week])
        assert slots["previous"] == [f"Your stars: week {week - 1}"]
        assert slots["next"] == [f"Your stars: week {week + 1}"]


def test_an_unknown_date_is_never_newer_and_has_nothing_newer() -> None:
    dated, undated = publish("Dated", update(0)), publish("Undated", update(0), day=1)
    work()
    assert newer(dated) == "Undated"
    Document.objects.filter(pk=document_of(undated).pk).update(published_at=None)
    assert len(stories_of([dated, undated])) == 1
    assert newer(dated) is newer(undated) is None


def test_an_editor_s_decision_is_never_overruled() -> None:
    local = section("Local")
    reader = publish("Reader", "In the archive.", section=local)
    updates = tell_story(4, local)
    work()
    approve(updates[3], "related", updates[0])
    assert page(updates[3])["related"] == [updates[0].title]
    approve(reader, "section", updates[1])
    assert page(reader)["section"] == [updates[1].title]  # and no other version beside it


def test_suggestions_from_before_a_text_changed_are_not_shown_beside_it() -> None:
    """Rows of another story's time, as a worker that was stopped leaves them."""
    first, second = publish("First", update(0)), publish("Second", update(1), day=1)
    work()
    row = Neighbors.objects.served().get(document=document_of(first))
    slot = Slot.objects.get(key="related")
    slot.requires_approval = False
    slot.save()
    Suggestion.objects.create(
        document=document_of(first),
        target=document_of(second),
        slot=slot,
        corpus=row.corpus,
        generation=row.generation,
        similarity=0.9,
        score=0.9,
        rank=0,
    )
    assert page(first)["related"] == []


@pytest.mark.parametrize("n_articles", [1, 3])
@pytest.mark.parametrize("n_versions", [2, 12])
def test_queries_do_not_grow_with_versions(
    n_articles: int, n_versions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    updates = tell_story(max(n_versions, n_articles))
    work()
    place_links(updates[:n_articles])
    with django_assert_num_queries(2):
        place_links(updates[:n_articles])


def test_published_one_by_one_is_as_rebuilt() -> None:
    tell_background()
    for n in (3, 1, 4, 0, 5, 2, 7, 6):
        publish(f"UPDATE {n}", update(n), day=100 + n)
        work()
    rebuilding.rebuild(cold=True)  # now with statistics
    extra = publish("UPDATE 8", update(8), day=108)
    work()
    extra.body = update(9)
    extra.save()
    work()
    lists = Neighbors.objects.served().order_by("document")
    columns = "document", "neighbor_ids", "story", "is_complete"
    one_by_one = [tuple(map(str, map(_plain, row))) for row in lists.values_list(*columns)]
    rebuilding.rebuild(cold=True)
    assert len(stories_of(list(Article.objects.filter(title__startswith="UPDATE")))) == 1
    rebuilt = [tuple(map(str, map(_plain, row))) for row in lists.values_list(*columns)]
    assert {row[0::2] for row in one_by_one} == {row[0::2] for row in rebuilt}
    assert snapshot()


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_the_answer_of_the_api_and_the_page(client: Client) -> None:
    first, second = publish("Storm", update(0)), publish("Storm, updated", update(1), day=1)
    work()
    [answer, of_newest] = (
        client.get(f"/api/v1/links/newsroom.article/{article.pk}/").json()
        for article in (first, second)
    )
    assert answer["newer_version"] == {
        "type": "newsroom.article",
        "id": str(second.pk),
        "title": "Storm, updated",
        "url": second.get_absolute_url(),
        "published_at": "2026-03-02T08:00:00Z",
    }
    assert of_newest["newer_version"] is None
    html = client.get(first.get_absolute_url()).content.decode()
    assert "There is a newer version of this article" in html
    assert f'<a href="{second.get_absolute_url()}">Storm, updated</a>' in html
    assert "newer version" not in client.get(second.get_absolute_url()).content.decode()
