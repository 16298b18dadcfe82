"""The plugin's own lists in the admin: what can be changed there and what cannot."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Decision, DecisionLog, Document, RebuildRun, Slot
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
)
from tests.related.editors import make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(admin_user: User) -> Decision:
    document = make_document(make_article("Ferry delayed"))
    place = LinkRef(document, make_slot(), make_target("Ferry repaired"))
    return reviewing.approve(place, user=admin_user, version=0, note="good")


@pytest.fixture
def run() -> RebuildRun:
    return RebuildRun.objects.create()


def slot_form(slot: Slot, **changes: Any) -> dict[str, Any]:
    names = ("heading", "position", "rule", "fallback", "count", "minimum_score")
    fields = {name: getattr(slot, name) for name in (*names, "time_weight")}
    fields |= {"is_active": "on"}
    return fields | changes


@pytest.mark.parametrize("name", ["decision", "decisionlog", "document", "rebuildrun"])
def test_records_are_looked_at_and_not_changed(
    admin_client: Client, decision: Decision, run: RebuildRun, name: str
) -> None:
    rows = {
        "decision": Decision,
        "decisionlog": DecisionLog,
        "document": Document,
        "rebuildrun": RebuildRun,
    }
    row = rows[name].objects.first()
    change = reverse(f"admin:related_{name}_change", args=[row.pk])
    delete = reverse(f"admin:related_{name}_delete", args=[row.pk])

    assert admin_client.get(reverse(f"admin:related_{name}_changelist")).status_code == 200
    assert admin_client.get(change).status_code == 200
    assert admin_client.get(reverse(f"admin:related_{name}_add")).status_code == 403
    assert admin_client.post(change, {"note": "x"}).status_code == 403
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["decision", "decisionlog", "document"])
@pytest.mark.parametrize("n_rows", [1, 3])
def test_lists_ask_the_same_queries_for_any_number_of_rows(
    admin_client: Client,
    admin_user: User,
    name: str,
    n_rows: int,
    django_assert_num_queries: Any,
) -> None:
    document = make_document(make_article("Ferry delayed"))
    for number in range(n_rows):
        place = LinkRef(document, make_slot(), make_target(f"Story {number}"))
        reviewing.approve(place, user=admin_user, version=0)
    address = reverse(f"admin:related_{name}_changelist")
    admin_client.get(address)

    expected = {"decision": 7, "decisionlog": 9, "document": 12}[name]
    with django_assert_num_queries(expected):
        assert admin_client.get(address).status_code == 200


def test_decisions_are_listed_with_titles(admin_client: Client, decision: Decision) -> None:
    pages = [
        reverse("admin:related_decision_changelist"),
        reverse("admin:related_decision_change", args=[decision.pk]),
    ]

    for page in pages:
        html = admin_client.get(page).content.decode()
        assert "Ferry delayed</a>" in html
        assert "Ferry repaired" in html
        assert decision.target.label not in html


def test_editors_see_decisions_and_documents_only(client: Client, decision: Decision) -> None:
    client.force_login(make_editor())

    html = client.get("/admin/").content.decode()

    assert reverse("admin:related_decision_changelist") in html
    assert reverse("admin:related_document_changelist") in html
    assert reverse("admin:related_slot_changelist") not in html
    queue = reverse("admin:related_review_queue")
    assert queue in client.get(reverse("admin:related_document_changelist")).content.decode()


@pytest.mark.parametrize("state", ["indexed", "waiting", "failed"])
def test_documents_are_filtered_by_state(admin_client: Client, state: str) -> None:
    documents = [make_target(name) for name in ("indexed", "waiting", "failed")]
    Document.objects.filter(pk=documents[1].pk).update(want_rev=9, is_indexed=False)
    failed = {"want_rev": 9, "is_indexed": False, "attempts": 3, "error": "broken"}
    Document.objects.filter(pk=documents[2].pk).update(**failed)

    address = reverse("admin:related_document_changelist")
    rows = admin_client.get(f"{address}?state={state}").context["cl"].queryset

    expected = {"indexed": {0}, "waiting": {1}, "failed": {2}}[state]
    assert {row.pk for row in rows} == {documents[index].pk for index in expected}


def test_failed_documents_are_tried_again(admin_client: Client) -> None:
    failed, fine = make_target("Failed"), make_target("Fine")
    Document.objects.filter(pk=failed.pk).update(want_rev=9, attempts=3, error="broken")
    fields = {"action": "try_again", "_selected_action": [failed.pk, fine.pk]}

    address = reverse("admin:related_document_changelist")
    response = admin_client.post(address, fields, follow=True)

    (message,) = response.context["messages"]
    assert str(message) == "1 document will be retried. 1 had not failed."
    failed.refresh_from_db()
    fine.refresh_from_db()
    assert (failed.want_rev, failed.attempts, failed.error) == (10, 0, "")
    assert not fine.is_waiting


def test_editors_do_not_start_work(client: Client) -> None:
    client.force_login(make_editor())
    make_target("Failed")
    address = reverse("admin:related_document_changelist")

    assert "try_again" not in client.get(address).content.decode()


def test_a_slot_keeps_its_key(admin_client: Client) -> None:
    slot = make_slot("related")
    address = reverse("admin:related_slot_change", args=[slot.pk])

    response = admin_client.post(address, slot_form(slot, key="other", heading="Read on"))

    assert response.status_code == 302
    slot.refresh_from_db()
    assert (slot.key, slot.heading) == ("related", "Read on")


def test_a_new_slot(admin_client: Client) -> None:
    form = slot_form(Slot(), key="sidebar", heading="Sidebar")

    response = admin_client.post(reverse("admin:related_slot_add"), form, follow=True)

    assert Slot.objects.get(key="sidebar").heading == "Sidebar"
    assert any("next rebuild" in str(message) for message in response.context["messages"])


@pytest.mark.parametrize(
    ("changes", "is_told"), [({"minimum_score": 0.3}, True), ({"heading": "Read on"}, False)]
)
def test_a_change_of_the_rule_says_when_it_counts(
    admin_client: Client, changes: dict[str, Any], is_told: bool
) -> None:
    slot = make_slot("related", same_section=False, one_per_story=False, skip_linked=False)
    address = reverse("admin:related_slot_change", args=[slot.pk])

    response = admin_client.post(address, slot_form(slot, **changes), follow=True)

    told = [m for m in map(str, response.context["messages"]) if "next rebuild" in m]
    assert bool(told) == is_told


def test_every_page_is_announced_when_a_slot_changes(
    admin_client: Client, announced: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    slot = make_slot("related", same_section=False, one_per_story=False, skip_linked=False)
    address = reverse("admin:related_slot_change", args=[slot.pk])
    with django_capture_on_commit_callbacks(execute=True):
        form = slot_form(slot, heading="Read on")
        for _ in range(2):  # the second time nothing changes
            assert admin_client.post(address, form).status_code == 302
        delete = reverse("admin:related_slot_delete", args=[make_slot("inline").pk])
        assert admin_client.post(delete, {"post": "yes"}).status_code == 302
        chosen = {"_selected_action": [make_slot("next").pk], "post": "yes"}
        slots = reverse("admin:related_slot_changelist")
        admin_client.post(slots, {"action": "delete_selected", **chosen})

    assert announced == [None, None, None]
    assert not Slot.objects.filter(key__in=["inline", "next"]).exists()


def test_a_slot_that_is_used_again_says_when_it_fills(admin_client: Client) -> None:
    slot = make_slot("related", is_active=False)
    address = reverse("admin:related_slot_change", args=[slot.pk])

    response = admin_client.post(address, slot_form(slot), follow=True)

    assert any("rebuild_related" in str(message) for message in response.context["messages"])


@pytest.mark.parametrize("field", ["minimum_score", "time_weight"])
def test_numbers_that_make_no_sense_are_refused(admin_client: Client, field: str) -> None:
    slot = make_slot("related")
    address = reverse("admin:related_slot_change", args=[slot.pk])

    response = admin_client.post(address, slot_form(slot, **{field: -1}))

    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors


def test_a_slot_with_decisions_stays(admin_client: Client, decision: Decision) -> None:
    address = reverse("admin:related_slot_delete", args=[decision.slot.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403

    unused = make_slot("inline")
    address = reverse("admin:related_slot_delete", args=[unused.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert not Slot.objects.filter(key="inline").exists()
