"""The summary's form on the review page."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsroom.articles.models import Article
from related.models import Document, Summary
from tests.related.clicks import page_of, press

pytestmark = pytest.mark.django_db


def body_on_the_desk(client: Client, document: Document) -> str:
    """What the summary's form sends back about the body that was on the page."""
    html = client.get(page_of(document)).content.decode()
    (found,) = re.findall(r'<input type="hidden" name="body" value="(\w+)">', html)
    return str(found)


def test_summary(client: Client, anna: User, document: Document) -> None:
    body = body_on_the_desk(client, document)
    message = press(client, document, "publish_summary", text="In short.", version=0, body=body)
    assert "shows on the page" in message
    assert Summary.objects.get().text == "In short."

    assert "taken down" in press(client, document, "remove_summary", version=1)
    assert Summary.objects.get().text == ""


@pytest.mark.parametrize("text", ["Mine.", ""])
def test_a_summary_that_is_refused_keeps_what_was_written(
    client: Client, anna: User, document: Document, text: str
) -> None:
    body = body_on_the_desk(client, document)
    press(client, document, "publish_summary", text="Theirs.", version=0, body=body)

    fields = {"action": "publish_summary", "text": text, "version": 0, "body": body}
    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == text
    html = response.content.decode()
    assert "Not saved" in html
    assert "Theirs." in html


def test_a_summary_is_not_approved_for_a_body_that_the_editor_never_saw(
    client: Client, anna: User, document: Document
) -> None:
    fields = {"action": "publish_summary", "text": "Mine.", "version": 0}
    fields["body"] = body_on_the_desk(client, document)
    Article.objects.update(body="Correction: the ferry left on time.")

    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == "Mine."
    assert "text of the article changed" in response.content.decode()
    assert "Correction: the ferry left on time." in response.content.decode()  # the new draft
    assert not Summary.objects.exists()

    fields["body"] = response.context["desk"].summary.body_hash
    assert "shows on the page" in press(client, document, **fields)


def test_a_summary_without_the_body_it_is_for_is_refused(
    client: Client, anna: User, document: Document
) -> None:
    fields = {"action": "publish_summary", "text": "Mine.", "version": 0}
    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == "Mine."
    assert "out of date" in response.content.decode()
