"""A wire story under two ids, through the import and the workers to the public's answer."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from newsroom.articles.models import Article
from tests.newsroom.import_runs import Import

pytestmark = pytest.mark.django_db

CASE = Path(__file__).parents[3] / "shared" / "cases" / "wire_copy_of_itself.jsonl"
BODY = (
    "The harbor board agreed on Monday to a new ferry between the island and the fish market. "
    "The first boat sails in May. Boatmen at the old pier fear for their trade. The board's head "
    "promised them berths without charge for as long as the pier is rebuilt."
)
ROWS = [
    {"id": "own", "title": "Board agrees to island ferry", "body": BODY, "hour": 8},
    {"id": "wire", "title": "Board agrees to island ferry", "body": BODY, "hour": 9},
    {
        "id": "after",
        "title": "Island ferry: boatmen want berths in writing",
        "body": "Boatmen at the old pier want the board's promise of berths in writing. They met "
        "its head at the fish market.",
        "hour": 30,
    },
]


def rows() -> list[dict[str, Any]]:
    return [
        {
            **{key: value for key, value in row.items() if key != "hour"},
            "language": "en",
            "published_at": f"2026-01-{2 + row['hour'] // 24:02}T{row['hour'] % 24:02}:00:00Z",
        }
        for row in ROWS
    ]


def answers(client: Client) -> dict[str, Any]:
    """The API's answers by external id, with every suggestion approved."""
    call_command("process_related", verbosity=0)
    User.objects.create_superuser("ada")
    call_command("approve_suggestions", user="ada", stdout=StringIO())
    return {
        article.external_id: client.get(f"/api/v1/links/newsroom.article/{article.pk}/").json()
        for article in Article.objects.all()
    }


def shown(answer: dict[str, Any]) -> list[str]:
    titles = [item["title"] for slot in answer["slots"].values() for item in slot["items"]]
    assert len(titles) == len(set(titles))
    return titles


def check(found: dict[str, Any], own: str, wire: str, after: str) -> None:
    title = found[after]["document"]["title"]
    assert shown(found[own]) == shown(found[wire]) == [title]
    assert [item["id"] for item in found[after]["slots"]["previous"]["items"]] == [
        found[wire]["document"]["id"]
    ]
    assert shown(found[after]) == [found[wire]["document"]["title"]]
    newer = found[own]["newer_version"]
    assert (newer["id"], newer["url"]) == (
        found[wire]["document"]["id"],
        found[wire]["document"]["url"],
    )
    assert found[wire]["newer_version"] is found[after]["newer_version"] is None


def test_a_wire_copy_is_nothing_else_to_read(run: Import, client: Client) -> None:
    run(*rows())
    check(answers(client), "own", "wire", "after")


@pytest.mark.skipif(not CASE.exists(), reason=f"{CASE} is not there")
def test_the_case_that_was_seen(run: Import, client: Client) -> None:
    run(*(json.loads(line) for line in CASE.read_text().splitlines()))
    check(answers(client), "f0", "wire", "f1")
