"""The guide's code, run as it stands in new Django projects."""

from __future__ import annotations

from typing import Any

import pytest

import related
from related.contrib.notices.options import read_receiver
from tests.new_site import ROOT, NewSite, blocks

GUIDE = ROOT / "docs" / "guide"
YOUR_SITE = (GUIDE / "your-site.md").read_text()
PRODUCTION = (GUIDE / "production.md").read_text()

pytestmark = pytest.mark.timeout(300)

APPROVE = """
import news.purging
from django.core.management import call_command
call_command("process_related")
call_command("approve_suggestions", user="anna")
"""
VISIT = """
from django.contrib.auth.models import Group, User
from django.test import Client
from news.models import Story

bert = User.objects.create(username="bert", is_staff=True)
bert.groups.add(Group.objects.get(name="Editors"))
client = Client()
client.force_login(bert)
story = Story.objects.get(title="Harbor bridge opens again")
review = f"/admin/related/review/news.story/{story.pk}/"
for path in (story.get_absolute_url(), review):
    answer = client.get(path)
    print(answer.status_code, "Harbor bridge closes" in answer.content.decode())
for path in ("/healthz", "/readyz"):
    print(client.get(path).status_code)
"""
QUEUES = """
from celery import current_app
current_app.loader.import_default_modules()
ours = sorted(name for name in current_app.tasks if name.startswith("related."))
for name in ours:
    print(name, current_app.amqp.router.route({}, name)["queue"].name)
print(*(entry["task"] in ours for entry in current_app.conf.beat_schedule.values()))
"""


def test_every_python_block_of_the_guide_is_run() -> None:
    """Here, or in tests/browser/test_tutorial.py."""
    with_python = [page.name for page in GUIDE.glob("*.md") if blocks(page.read_text(), "python")]
    of_clients = "clients.md"  # by tests/services/test_clients.py and `make clients`
    others = ["caching.md", "clicks.md", "coming-from.md", "headless.md", "production.md"]
    others += ["tutorial.md", "wagtail.md", "your-site.md"]
    assert sorted(with_python) == sorted([of_clients, *others])


def test_the_guide_of_clicks_is_what_this_newsroom_does() -> None:
    app, addresses = blocks((GUIDE / "clicks.md").read_text(), "python")
    settings, urls = ((ROOT / "newsroom" / name).read_text() for name in ("settings.py", "urls.py"))
    assert '"related.contrib.clicks"' in app
    assert '"related.contrib.clicks"' in settings
    include = 'path("api/v1/", include("related.contrib.clicks.urls"))'
    assert include in addresses
    assert include in urls


def test_the_headless_guide_is_the_site_that_its_test_walks_through() -> None:
    app, addresses, source = blocks((GUIDE / "headless.md").read_text(), "python")
    site = ROOT / "tests" / "sites" / "headless"
    assert "related.contrib.headless" in app
    assert "related.contrib.headless" in (site / "settings.py").read_text()
    include = 'path("api/v1/", include("related.contrib.headless.urls"))'
    assert include in addresses
    assert include in (site / "urls.py").read_text()
    assert "accepts_pushes = True" in source
    assert related.Source.accepts_pushes is False


def test_the_wagtail_guide_is_the_site_that_its_test_walks_through() -> None:
    app, *others = blocks((GUIDE / "wagtail.md").read_text(), "python")
    site = ROOT / "tests" / "sites" / "wagtail"
    assert '"related.contrib.wagtail"' in app
    assert '"related.contrib.wagtail"' in (site / "settings.py").read_text()
    for block in others:
        place, *lines = block.splitlines()
        written = (site / place.split("/")[1].split(",")[0]).read_text().splitlines()
        assert {line for line in lines if "news.models" not in line} <= {*written, ""}


def test_the_receivers_of_the_guide_are_good_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, _verify = blocks((GUIDE / "caching.md").read_text(), "python")
    monkeypatch.setenv("FASTLY_SERVICE", "S1")
    monkeypatch.setenv("FASTLY_TOKEN", "t")
    monkeypatch.setenv("WEBHOOK_SECRET", "whsec_" + "c2VjcmV0" * 6)
    names: dict[str, Any] = {"INSTALLED_APPS": []}
    exec(chosen, names)
    assert names["INSTALLED_APPS"] == ["related.contrib.notices"]
    receivers = names["RELATED"]["NOTICES"]
    kinds = [type(read_receiver(*each)).__name__ for each in receivers.items()]
    assert kinds == ["Fastly", "Webhook"]


def test_a_site_built_from_the_guide(new_site: NewSite) -> None:
    new_site.manage("migrate")
    new_site.fill()
    shell = new_site.follow(YOUR_SITE)

    install, start = blocks(YOUR_SITE, "sh")
    assert install == "pip install 'path/to/this/folder[worker,schema]'\n"
    *commands, worker = start.splitlines()
    assert worker == "python manage.py process_related --loop"
    printed = [new_site.run(*command.split()[1:]) for command in commands]
    assert "no issues" in printed[commands.index("python manage.py check")]

    new_site.manage("shell", "-c", shell)
    assert "purge /stories/" in new_site.manage("shell", "-c", APPROVE)
    answers = new_site.manage("shell", "-c", VISIT).splitlines()[-4:]
    assert answers == ["200 True", "200 True", "200", "200"]


def test_a_project_with_celery_as_the_guide_sets_it_up(new_site: NewSite) -> None:
    new_site.follow(YOUR_SITE)
    assert new_site.follow(PRODUCTION) == ""
    assert "no issues" in new_site.manage("check")
    *tasks, in_beat = new_site.manage("shell", "-c", QUEUES).splitlines()
    queues = dict(line.split() for line in tasks if line.startswith("related."))
    assert queues.pop("related.tasks.process_documents") == "publish"
    assert len(queues) >= 3
    assert set(queues.values()) == {"bulk"}
    assert in_beat == "True"
