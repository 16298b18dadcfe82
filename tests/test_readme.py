"""The README's way to plug the plugin in, followed to the letter in a new Django project."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()

MODEL = """
from django.db import models
from django.urls import reverse


class Story(models.Model):
    title = models.CharField(max_length=200)
    body = models.TextField()
    is_out = models.BooleanField(default=False)
    out_at = models.DateTimeField()

    def get_absolute_url(self):
        return reverse("story", args=[self.pk])
"""

URLS = """
from django.contrib import admin
from django.urls import include, path
from django.views.generic import DetailView
from news.models import Story

urlpatterns = [
    path("admin/", admin.site.urls),
    path("stories/<int:pk>/", DetailView.as_view(model=Story), name="story"),
]
"""

STORIES = """
from datetime import UTC, datetime
from news.models import Story

texts = [
    ("Harbour bridge closes", "Cracks in two piers of the harbour bridge."),
    ("Harbour bridge opens again", "The piers of the harbour bridge are repaired."),
    ("School choir wins a prize", "Forty children sang in the capital."),
    ("Rain until Friday", "Clouds from the west, and no sun before the weekend."),
]
for day, (title, body) in enumerate(texts, start=1):
    out_at = datetime(2026, 3, day, tzinfo=UTC)
    Story.objects.create(title=title, body=body, is_out=True, out_at=out_at)
"""

VISIT = """
from django.contrib.auth.models import User
from django.test import Client
from news.models import Story

client = Client()
client.force_login(User.objects.get(username="anna"))
story = Story.objects.get(title="Harbour bridge opens again")
links = f"/api/v1/links/news.story/{story.pk}/"
review = f"/admin/related/review/news.story/{story.pk}/"
search = "/admin/related/review/?q=bridge"
for path in (story.get_absolute_url(), links, review, search, "/api/v1/schema/"):
    answer = client.get(path)
    print(path, answer.status_code, "Harbour bridge closes" in answer.content.decode())
"""


class Site:
    """A new project in a folder, with this checkout on its path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str) -> str:
        """Run Python there and return what it printed; a failure shows everything."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self.run("manage.py", *arguments)

    def append(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as lines:
            lines.write(text)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with stories, before it has heard of the plugin."""
    site = Site(tmp_path)
    site.run("-m", "django", "startproject", "mysite", ".")
    site.manage("startapp", "news")
    (tmp_path / "news" / "models.py").write_text(MODEL)
    (tmp_path / "mysite" / "urls.py").write_text(URLS)
    site.append("mysite/settings.py", 'INSTALLED_APPS += ["news"]\nALLOWED_HOSTS = ["*"]\n')
    site.manage("makemigrations", "news")
    site.manage("migrate")
    site.manage("shell", "-c", STORIES)
    site.manage("createsuperuser", "--no-input", "--username", "anna", "--email", "a@b.example")
    return site


def test_a_site_built_from_the_readme_shows_links(site: Site) -> None:
    settings, sources, urls = blocks("python")
    [template] = blocks("django")
    site.append("mysite/settings.py", settings)
    site.append("news/related_sources.py", sources)
    site.append("mysite/urls.py", urls)
    site.append("news/templates/news/story_detail.html", template)

    install, tables, index, worker = blocks("sh")[1].splitlines() + blocks("sh")[2].splitlines()
    assert install == "pip install path/to/this/folder"  # here it stands on the path
    assert worker == f"{tables.removesuffix('migrate')}process_related --loop"  # it never ends
    for command in (tables, index):
        site.run(*command.split()[1:])

    site.manage("approve_suggestions", "--user", "anna")
    *_, page, links, review, search, schema = site.manage("shell", "-c", VISIT).splitlines()
    for answer in (page, links, review):
        assert answer.endswith(" 200 True")
    assert " 200 " in search
    assert " 200 " in schema
