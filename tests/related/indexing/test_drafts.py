"""Drafts: links are found for them as for all else, and nothing else hears of them."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from newsroom.articles.models import Article, Status
from newsroom.articles.publishing import publish as publish_now
from newsroom.articles.publishing import return_to_draft
from related.domain.decisions.reviewing import approve, reject
from related.domain.decisions.writing import LinkRef
from related.domain.desk.counts import count_queue
from related.domain.desk.why import explain_card
from related.domain.documents.searching import search_documents
from related.domain.indexing import claiming
from related.domain.indexing.processing import analyze, process
from related.domain.indexing.results import store_results
from related.domain.pages.placing import place_links
from related.domain.rebuilds.rebuilding import rebuild
from related.domain.reports.health import measure_health
from related.models import (
    Corpus,
    CorpusStatistics,
    Document,
    DocumentAddress,
    DocumentVector,
    Neighbors,
    RepeatedPassage,
    Slot,
    Suggestion,
    Worker,
)
from tests.related.editors import make_editor
from tests.related.faults import Killed, silence, while_reading
from tests.related.stories import (
    BAKERY_PRIZE,
    FLOOD,
    FLOOD_COST,
    FLOOD_UPDATE,
    archive,
    document_of,
    publish,
    suggested,
    work,
    write_draft,
)

pytestmark = pytest.mark.django_db


def command(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def everything_else() -> dict[str, object]:
    """What is stored and told of all that is no draft, to the last bit."""
    drafts = Document.objects.drafts()
    client = Client()
    targets = Suggestion.objects.served().exclude(document__in=drafts)
    health = measure_health()
    return {
        "statistics": list(CorpusStatistics.objects.order_by("pk").values()),
        "corpora": list(Corpus.objects.order_by("pk").values()),
        "vectors": list(DocumentVector.objects.order_by("pk").values()),
        "lists": list(Neighbors.objects.order_by("pk").values()),
        "passages": list(RepeatedPassage.objects.order_by("pk").values()),
        "addresses": list(DocumentAddress.objects.order_by("pk").values()),
        "suggestions": list(targets.order_by("pk").values()),
        "documents": list(Document.objects.exclude(pk__in=drafts).order_by("pk").values()),
        "exported": (command("export_neighbors"), command("export_suggestions")),
        "health": (health.n_indexed, health.corpora, health.empty_slots, health.n_lost_links),
        "queue": count_queue(make_editor(f"editor{Document.objects.count()}x{drafts.count()}")),
        "pages": [
            place_links([article]) for article in Article.objects.exclude(status=Status.DRAFT)
        ],
        "sitemap": client.get("/sitemap.xml").content,
        "answers": [
            client.get(f"/api/v1/links/newsroom.article/{article.pk}/").content
            for article in Article.objects.exclude(status=Status.DRAFT)
        ],
    }


def test_a_saved_draft_gets_suggestions_and_changes_nothing_else() -> None:
    archive()
    work()
    rebuild()
    work()
    before = everything_else()
    draft = write_draft()
    work()
    row = document_of(draft)
    assert (row.is_draft, row.is_indexed, row.is_waiting) == (True, False, False)
    assert set(suggested(draft, "related")) == {"Barrier raised", "Barrier holds"}
    assert suggested(draft, "previous") != []  # it comes out now, as far as is known
    suggestion = Suggestion.objects.filter(document=row).first()
    assert suggestion is not None
    assert "flood barrier" in suggestion.reasons
    assert everything_else() == before


def test_the_words_that_a_draft_shares_are_read_from_its_text() -> None:
    [raised, *_] = archive()
    draft = write_draft()
    work()
    terms = explain_card(document_of(draft), draft, document_of(raised), make_editor("reader"))
    assert "engineers" in [term.term for term in terms]
    assert 0 < sum(term.share for term in terms) <= 101


def test_two_drafts_do_not_find_each_other() -> None:
    archive()
    first, second = write_draft("Barrier rusts"), write_draft("Barrier rusts again")
    work()
    for draft in (first, second):
        assert not {*suggested(draft, "related")} & {first.title, second.title}
        assert not Suggestion.objects.filter(target=document_of(draft)).exists()


def test_what_is_suggested_is_what_would_be_once_it_is_out() -> None:
    archive()
    work()
    rebuild()
    draft = write_draft()
    work()
    before = {slot: suggested(draft, slot) for slot in ("previous", "inline", "related")}
    publish_now(draft)
    work()
    assert {slot: suggested(draft, slot) for slot in before} == before


def test_a_draft_is_told_apart_from_its_own_published_text() -> None:
    """An update of a published text is a version of it, and no version is something to read."""
    first = publish("Storm hits", f"{FLOOD} {BAKERY_PRIZE} {FLOOD_COST}")
    publish("Barrier holds", FLOOD_UPDATE, day=1)
    rebuild()
    draft = write_draft("Storm hits", first.body + " More soon.")
    work()
    assert suggested(draft, "related") == ["Barrier holds"]


def test_decisions_made_on_a_draft_stand_when_it_is_published() -> None:
    articles = archive()
    draft = write_draft()
    work()
    document = document_of(draft)
    slot = Slot.objects.get(key="related")
    anna = make_editor("anna")
    raised, holds = (LinkRef(document, slot, document_of(articles[n])) for n in (0, 2))
    approve(raised, user=anna, version=0)
    reject(holds, user=anna, version=0)
    draft.save()
    work()
    assert not place_links([draft])[0].slots["related"].items
    publish_now(draft)
    for _ in range(2):  # at once, and after the workers have seen it
        [page] = place_links([draft])
        assert [link.title for link in page.slots["related"].items] == ["Barrier raised"]
        assert "Barrier holds" not in [
            link.title for slot in page.slots.values() for link in slot.items
        ]
        work()
    row = document_of(draft)
    assert (row.is_draft, row.is_indexed) == (False, True)
    assert set(suggested(articles[0], "related")) == {"Barrier holds", "Barrier rusts"}


def test_a_published_article_that_becomes_a_draft_leaves_all_lists() -> None:
    articles = archive()
    rebuild()
    return_to_draft(articles[2])
    work()
    row = document_of(articles[2])
    assert (row.is_draft, row.is_indexed, row.url_path) == (True, False, "")
    assert not Suggestion.objects.served().filter(target=row).exists()
    assert suggested(articles[2], "related") == ["Barrier raised"]
    assert not Neighbors.objects.served().filter(document=row).exists()
    assert Corpus.objects.get().n_documents == 3
    version = Corpus.objects.get().version
    articles[2].save()
    work()
    assert Corpus.objects.get().version == version  # typing on changes no corpus


def test_a_deleted_draft_leaves_nothing_to_be_suggested() -> None:
    archive()
    draft = write_draft()
    work()
    row = document_of(draft)
    draft.delete()
    work()
    row.refresh_from_db()
    assert (row.is_draft, row.is_waiting) == (False, False)
    assert not Suggestion.objects.filter(document=row).exists()


def test_a_draft_in_another_language_keeps_nothing_of_the_first() -> None:
    archive()
    draft = write_draft()
    work()
    draft.language = "nl"
    draft.save()
    work()
    assert not Suggestion.objects.filter(document=document_of(draft)).exists()
    assert not Corpus.objects.filter(language="nl").exists()  # no corpus begins with a draft


def test_no_draft_is_found_by_an_editor_who_looks_for_a_target() -> None:
    articles = archive()
    draft = write_draft()
    work()
    exclude = document_of(articles[0])
    for text in ("Barrier rusts", str(draft.pk), f"newsroom.article:{draft.pk}", draft.slug):
        assert document_of(draft) not in search_documents(text, exclude=exclude)


def test_the_api_knows_no_more_of_a_draft_than_of_what_does_not_exist(client: Client) -> None:
    archive()
    draft = write_draft()
    work()
    answers = []
    for pk in (draft.pk, 10**6):
        answer = client.get(f"/api/v1/links/newsroom.article/{pk}/")
        answers.append((answer.status_code, answer.content, sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    paths = (draft.get_absolute_url(), "/articles/none/")
    one, other = (client.get("/api/v1/links/", {"url": path}).content for path in paths)
    assert one.replace(paths[0].encode(), paths[1].encode()) == other


def test_a_worker_that_dies_leaves_a_draft_due() -> None:
    archive()
    work()
    draft = write_draft()

    def die(obj: Article) -> None:
        raise Killed

    with while_reading(die), pytest.raises(Killed):
        process()
    row = document_of(draft)
    assert row.is_waiting
    assert row.is_draft
    assert row.attempts == 1
    worker = Worker.register()
    Document.objects.update(worker_id=None, retry_at=None)
    analyzed = analyze(claiming.claim(worker, [row.pk]))
    silence(worker)
    claiming.free_dead()
    assert store_results(analyzed) == 0  # it was taken for dead: nothing of it counts
    assert not Suggestion.objects.filter(document=row).exists()
    Document.objects.update(retry_at=None)
    work()
    assert suggested(draft, "related") != []


def test_waiting_drafts_are_counted_and_told_apart() -> None:
    archive()
    draft = write_draft()
    work()
    draft.save()
    health = measure_health()
    assert (health.n_waiting, health.n_waiting_drafts) == (1, 1)
    out = StringIO()
    call_command("related_health", "--json", stdout=out)
    assert json.loads(out.getvalue())["n_waiting_drafts"] == 1


def test_an_empty_draft_waits_for_nothing() -> None:
    archive()
    draft = write_draft("", "")
    work()
    row = document_of(draft)
    assert (row.is_draft, row.is_waiting, row.error) == (True, False, "")
    assert not Suggestion.objects.filter(document=row).exists()
