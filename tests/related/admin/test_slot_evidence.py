"""The page of a slot: what past decisions say, and what a change would do before it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from related.models import Document, Slot
from tests.related.desk_documents import make_slot
from tests.related.editors import make_staff
from tests.related.stories import seven_reports
from tests.related.strength.decided import many_decided

pytestmark = pytest.mark.django_db


def address(slot: Slot) -> str:
    return reverse("admin:related_slot_change", args=[slot.pk])


def page(client: Client, slot: Slot, query: str = "") -> str:
    response = client.get(f"{address(slot)}{query}")
    assert response.status_code == 200
    return response.content.decode()


def sent(slot: Slot, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it: a box that is not ticked is not sent."""
    fields = {name: value for name, value in model_to_dict(slot).items() if value is not False}
    return fields | changes


def test_the_curve_and_its_table(admin_client: Client, document: Document, anna: Any) -> None:
    many_decided(document, [(0.1 + k / 1000, k % 2 == 0) for k in range(200)], user=anna)
    html = page(admin_client, make_slot())
    assert "200 decisions on suggestions of this slot, 100 of them approved." in html
    assert html.count('class="evidence-dot"') == 10
    assert "NaN" not in html
    assert "<td>20</td><td>10</td><td>0.50</td><td>0.30 – 0.70</td>" in html


def test_too_few_decisions_say_so(admin_client: Client, document: Document, anna: Any) -> None:
    many_decided(document, [(0.4, True)] * 9, user=anna)
    html = page(admin_client, make_slot())
    assert "evidence-chart" not in html
    assert "Too few decisions to draw a curve: 20 are needed." in html
    assert "at least 52 are needed, if all of them are approvals; there are 9." in html


def test_a_threshold_fills_the_form_and_saves_nothing(
    admin_client: Client, document: Document, anna: Any
) -> None:
    pairs = [(0.1, False)] * 100 + [(0.4, True)] * 140
    many_decided(document, pairs, user=anna)
    slot = make_slot(minimum_score=0.02)
    html = page(admin_client, slot)
    assert "0.11 keeps 140 of 240 decisions, 140 of them approved." in html
    assert 'href="?minimum_score=0.11"' in html
    filled_in = page(admin_client, slot, "?minimum_score=0.11")
    assert 'name="minimum_score" value="0.11"' in filled_in
    assert "not saved yet" in filled_in
    for nonsense in ("nan", "7", "x"):
        assert "not saved yet" not in page(admin_client, slot, f"?minimum_score={nonsense}")
    slot.refresh_from_db()
    assert slot.minimum_score == 0.02


def test_a_slot_by_date_has_no_evidence(admin_client: Client) -> None:
    assert "evidence-thresholds" not in page(admin_client, make_slot("section"))


def test_who_may_only_look_fills_nothing_in(client: Client, document: Document, anna: Any) -> None:
    many_decided(document, [(0.4, True)] * 140, user=anna)
    client.force_login(make_staff("vera", "view_slot"))
    slot = make_slot()
    html = page(client, slot)
    assert "evidence-thresholds" in html
    assert "minimum_score=" not in html
    assert 'name="_preview"' not in html
    assert client.post(address(slot), sent(slot, _preview="1")).status_code == 403


def test_a_preview_shows_the_change_and_saves_nothing(admin_client: Client, anna: Any) -> None:
    seven_reports()
    slot = make_slot(minimum_score=0.02)
    response = admin_client.post(address(slot), sent(slot, minimum_score=0.95, _preview="Preview"))
    html = response.content.decode()
    assert response.status_code == 200
    assert "Changed: Minimum score." in html
    assert "Looked at 7 of 7 articles" in html
    assert html.count("no longer offered</span>") == response.context["preview"].n_gone > 0
    assert escape("Report 3") in html
    assert 'name="minimum_score" value="0.95"' in html
    slot.refresh_from_db()
    assert slot.minimum_score == 0.02
    saved = admin_client.post(address(slot), sent(slot, minimum_score=0.95, _save="Save"))
    assert saved.status_code == 302
    slot.refresh_from_db()
    assert slot.minimum_score == 0.95


def test_a_preview_of_what_makes_no_sense_shows_the_errors(admin_client: Client) -> None:
    slot = make_slot()
    response = admin_client.post(address(slot), sent(slot, minimum_score=7, _preview="1"))
    assert "minimum_score" in response.context["adminform"].form.errors
    assert "preview" not in response.context


def test_a_preview_says_what_shows_at_once(admin_client: Client, target: Document) -> None:
    slot = make_slot()
    form = sent(slot, heading="Read on", _preview="1")
    del form["requires_approval"]
    html = admin_client.post(address(slot), form).content.decode()
    assert "what is offered shows on pages at once" in html
    assert "position decides only" in html


@pytest.mark.parametrize("n_decisions", [1, 3])
def test_the_page_asks_the_same_queries_for_any_number(
    admin_client: Client,
    document: Document,
    anna: Any,
    n_decisions: int,
    django_assert_num_queries: Any,
) -> None:
    many_decided(document, [(0.4, True)] * n_decisions, user=anna)
    slot = make_slot()
    page(admin_client, slot)
    with django_assert_num_queries(8):
        page(admin_client, slot)
