"""Examples for the API's documentation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

PAGE: dict[str, Any] = {
    "document": {
        "type": "newsroom.article",
        "id": "12",
        "title": "Harbor bridge closes for the winter",
        "url": "/articles/harbor-bridge-closes-for-the-winter/",
    },
    "slots": {
        "related": {
            "heading": "Related stories",
            "items": [
                {
                    "type": "newsroom.article",
                    "id": "7",
                    "title": "Cracks found in harbor bridge",
                    "url": "/articles/cracks-found-in-harbor-bridge/",
                    "excerpt": "Engineers call for repairs before the first frost.",
                    "image_url": "",
                    "section": "City",
                    "published_at": "2026-03-02T06:00:00Z",
                    "similarity": 0.41,
                    "strength": 0.73,
                    "source": "approved",
                    "reasons": ["bridge", "harbor", "engineers"],
                }
            ],
        },
        "next": {"heading": "Next Article", "items": []},
    },
    "summary": "The bridge closes in November. Ferries run every ten minutes instead.",
    "newer_version": {
        "type": "newsroom.article",
        "id": "15",
        "title": "Harbor bridge closes for the winter, ferries added",
        "url": "/articles/harbor-bridge-closes-for-the-winter-ferries-added/",
        "published_at": "2026-03-03T09:30:00Z",
    },
}

ASKED = {"asked": {"id": "newsroom.article:12"}, "found": True}
MISSING = {"asked": {"url": "https://news.example/articles/gone/"}, "found": False}

PAGE_EXAMPLE = OpenApiExample("An article", value=PAGE, response_only=True, status_codes=["200"])
PAGES_EXAMPLE = OpenApiExample(
    "One article found, one not",
    value={"results": [ASKED | PAGE, MISSING]},
    response_only=True,
    status_codes=["200"],
)
