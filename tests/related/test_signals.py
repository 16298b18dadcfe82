"""What a cache in front of the site is told."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from related.signals import links_changed
from tests.related.stories import FLOOD, FLOOD_UPDATE, publish, work

pytestmark = pytest.mark.django_db


def test_links_changed_leads_to_the_pages(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    purged: set[str] = set()

    def purge(sender: Any, document_ids: list[int], **kwargs: Any) -> None:
        rows = sender.objects.filter(pk__in=document_ids)
        purged.update(f"{path}/" for path in rows.values_list("url_path", flat=True))

    articles = [publish("Barrier raised", FLOOD), publish("Barrier holds", FLOOD_UPDATE, day=1)]
    links_changed.connect(purge)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            work()
    finally:
        links_changed.disconnect(purge)
    assert purged == {article.get_absolute_url() for article in articles}
