"""Whatever is sent in a form of the admin is saved, refused in words, or no form at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from newsroom.articles.models import Section, Tag
from related.models import Slot
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db
VALUES = ["x", "\x00", "9" * 30, "-1", "[]", ""]


@pytest.fixture
def addresses() -> dict[str, str]:
    article = ArticleFactory()
    section = Section.objects.create(name="City")
    tag = Tag.objects.create(name="harbor")
    article.tags.add(tag)
    slot = Slot.objects.get(key="related")
    admin = "/admin/newsroom"
    return {
        "new article": f"{admin}/article/add/",
        "article": f"{admin}/article/{article.pk}/change/",
        "schedule": f"{admin}/article/{article.pk}/schedule/",
        "new section": f"{admin}/section/add/",
        "section": f"{admin}/section/{section.pk}/change/",
        "sections": f"{admin}/section/",
        "tag": f"{admin}/tag/{tag.pk}/change/",
        "slot": f"/admin/related/slot/{slot.pk}/change/",
    }


def filled(form: Any) -> dict[str, Any]:
    """What a browser would send of a form as it stands there."""
    sent: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(value, list):
            value = [getattr(each, "pk", each) for each in value]
        if hasattr(field.widget, "decompress"):
            parts = field.widget.decompress(value)
            sent |= {f"{form.add_prefix(name)}_{n}": part for n, part in enumerate(parts)}
        sent[form.add_prefix(name)] = value
    return {name: value for name, value in sent.items() if value is not None}


def forms_of(context: Any) -> list[Any]:
    if "cl" in context:
        formset = context["cl"].formset
        return [formset.management_form, *formset.forms]
    return [context["adminform"].form if "adminform" in context else context["form"]]


@pytest.mark.parametrize("value", VALUES, ids=ascii)
@pytest.mark.parametrize(
    "name",
    [
        *("new article", "article", "schedule", "new section"),
        *("section", "sections", "tag", "slot"),
    ],
)
def test_every_field_of_every_form(
    admin_client: Client, addresses: dict[str, str], name: str, value: str
) -> None:
    shown = forms_of(admin_client.get(addresses[name]).context)
    form: dict[str, Any] = {}
    for each in shown:
        form |= filled(each)
    assert form or name == "schedule"
    for field in [*form, "at", "_save"]:
        answer = admin_client.post(addresses[name], {"_save": "1", **form, field: value})
        assert answer.status_code in {200, 302, 400}, field


def test_a_choice_that_is_no_key_is_named(admin_client: Client, addresses: dict[str, str]) -> None:
    form = {"title": "A", "language": "en", "tags": ["x", "1"]}
    page = admin_client.post(addresses["new article"], form)
    assert "“x” is not a valid value." in page.content.decode()
