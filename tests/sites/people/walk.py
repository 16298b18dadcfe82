"""An editor with an address of 200 letters reviews, is searched for, and is taken back."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client

from related.editors import grant_editor_permissions
from related.models import Decision, DecisionLog, Suggestion
from tests.sites.people.models import Person, Story

pytestmark = pytest.mark.django_db
ADDRESS = f"{'a' * 64}@{'news.' * 34}example"
TEXTS = [
    ("Harbor bridge closes", "Cracks in two piers of the harbor bridge stop all trams."),
    ("Harbor bridge opens again", "The piers of the harbor bridge are repaired, trams run."),
    ("School choir wins", "Forty children sang in the capital and won a prize."),
]


@pytest.fixture
def editor() -> Person:
    editors = Group.objects.create(name="Editors")
    grant_editor_permissions(editors)
    person = Person.objects.create_user(ADDRESS, "a long pass phrase", is_staff=True)
    person.groups.add(editors)
    return person


def test_an_editor_without_a_username(client: Client, editor: Person) -> None:
    assert run_checks(tags=["related"]) == []
    for title, body in TEXTS:
        Story.objects.create(title=title, body=body)
    call_command("process_related")
    suggestion = Suggestion.objects.filter(slot__key="related").first()
    assert suggestion is not None
    client.force_login(editor)
    assert client.get("/admin/related/review/").status_code == 200
    page = client.get(f"/admin/related/review/people.story/{suggestion.document.object_id}/")
    assert page.status_code == 200
    call_command("approve_suggestions", user=ADDRESS, minimum_similarity=0, stdout=StringIO())
    assert {entry.actor_name for entry in DecisionLog.objects.all()} == {ADDRESS}
    assert {entry.actor_key for entry in DecisionLog.objects.all()} == {str(editor.pk)}

    person = Person.objects.create_user("boss@example.org", is_staff=True, is_superuser=True)
    client.force_login(person)
    for model in ("decision", "decisionlog"):
        found = client.get(f"/admin/related/{model}/", {"q": "aaaa@news.news"})
        assert found.status_code == 200
        assert found.context["cl"].result_count > 0
        assert client.get(f"/admin/related/{model}/", {"q": "zzz"}).context["cl"].result_count == 0

    out = StringIO()
    arguments = ["--by", ADDRESS, "--since", "2020-01-01", "--user", "boss@example.org"]
    call_command("revert_decisions", *arguments, stdout=out)
    assert "put back" in out.getvalue()
    assert not Decision.objects.approved().exists()
