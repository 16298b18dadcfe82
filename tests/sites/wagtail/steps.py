"""The steps that are taken often."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client
from wagtail.models import Page

from related.models import Document
from tests.sites.wagtail.models import NewsPage

LINKS = "/api/v1/links/"
BODY = "Cracks in two piers of the harbor bridge stop all trams in the city."
AGAIN = "The piers of the harbor bridge are repaired, and trams run again."


def add(parent: Page, title: str, text: str = BODY, **fields: Any) -> NewsPage:
    body = [("paragraph", f"<p>{text}</p>")]
    page: NewsPage = parent.add_child(instance=NewsPage(title=title, body=body, **fields))
    if page.live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def process() -> None:
    call_command("process_related", verbosity=0)


def waiting() -> set[str]:
    return {document.label for document in Document.objects.waiting()}


def label(page: Any) -> str:
    return f"{page._meta.label_lower}:{page.pk}"


def approve() -> None:
    process()
    User.objects.get_or_create(username="anna", is_staff=True, is_superuser=True)
    call_command("approve_suggestions", user="anna", minimum_similarity=0, stdout=StringIO())


def linked(page: Any) -> set[str]:
    """The titles that the public finds on a page."""
    answer = Client().get(f"{LINKS}{page._meta.label_lower}/{page.pk}/").json()
    return {item["title"] for slot in answer["slots"].values() for item in slot["items"]}


def found_at(address: str) -> list[str]:
    results = Client().get(LINKS, {"url": address}).json()["results"]
    return [each["document"]["id"] for each in results]


def render(page: Any) -> str:
    template = Template(
        "{% load related %}{% for slot in slots %}{% related_slot page slot %}{% endfor %}"
    )
    slots = ["previous", "next", "inline", "related", "section"]
    return template.render(Context({"page": page, "slots": slots}))
