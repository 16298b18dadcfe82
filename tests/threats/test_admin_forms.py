"""Junk in every field of every form of our admins, one field at a time: refused in words, or no
form at all, and never an error of the server."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from tests.threats.forms import Fields, posts_of
from tests.threats.world import World

pytestmark = pytest.mark.django_db
OURS = ("newsroom", "related")
JUNK: dict[str, list[str]] = {
    "no choice": ["x"],
    "NUL": ["\x00"],
    "no id": ["9" * 30],
    "a megabyte": ["é" * 500_000],
    "an array": ["x", "-1", "[]"],
    "empty": [""],
}
# Numbered fields of a formset are alike: the first stands for all.
NUMBER = re.compile(r"-[1-9]\d*-")


def patterns() -> dict[str, tuple[Any, URLPattern]]:
    """By name: every address of the admins of our models, found in the registry."""
    return {
        str(pattern.name): (model, pattern)
        for model, model_admin in admin.site._registry.items()
        if model.__module__.split(".")[0] in OURS
        for pattern in model_admin.get_urls()
        if pattern.name
    }


def address_of(name: str, model: Any, pattern: URLPattern, world: World) -> str:
    row = world.rows.get(f"{model._meta.app_label}/{model._meta.model_name}")
    row = row or world.articles["news"]
    values = {
        "object_id": row.pk,
        "slot_id": row.pk,
        "label": "newsroom.article",
        "how": "withdraw",
        "key": uuid.uuid4(),
    }
    arguments = {key: values[key] for key in pattern.pattern.converters}
    return reverse(f"admin:{name}", kwargs=arguments)


def send(client: Client, address: str, fields: Fields, what: str) -> None:
    with transaction.atomic():
        answer = client.post(address, fields)
        transaction.set_rollback(True)
    assert answer.status_code < 500, (what, getattr(answer, "exc_info", None))


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("name", patterns())
def test_every_form(name: str, world: World, admin_client: Client) -> None:
    admin_client.raise_request_exception = False
    address = address_of(name, *patterns()[name], world)
    page = admin_client.get(address)
    assert page.status_code < 500
    send(admin_client, address, {"unknown": ["x"]}, "a field that is none")
    for form in posts_of(address, page.content.decode()):
        for field in form.fields:
            if NUMBER.search(field):
                continue
            for what, junk in JUNK.items():
                sent = {**form.fields, field: junk}
                send(admin_client, form.action, sent, f"{form.action}: {what} in {field}")


def test_the_forms_are_found(world: World, admin_client: Client) -> None:
    address = reverse("admin:newsroom_article_change", args=[world.articles["news"].pk])
    posts = posts_of(address, admin_client.get(address).content.decode())
    [form] = [post for post in posts if {"title", "body", "tags", "_save"} <= set(post.fields)]
    assert form.fields["title"] == ["Bridge closed"]
    assert {"related_document_review", "related_slot_policy"} <= set(patterns())
