"""What an editor asked of sections is a step of her stack, and taken back on their page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse_lazy
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Section
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.sections import sent
from related.enums import Mark
from related.models import Document, SectionRule, SectionRuleLog
from tests.related.clicks import page_of
from tests.related.desk_documents import make_slot, make_target
from tests.related.marks import mark_of

pytestmark = pytest.mark.django_db
SECTIONS = reverse_lazy("admin:related_sensitive_sections")


@pytest.fixture
def anna(anna: User) -> User:
    anna.user_permissions.add(Permission.objects.get(codename="change_sensitivity"))
    return anna


@pytest.fixture
def _two_marked(client: Client, anna: User, document: Document) -> None:
    """With one press."""
    arts = Section.objects.create(name="Arts")
    make_target("Opera", section=arts)
    client.force_login(anna)
    kind = document.content_type_id
    places = [(kind, 0, "harbor"), (kind, 0, arts.slug)]
    ticks = [sent(kind, Mark.NO_LINKS, section) for *_, section in places]
    client.post(str(SECTIONS), {"seen": [sent(*place) for place in places], "tick": ticks})


def marks() -> set[int]:
    return set(SectionRule.objects.exclude(section="").values_list("marks", flat=True))


def undo_button(client: Client, address: str) -> Any:
    """Where it leads, or what it sends; None where there is none."""
    page = LexborHTMLParser(client.get(address).content)
    button = page.css_first('[data-key="u"], button[name="undo"]')
    return button and (button.attributes.get("href") or button.attributes.get("value"))


@pytest.mark.usefixtures("_two_marked")
def test_the_desk_leads_there_and_one_press_takes_all_of_it_back(
    client: Client, document: Document, anna: User
) -> None:
    assert undo_button(client, page_of(document)) == str(SECTIONS)
    assert "“Harbor” and 1 more section" in client.get(str(SECTIONS)).content.decode()
    operation = undo_button(client, str(SECTIONS))

    page = client.post(str(SECTIONS), {"undo": operation}, follow=True)

    assert "Undone: changed the sensitivity of" in str(*page.context["messages"])
    assert marks() == {0}
    assert SectionRuleLog.objects.filter(undoes=operation, actor=anna).count() == 2
    assert undo_button(client, page_of(document)) is None
    assert undo_button(client, str(SECTIONS)) is None
    page = client.post(str(SECTIONS), {"undo": operation}, follow=True)
    assert "Not undone" in str(*page.context["messages"])


@pytest.mark.usefixtures("_two_marked")
def test_a_later_step_goes_first(client: Client, document: Document, anna: User) -> None:
    link = LinkRef(document, make_slot(), make_target("Tug"))
    reviewing.reject(link, user=anna, version=0)
    assert undo_button(client, page_of(document)).startswith("action=undo&operation=")


@pytest.mark.usefixtures("_two_marked")
def test_what_somebody_changed_since_stays_and_so_does_all_of_the_click(
    client: Client, ben: User
) -> None:
    mark_of("harbor", Mark.LIGHT, ben)
    page = client.post(str(SECTIONS), {"undo": undo_button(client, str(SECTIONS))}, follow=True)
    assert "something has changed since" in str(*page.context["messages"])
    assert marks() == {Mark.LIGHT, Mark.NO_LINKS}


@pytest.mark.usefixtures("_two_marked")
def test_who_lost_a_section_takes_nothing_back_there(client: Client, anna: User) -> None:
    operation = undo_button(client, str(SECTIONS))
    for group in anna.groups.all():
        group.permissions.remove(*group.permissions.filter(codename="edit_all_sections"))
    assert client.post(str(SECTIONS), {"undo": operation}).status_code == 403
    assert marks() == {Mark.NO_LINKS}


@pytest.mark.usefixtures("_two_marked")
def test_what_an_older_version_logged_shows_no_undo_and_nor_does_what_came_before(
    client: Client, document: Document, anna: User
) -> None:
    assert undo_button(client, str(SECTIONS)) is not None
    kind = document.content_type_id
    SectionRule.objects.filter(content_type=kind, section="harbor").update(marks=Mark.LIGHT)
    SectionRuleLog.objects.create(  # while the site is upgraded, say
        content_type_id=kind,
        section="harbor",
        before=Mark.NO_LINKS,
        after=Mark.LIGHT,
        actor=anna,
        actor_key=str(anna.pk),
        actor_name="anna",
    )
    assert undo_button(client, str(SECTIONS)) is None
    assert undo_button(client, page_of(document)) is None
    mark_of("arts", 0, anna)
    assert undo_button(client, page_of(document)) == str(SECTIONS)
