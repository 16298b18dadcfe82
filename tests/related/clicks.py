"""An editor at the desk, as the test client plays one."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from related.models import Document


def page_of(document: Document) -> str:
    return reverse("admin:related_document_review", args=[document.type_label, document.object_id])


def press(client: Client, document: Document, action: str, **fields: Any) -> str:
    """Press a button and follow it; returns the message that the editor reads."""
    response = client.post(page_of(document), {"action": action, "slot": "related", **fields})
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert page.status_code == 200
    (message,) = page.context["messages"]
    return str(message)


def seen(target: Document, version: int = 0) -> dict[str, Any]:
    return {"target": target.label, "version": version}
