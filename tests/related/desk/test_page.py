"""The desk: what an editor is shown of one document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsroom.articles.models import Article, Status
from related.domain.decisions import reviewing
from related.domain.decisions.headings import set_heading
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import Desk, DeskSlot, build_desk, find_links, title_of
from related.domain.documents.lookup import search_documents
from related.enums import Rule
from related.models import Document
from tests.related.admin.desk_factories import (
    make_article,
    make_document,
    make_editor,
    make_slot,
    make_target,
    only_slots,
    suggest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Any:
    return make_editor()


@pytest.fixture
def article() -> Article:
    return make_article("Ferry delayed")


@pytest.fixture
def document(article: Article) -> Document:
    return make_document(article)


@pytest.fixture
def look(article: Article, document: Document, anna: Any) -> Any:
    """Build the desk anew, as a page that is loaded again."""

    def build() -> Desk:
        article.refresh_from_db()
        document.refresh_from_db()
        return build_desk(document, article, anna)

    return build


def slot_of(desk: Desk, key: str) -> DeskSlot:
    return next(slot for slot in desk.slots if slot.key == key)


def titles(links: Any) -> list[str]:
    return [link.target.title for link in links]


def test_suggestions_come_in_rank_order_with_their_reasons(document: Document, look: Any) -> None:
    suggest(document, make_target("First"), similarity=0.6)
    suggest(document, make_target("Second"), similarity=0.4)

    slot = slot_of(look(), "related")

    assert titles(slot.suggestions) == ["First", "Second"]
    first = slot.suggestions[0]
    assert (first.similarity, first.rank, first.reasons) == (0.6, 1, ["ferry", "harbor"])
    assert (first.target.section, first.target.url) == ("Harbor", "/articles/first/")
    assert first.version == 0


def test_an_approved_link_shows_who_decided(document: Document, look: Any, anna: Any) -> None:
    place = LinkRef(document, make_slot(), make_target("Repaired"))
    suggest(document, place.target)
    reviewing.approve(place, user=anna, version=0, note="the sequel")

    slot = slot_of(look(), "related")

    assert titles(slot.approved) == ["Repaired"]
    assert slot.suggestions == []
    link = slot.approved[0]
    assert link.is_on_page
    assert link.decision is not None
    assert (link.decision.decided_by, link.decision.note) == (anna, "the sequel")
    assert link.version == 1


def test_the_live_title_is_shown(document: Document, look: Any) -> None:
    target = make_target("Old title")
    suggest(document, target)
    Article.objects.filter(pk=target.object_id).update(title="New title")

    assert titles(slot_of(look(), "related").suggestions) == ["New title"]
    assert title_of(target) == "New title"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"status": Status.WITHDRAWN}, "withdrawn"),
        ({"published_at": timezone.now() + timedelta(days=3)}, "not out yet"),
    ],
)
def test_a_hidden_target_is_named_and_not_on_the_page(
    document: Document, look: Any, anna: Any, change: dict[str, Any], state: str
) -> None:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    Article.objects.filter(pk=target.object_id).update(**change)

    link = slot_of(look(), "related").approved[0]

    assert (link.target.title, link.target.state, link.is_on_page) == ("Repaired", state, False)


def test_a_deleted_target_is_named_by_its_label(document: Document, look: Any, anna: Any) -> None:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    Article.objects.filter(pk=target.object_id).delete()

    link = slot_of(look(), "related").approved[0]

    assert (link.target.title, link.target.state) == (target.label, "deleted")


def test_what_is_approved_elsewhere_is_not_offered(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Repaired")
    for key in ("previous", "related"):
        suggest(document, target, make_slot(key))
    reviewing.approve(LinkRef(document, make_slot("previous"), target), user=anna, version=0)

    slot = slot_of(look(), "related")

    assert slot.suggestions == []
    assert [link.remark for link in slot.elsewhere] == ["already in “Previous Article”"]


def test_a_target_approved_twice_says_where_it_shows(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Repaired")
    for key in ("previous", "related"):
        reviewing.approve(LinkRef(document, make_slot(key), target), user=anna, version=0)

    desk = look()

    assert slot_of(desk, "previous").approved[0].is_on_page
    assert slot_of(desk, "related").approved[0].remark == "already shown in “Previous Article”"


def test_a_link_beyond_the_room_of_a_slot_says_so(document: Document, look: Any, anna: Any) -> None:
    slot = make_slot("previous", count=1)
    for title in ("First", "Second"):
        reviewing.approve(LinkRef(document, slot, make_target(title)), user=anna, version=0)

    shown = slot_of(look(), "previous")

    assert shown.is_full
    assert [link.is_on_page for link in shown.approved] == [True, False]
    assert shown.approved[1].remark == "not shown: the slot has room for 1"


def test_a_rejected_pair_is_listed_once_and_offered_nowhere(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Another ferry")
    for key in ("inline", "related"):
        suggest(document, target, make_slot(key))
    reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0, note="no")

    desk = look()

    assert desk.n_suggestions == 0
    assert titles(desk.rejected) == ["Another ferry"]
    assert desk.rejected[0].version == 1


def test_a_reopened_pair_is_offered_with_its_version(
    document: Document, look: Any, anna: Any
) -> None:
    place = LinkRef(document, make_slot(), make_target("Another ferry"))
    suggest(document, place.target)
    reviewing.reject(place, user=anna, version=0)
    reviewing.reopen(place, user=anna, version=1)

    desk = look()

    assert desk.rejected == []
    assert slot_of(desk, "related").suggestions[0].version == 2


def test_a_better_match_is_set_against_the_weakest_approved_link(
    document: Document, look: Any, anna: Any
) -> None:
    strong, weak, better, worse = (make_target(t) for t in ("Strong", "Weak", "Better", "Worse"))
    for target, similarity in ((strong, 0.9), (weak, 0.3), (better, 0.48), (worse, 0.2)):
        suggest(document, target, similarity=similarity)
    for target in (strong, weak):
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)

    found = {link.target.title: link for link in slot_of(look(), "related").suggestions}

    assert found["Better"].better_by == pytest.approx(0.18)
    assert found["Better"].better_than is not None
    assert found["Better"].better_than.target.title == "Weak"
    assert found["Worse"].better_by is None


def test_a_pinned_link_is_not_challenged(document: Document, look: Any, anna: Any) -> None:
    weak, better = make_target("Weak"), make_target("Better")
    suggest(document, weak, similarity=0.3)
    suggest(document, better, similarity=0.9)
    reviewing.pin(LinkRef(document, make_slot(), weak), user=anna, version=0)

    assert slot_of(look(), "related").suggestions[0].better_by is None


def test_a_slot_by_date_shows_what_stands_there_until_it_is_blocked(
    document: Document, look: Any, anna: Any
) -> None:
    newest, older = make_target("Newest", days_ago=2), make_target("Older", days_ago=3)

    slot = slot_of(look(), "section")
    assert titles(slot.automatic) == ["Newest", "Older"]
    assert slot.automatic[0].target.label == newest.label

    reviewing.reject(LinkRef(document, make_slot("section"), newest), user=anna, version=0)
    assert titles(slot_of(look(), "section").automatic) == ["Older"]

    reviewing.approve(LinkRef(document, make_slot("section"), older), user=anna, version=0)
    slot = slot_of(look(), "section")
    assert (titles(slot.automatic), titles(slot.approved)) == ([], ["Older"])


def test_a_slot_by_date_that_waits_for_approval_offers_its_candidates(
    document: Document, look: Any
) -> None:
    make_slot("section", requires_approval=True)
    make_target("Older", days_ago=3)

    slot = slot_of(look(), "section")

    assert (titles(slot.automatic), titles(slot.suggestions)) == ([], ["Older"])
    assert not slot.suggestions[0].is_on_page


def test_a_fallback_shows_until_something_is_approved(
    document: Document, look: Any, anna: Any
) -> None:
    only_slots("previous")
    slot = make_slot("previous", fallback=Rule.EARLIER)
    before, similar = make_target("The day before", days_ago=2), make_target("Similar")
    suggest(document, similar, slot)

    shown = slot_of(look(), "previous")
    assert titles(shown.automatic) == [title_of(before)]
    assert titles(shown.suggestions) == ["Similar"]

    reviewing.approve(LinkRef(document, slot, similar), user=anna, version=0)
    assert slot_of(look(), "previous").automatic == []


def test_a_scheduled_article_is_reviewed_before_it_is_out(anna: Any) -> None:
    article = make_article("Tomorrow", days_ago=-1)
    document = make_document(article)
    suggest(document, make_target("Yesterday"))

    desk = build_desk(document, article, anna)

    slot = slot_of(desk, "related")
    assert (desk.public_url, desk.preview_url) == ("", "/articles/tomorrow/?preview=1")
    assert titles(slot.suggestions) == ["Yesterday"]
    assert not slot.suggestions[0].is_on_page
    assert slot.automatic == []
    assert titles(slot_of(desk, "section").automatic) == []


def test_a_heading_of_its_own(document: Document, look: Any, anna: Any) -> None:
    set_heading(document, make_slot(), "More on the ferry", user=anna)

    slot = slot_of(look(), "related")

    assert (slot.heading, slot.own_heading) == ("More on the ferry", "More on the ferry")
    assert slot_of(look(), "previous").own_heading == ""


def test_a_long_list_of_suggestions_folds(document: Document, look: Any) -> None:
    for number in range(8):
        suggest(document, make_target(f"Story {number}"))
    make_slot("related", count=4)

    slot = slot_of(look(), "related")

    assert (len(slot.best_suggestions), len(slot.more_suggestions)) == (6, 2)
    assert slot.may_select


def test_the_state_of_the_work_is_shown(document: Document, look: Any) -> None:
    assert (look().is_waiting, look().document.is_set_aside) == (False, False)

    Document.objects.filter(pk=document.pk).update(want_rev=5)
    assert (look().is_waiting, look().document.is_set_aside) == (True, False)

    Document.objects.filter(pk=document.pk).update(attempts=3, error="ValueError: no text")
    desk = look()
    assert (desk.is_waiting, desk.document.is_set_aside) == (False, True)
    assert desk.document.error == "ValueError: no text"


def test_the_last_click_can_be_undone(document: Document, look: Any, anna: Any) -> None:
    assert look().undoable is None
    places = [LinkRef(document, make_slot(), make_target(title)) for title in ("First", "Second")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)

    undoable = look().undoable

    assert undoable.description == "approved “First” and 1 more in “Related stories”"


def test_the_summary_starts_as_a_draft_and_hides_when_the_text_changes(
    article: Article, document: Document, look: Any, anna: Any
) -> None:
    summary = look().summary
    assert summary.draft
    assert (summary.proposal, summary.is_current, summary.version) == (summary.draft, False, 0)

    approve_summary(document, article, "In short.", user=anna, version=0)
    summary = look().summary
    assert (summary.proposal, summary.is_current, summary.version) == ("In short.", True, 1)

    Article.objects.update(body="Something else.")
    assert (look().summary.text, look().summary.is_current) == ("In short.", False)


def test_search_keeps_the_order_of_the_site_and_fills_the_list(
    document: Document, look: Any
) -> None:
    targets = [make_target(f"Ferry {number}") for number in range(50)]
    newest = [target.pk for target in reversed(targets)]
    assert [row.pk for row in search_documents("Ferry", exclude=document)] == newest[:20]

    Document.objects.filter(pk__in=newest[:45]).update(is_indexed=False)
    assert [row.pk for row in search_documents("Ferry", exclude=document)] == newest[45:]


def test_search_says_what_was_decided_already(document: Document, look: Any, anna: Any) -> None:
    here, there, no, free = (
        make_target(f"Ferry {word}") for word in ("here", "there", "no", "free")
    )
    reviewing.approve(LinkRef(document, make_slot(), here), user=anna, version=0)
    reviewing.approve(LinkRef(document, make_slot("inline"), there), user=anna, version=0)
    reviewing.reject(LinkRef(document, make_slot(), no), user=anna, version=0)
    make_target("Something else")
    desk = look()

    found = find_links(desk, slot_of(desk, "related"), "ferry")

    remarks = {link.target.label: (link.remark, link.is_blocked, link.version) for link in found}
    assert remarks == {
        here.label: ("already approved here", True, 1),
        there.label: (f"already in “{make_slot('inline').heading}”", True, 0),
        no.label: ("rejected before", False, 1),
        free.label: ("", False, 0),
    }


@pytest.mark.parametrize("n_suggestions", [1, 3])
def test_the_desk_asks_the_same_queries_for_any_number_of_links(
    article: Article,
    document: Document,
    anna: Any,
    n_suggestions: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(n_suggestions):
        for key in ("previous", "inline", "related"):
            suggest(document, make_target(f"{key} {number}"), make_slot(key))
        target = make_target(f"Approved {number}")
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
        target = make_target(f"Rejected {number}")
        reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0)
    build_desk(document, article, anna)  # content types and permissions are kept from here on

    with django_assert_num_queries(17):
        build_desk(document, article, anna)
