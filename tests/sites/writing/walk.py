"""An editor writes a story in the site's own form, links it, and puts it out."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from related.editors import grant_editor_permissions
from related.models import Document
from tests.sites.writing.models import Story

pytestmark = pytest.mark.django_db
ADD = "/admin/writing/story/add/"
NO_NOTES = {"notes-TOTAL_FORMS": "0", "notes-INITIAL_FORMS": "0"}
TEXT = "Cracks in two piers of the harbor bridge stop all trams."


@pytest.fixture(autouse=True)
def editor(client: Client) -> User:
    editors = Group.objects.create(name="Editors")
    grant_editor_permissions(editors)
    user = User.objects.create_user("ann", is_staff=True)
    user.groups.add(editors)
    for model in ("story", "note"):
        user.user_permissions.add(*Permission.objects.filter(codename__endswith=f"_{model}"))
    client.force_login(user)
    return user


def test_links_while_writing(client: Client) -> None:
    assert run_checks(tags=["related"]) == []
    out = Story.objects.create(title="Harbor bridge closes", body=TEXT, is_out=True)
    call_command("process_related")
    assert "Save the article first" in client.get(ADD).content.decode()

    story = {"title": "Harbor bridge opens", "body": "The piers of the harbor bridge are repaired."}
    saved = client.post(ADD, {**story, **NO_NOTES, "_continue": "1"}, follow=True)
    assert "Looking for links" in saved.content.decode()
    assert "The site's own words." in saved.content.decode()
    call_command("process_related")
    draft = Story.objects.get(is_out=False)
    form = f"/admin/writing/story/{draft.pk}/change/"
    page = LexborHTMLParser(client.get(form).content)
    assert page.css_first("form form") is None
    assert page.css_matches("#notes-group")
    desk = page.css_first("#desk-form")
    assert desk is not None
    assert "Harbor bridge closes" in desk.text()
    address = f"/api/v1/links/writing.story/{draft.pk}/"
    assert client.get(address).status_code == 404
    assert client.get(f"{ADD}?_popup=1").content.decode().count('id="writing"') == 0

    target = Document.objects.get(object_id=str(out.pk)).label
    press = f"action=approve&slot=related&target={target}&version=0"
    sent = {"press": press, "csrfmiddlewaretoken": ""}
    answer = client.post(f"{desk.attributes['hx-post']}", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200

    published = client.post(form, {**story, **NO_NOTES, "is_out": "on"})
    assert published.status_code == 302
    [link] = client.get(address).json()["slots"]["related"]["items"]
    assert (link["title"], link["source"]) == ("Harbor bridge closes", "approved")
    call_command("process_related")
    assert client.get(address).json()["slots"]["related"]["items"] == [link]
