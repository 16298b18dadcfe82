"""The way from Wagtail's editor to the review desk, and how much waits there."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from related.domain.decisions.permissions import may_look
from related.domain.desk.queue import QueueFilter, find_queue
from related.models import Document


def queue_url() -> str:
    """The address of the review queue; "" where the site has no Django admin."""
    try:
        return reverse("admin:related_review_queue")
    except NoReverseMatch:
        return ""


def review_url(document: Document) -> str:
    """The address of one page's review; "" where the site has no Django admin."""
    arguments = [document.type_label, document.object_id]
    try:
        return reverse("admin:related_document_review", args=arguments)
    except NoReverseMatch:
        return ""


def may_use_desk(user: Any) -> bool:
    """Whether the desk lets a user in: Django's admin asks for "Staff status"."""
    return bool(user.is_active and user.is_staff and may_look(user))


def count_waiting(user: Any) -> int:
    """How many pages wait for this editor; one query."""
    return find_queue(QueueFilter(), user).count()
