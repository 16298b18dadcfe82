"""The settings of the newsroom: every variable of the environment is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import EditorFactory

ROOT = Path(__file__).parents[2]


def test_every_variable_is_documented_and_every_documented_variable_is_read() -> None:
    files = ("settings.py", "database.py")
    read = "".join((ROOT / "newsroom" / name).read_text() for name in files)
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    page = page.partition("\n## Environment\n")[2]
    assert set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', read)) == set(
        re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    )


@pytest.mark.django_db
def test_the_admin_has_the_name_of_the_paper(client: Client, settings: object) -> None:
    settings.NEWSROOM_NAME = "The <Gazette>"  # type: ignore[attr-defined]
    client.force_login(EditorFactory())
    page = client.get("/admin/").content.decode()
    assert "<title>Newsroom of The &lt;Gazette&gt; | The &lt;Gazette&gt;</title>" in page
    assert '<a href="/admin/">The &lt;Gazette&gt;</a>' in page
    assert "Django" not in page
