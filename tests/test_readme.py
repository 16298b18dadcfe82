"""The README's way to plug the plugin in, followed to the letter in a new Django project."""

from __future__ import annotations

import pytest

from tests.new_site import ROOT, NewSite, blocks

README = (ROOT / "README.md").read_text()

VISIT = """
from django.contrib.auth.models import User
from django.test import Client
from news.models import Story

client = Client()
client.force_login(User.objects.get(username="anna"))
story = Story.objects.get(title="Harbor bridge opens again")
links = f"/api/v1/links/news.story/{story.pk}/"
review = f"/admin/related/review/news.story/{story.pk}/"
search = "/admin/related/review/?q=bridge"
for path in (story.get_absolute_url(), links, review, search, "/api/v1/schema/"):
    answer = client.get(path)
    print(path, answer.status_code, "Harbor bridge closes" in answer.content.decode())
"""


@pytest.mark.timeout(300)
def test_a_site_built_from_the_readme_shows_links(new_site: NewSite) -> None:
    new_site.manage("migrate")
    new_site.fill()
    assert new_site.follow(README) == ""

    _, install, start = blocks(README, "sh")
    assert (
        install == "pip install 'path/to/this/folder[worker,schema]'\n"
    )  # here it stands on the path
    tables, index, worker = start.splitlines()
    assert worker == f"{tables.removesuffix('migrate')}process_related --loop"  # it never ends
    for command in (tables, index):
        new_site.run(*command.split()[1:])

    new_site.manage("approve_suggestions", "--user", "anna")
    *_, page, links, review, search, schema = new_site.manage("shell", "-c", VISIT).splitlines()
    for answer in (page, links, review):
        assert answer.endswith(" 200 True")
    assert " 200 " in search
    assert " 200 " in schema
