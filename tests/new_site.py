"""A Django project that has not heard of the plugin, and the documentation's code put into it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

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
from django.urls import path
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
    ("Harbor bridge closes", "Cracks in two piers of the harbor bridge."),
    ("Harbor bridge opens again", "The piers of the harbor bridge are repaired."),
    ("School choir wins a prize", "Forty children sang in the capital."),
    ("Rain until Friday", "Clouds from the west, and no sun before the weekend."),
]
for day, (title, body) in enumerate(texts, start=1):
    out_at = datetime(2026, 3, day, tzinfo=UTC)
    Story.objects.create(title=title, body=body, is_out=True, out_at=out_at)
"""


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code in one language on a page of Markdown."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


class NewSite:
    """A project `mysite` with an app `news`, in a folder, with this checkout on its path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        self.run("-m", "django", "startproject", "mysite", ".")
        self.manage("startapp", "news")
        (folder / "news" / "models.py").write_text(MODEL)
        (folder / "mysite" / "urls.py").write_text(URLS)
        self.append("mysite/settings.py", 'INSTALLED_APPS += ["news"]\nALLOWED_HOSTS = ["*"]\n')
        self.manage("makemigrations", "news")

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

    def follow(self, page: str) -> str:
        """Put a page's code where the first line of each block says; returns what it has for the
        shell."""
        shell = ""
        for block in blocks(page, "python"):
            place = block.splitlines()[0].removeprefix("# ")
            if place == "manage.py shell":
                shell += block
            else:
                assert place.startswith(("mysite/", "news/")), block
                self.append(place, block)
        for template in blocks(page, "django"):
            self.append("news/templates/news/story_detail.html", template)
        return shell

    def fill(self) -> None:
        """Its stories and a superuser, before the plugin has seen any of them."""
        self.manage("shell", "-c", STORIES)
        self.manage("createsuperuser", "--no-input", "--username", "anna", "--email", "a@b.example")
