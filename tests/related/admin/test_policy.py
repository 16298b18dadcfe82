"""The page of a slot's policy: who may set it, what it counts, sets, and takes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from related.domain.attention.states import refresh_states
from related.domain.policies.approving import approve_strong
from related.enums import Verdict
from related.models import Decision, Document, Policy
from tests.related.clicks import page_of
from tests.related.desk_documents import make_slot
from tests.related.editors import make_staff
from tests.related.strength.decided import many_decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> User:
    user = make_staff(
        "chief",
        "change_slot",
        "view_slot",
        "change_policy",
        "view_suggestion",
        "view_decisionlog",
    )
    client.force_login(user)
    return user


def address(key: str = "related") -> str:
    return reverse("admin:related_slot_policy", args=[make_slot(key).pk])


def press(client: Client, action: str, **fields: Any) -> str:
    response = client.post(address(), {"action": action, **fields}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def approve_standing(document: Document) -> None:
    approve_strong([document.pk], list(Policy.objects.on()))
    refresh_states([document.pk])


def test_it_needs_a_permission_of_its_own(client: Client) -> None:
    client.force_login(make_staff("vera", "change_slot"))
    html = client.get(address()).content.decode()
    assert "You may look here, but not change it." in html
    for action in ("set", "off", "undo", "count"):
        assert client.post(address(), {"action": action, "bar": 0.9}).status_code == 403
    client.force_login(make_staff("nobody", "change_policy"))
    assert client.get(address()).status_code == 403
    assert not Policy.objects.exists()


def test_it_counts_before_it_is_set(
    client: Client, chief: User, document: Document, target: Document
) -> None:
    html = press(client, "count", bar=0.8)
    assert "1 link stands above it now (pages: 1)." in html
    assert "now a score of 0.27 or more." in html
    assert not Policy.objects.exists()
    assert "no score of this slot has such a strength now" in press(client, "count", bar=1)


def test_it_says_what_editors_said_of_such_links(
    client: Client, chief: User, document: Document
) -> None:
    many_decided(document, [(0.9, True)] * 3 + [(0.9, False)], user=chief)
    assert "Of 4 past decisions above it, editors approved 3." in press(client, "count", bar=0.9)


def test_who_set_it_and_since_when(client: Client, chief: User) -> None:
    html = press(client, "set", bar=0.9, covers_archive="on")
    policy = Policy.objects.get()
    assert (policy.bar, policy.set_by, policy.cursor) == (0.9, chief, 0)
    assert "with a strength of 0.90 or more approves itself" in html
    assert "(set by chief" in html
    assert "Workers are going through what stands already." in html
    said = "Saved: links with a strength of 0.90 or more approve themselves here."
    assert said in LogEntry.objects.get().get_change_message()
    html = press(client, "off")
    assert "Switched off: nothing approves itself here." in html
    assert Policy.objects.get().bar is None


@pytest.mark.parametrize("bar", ["", "0.4", "1.2", "nan", "high"])
def test_a_bar_that_makes_no_sense_is_refused(client: Client, chief: User, bar: str) -> None:
    assert 'class="errorlist"' in press(client, "set", bar=bar)
    assert not Policy.objects.exists()


def test_a_slot_by_date_can_have_none(client: Client, chief: User) -> None:
    html = client.get(address("section")).content.decode()
    assert "A policy needs a slot" in html
    assert 'value="set"' not in html


def test_one_undo_for_all_it_did(
    client: Client, chief: User, document: Document, target: Document
) -> None:
    press(client, "set", bar=0.8)
    approve_standing(document)
    html = client.get(address()).content.decode()
    assert "1 link stands as the policy approved it." in html
    assert 'class="errorlist"' in press(client, "undo", since="yesterday")
    assert "still to come" in press(client, "undo", since="2999-01-01T00:00")
    Decision.objects.update(decided_at=timezone.now() - timedelta(days=2))
    yesterday = f"{timezone.now() - timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert "0 decisions of the policy were taken back." in press(client, "undo", since=yesterday)
    assert "1 decision of the policy was taken back." in press(
        client, "undo", since="0001-01-01T00:00"
    )
    assert Decision.objects.get().verdict == Verdict.OPEN


def test_filters_of_the_log_and_of_the_queue(
    client: Client, chief: User, document: Document, target: Document
) -> None:
    press(client, "set", bar=0.8)
    approve_standing(document)
    log = reverse("admin:related_decisionlog_changelist")
    names = {
        by: [row.actor_name for row in client.get(f"{log}?by={by}").context["cl"].result_list]
        for by in ("editors", "policies")
    }
    assert names == {"editors": [], "policies": ["policy: above 0.80"]}
    queue = reverse("admin:related_review_queue")
    rows = client.get(f"{queue}?state=all&policy=on").context["rows"]
    assert [row.document for row in rows] == [document]
    press(client, "undo")
    assert client.get(f"{queue}?state=all&policy=on").context["rows"] == []


def test_the_desk_says_that_it_was_the_policy(
    client: Client, chief: User, anna: User, document: Document, target: Document
) -> None:
    client.force_login(chief)
    press(client, "set", bar=0.8)
    approve_standing(document)
    client.force_login(anna)
    html = client.get(page_of(document)).content.decode()
    assert "Approved by the slot's policy" in html
    assert "former editor" not in html
