"""Sensitive articles on the desk: what it says, what it offers, who may press what."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Section
from related.domain.decisions import reviewing
from related.domain.decisions.sensitivity import mark_document
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import Desk, build_desk, find_links
from related.enums import Mark
from related.models import Document, SectionRule, Sensitivity
from tests.related.clicks import page_of, press
from tests.related.desk_documents import make_slot, make_target, only_slots, suggest
from tests.related.editors import make_staff
from tests.related.marks import mark_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(anna: User) -> User:
    """An editor who may mark as well."""
    codenames = ["change_sensitivity", "view_decisionlog"]
    anna.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return anna


def desk_of(document: Document, article: Article, user: User) -> Desk:
    return build_desk(document, article, user)


def offered(desk: Desk) -> list[str]:
    return [link.target.title for slot in desk.slots for link in slot.suggestions]


def test_no_links_here_offers_nothing_and_says_why(
    client: Client, document: Document, article: Article, anna: User, ben: User
) -> None:
    suggest(document, make_target("Ferry repaired"))
    assert offered(desk_of(document, article, anna)) == ["Ferry repaired"]
    mark_document(document, Mark.NO_LINKS, seen=0, user=ben)
    desk = desk_of(document, article, anna)
    assert offered(desk) == []
    client.force_login(anna)
    page = client.get(page_of(document)).content.decode()
    assert "Sensitive: no links stand on this page." in page
    assert "set by ben" in page


def test_an_approved_link_that_is_barred_says_so_and_takes_no_place(
    document: Document, article: Article, target: Document, anna: User
) -> None:
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    mark_document(target, Mark.NEVER_SUGGEST, seen=0, user=anna)
    desk = desk_of(document, article, anna)
    [link] = [link for slot in desk.slots for link in slot.approved]
    assert (link.remark, link.is_lost, link.is_on_page) == (
        "not shown: never suggest this",
        True,
        False,
    )
    [slot] = [slot for slot in desk.slots if slot.key == "related"]
    [found] = find_links(desk, slot, "repaired")
    assert (found.remark, found.is_blocked) == ("never suggest this", True)


def test_on_a_sensitive_page_every_slot_waits_for_an_editor(
    document: Document, article: Article, target: Document, anna: User
) -> None:
    make_slot(requires_approval=False)
    only_slots("related")
    [slot] = desk_of(document, article, anna).slots
    assert [link.target.title for link in slot.automatic] == ["Ferry repaired"]
    mark_document(document, Mark.NOTHING_LIGHT, seen=0, user=anna)
    [slot] = desk_of(document, article, anna).slots
    assert [link.target.title for link in slot.proposed] == ["Ferry repaired"]
    assert slot.automatic == []
    mark_of("harbor", Mark.LIGHT, anna)
    assert offered(desk_of(document, article, anna)) == []


def test_the_control_marks_and_takes_back(
    client: Client, document: Document, target: Document, anna: User
) -> None:
    client.force_login(anna)
    said = press(client, document, "sensitive", marks=["1", "4"], seen_marks="0")
    assert said == "“Ferry delayed” is sensitive: no links here, nothing light beside this."
    assert Sensitivity.objects.get().marks == Mark.NO_LINKS | Mark.NOTHING_LIGHT
    page = client.get(page_of(document))
    assert [is_on for _, is_on in page.context["desk"].sensitivity.ticks] == [True, False, True]
    undoable = page.context["desk"].undoable
    assert undoable.description == "changed the sensitivity"
    said = press(client, document, "undo", operation=undoable.operation)
    assert said == "Undone: changed the sensitivity."
    assert Sensitivity.objects.get().marks == 0


def test_a_mark_that_somebody_changed_since_is_not_overwritten(
    client: Client, document: Document, anna: User, ben: User
) -> None:
    mark_document(document, Mark.NO_LINKS, seen=0, user=ben)
    client.force_login(anna)
    fields = {"action": "sensitive", "seen_marks": "0"}
    answer = client.post(page_of(document), fields, headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert "ben changed the sensitivity first" in answer.content.decode()
    assert Sensitivity.objects.get().marks == Mark.NO_LINKS


@pytest.mark.parametrize(
    ("fields", "status"), [({"marks": "8"}, 409), ({"seen_marks": "x"}, 409), ({}, 200)]
)
def test_only_the_three_ticks_are_taken(
    client: Client, document: Document, anna: User, fields: dict[str, str], status: int
) -> None:
    client.force_login(anna)
    sent = {"action": "sensitive", "seen_marks": "0", **fields}
    answer = client.post(page_of(document), sent, headers={"hx-request": "true"})
    assert answer.status_code == status
    assert not Sensitivity.objects.filter(marks__gt=0).exists()


@pytest.mark.parametrize(
    ("codenames", "sections", "status"),
    [
        (["view_suggestion", "change_decision"], ["harbor"], 403),
        (["view_suggestion", "change_sensitivity"], ["harbor"], 302),
        (["view_suggestion", "change_sensitivity"], ["city"], 403),
    ],
)
def test_the_permission_is_one_of_its_own_and_holds_in_ones_own_sections(
    client: Client, document: Document, codenames: list[str], sections: list[str], status: int
) -> None:
    carla = make_staff("carla", *codenames)
    for slug in sections:
        section, _ = Section.objects.get_or_create(slug=slug, defaults={"name": slug})
        section.editors.add(carla)
    client.force_login(carla)
    fields = {"action": "sensitive", "marks": "1", "seen_marks": "0"}
    assert client.post(page_of(document), fields).status_code == status
    has_control = 'name="seen_marks"' in client.get(page_of(document)).content.decode()
    assert has_control == (status == 302)


def test_the_log_says_it_in_words(client: Client, document: Document, admin_user: User) -> None:
    mark_document(document, Mark.NO_LINKS, seen=0, user=admin_user)
    client.force_login(admin_user)
    page = client.get(reverse("admin:related_decisionlog_changelist")).content.decode()
    assert "changed the sensitivity" in page
    [entry] = document.decision_log.all()
    page = client.get(reverse("admin:related_decisionlog_change", args=[entry.pk])).content.decode()
    assert "<li>sensitivity: – → no links here</li>" in page


# The page of sections -----------------------------------------------------------------------

SECTIONS = "admin:related_sensitive_sections"


def value(marks: int, section: str = "harbor") -> str:
    kind = Document.objects.values_list("content_type", flat=True)[0]
    return f"{kind}:{marks}:{section}"


def test_a_section_is_ticked_and_named_with_its_editor(
    client: Client, document: Document, anna: User
) -> None:
    client.force_login(anna)
    sent = {"seen": [value(0)], "tick": [value(2), value(8)]}
    page = client.post(reverse(SECTIONS), sent, follow=True)
    assert [str(m) for m in page.context["messages"]] == [
        "The section “Harbor”: never suggest this, light."
    ]
    [row] = page.context["rows"]
    assert (row.section, row.n_documents, row.marks, row.editor) == ("harbor", 1, 10, "anna")
    stale = client.post(reverse(SECTIONS), sent, follow=True)
    assert "the sensitivity was changed since" in str(*stale.context["messages"])
    client.post(reverse(SECTIONS), {"seen": [value(10)]})
    assert SectionRule.objects.get().marks == 0
    log = client.get(reverse("admin:related_sectionrulelog_changelist")).content.decode()
    assert "never suggest this, light" in log


@pytest.mark.parametrize("nonsense", ["", "x:y:z", "0:1:harbor", "{kind}:16:harbor", "{kind}:1:"])
def test_nonsense_changes_nothing(
    client: Client, document: Document, anna: User, nonsense: str
) -> None:
    client.force_login(anna)
    sent = {"seen": [nonsense.format(kind=document.content_type_id)]}
    page = client.post(reverse(SECTIONS), sent, follow=True)
    assert "Not saved" in str(*page.context["messages"])
    assert not SectionRule.objects.exists()


def test_section_editors_see_and_mark_their_own_sections(
    client: Client, document: Document
) -> None:
    carla = make_staff("carla", "change_sensitivity", "view_suggestion")
    client.force_login(carla)
    assert client.get(reverse(SECTIONS)).context["rows"] == []
    assert (
        client.post(reverse(SECTIONS), {"seen": [value(0)], "tick": [value(1)]}).status_code == 403
    )
    Section.objects.get(slug="harbor").editors.add(carla)
    assert len(client.get(reverse(SECTIONS)).context["rows"]) == 1
    client.post(reverse(SECTIONS), {"seen": [value(0)], "tick": [value(1)]})
    assert SectionRule.objects.get().marks == Mark.NO_LINKS


def test_who_may_not_look_sees_no_sections(client: Client, db: None) -> None:
    client.force_login(make_staff("dora", "view_slot"))
    assert client.get(reverse(SECTIONS)).status_code == 403


@pytest.mark.parametrize("n_sections", [1, 3])
def test_the_page_of_sections_asks_the_same_queries_for_any_number(
    client: Client,
    anna: User,
    n_sections: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(n_sections):
        section = Section.objects.create(name=f"S{number}")
        make_target(f"T{number}", section=section)
        mark_of(section.slug, Mark.LIGHT, anna)
    client.force_login(anna)
    client.get(reverse(SECTIONS))
    with django_assert_num_queries(12):
        page: Any = client.get(reverse(SECTIONS))
    assert [row.name for row in page.context["rows"]] == [f"S{n}" for n in range(n_sections)]
    assert "<bdi>S0</bdi>" in page.content.decode()
