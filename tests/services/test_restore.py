"""Dump and restore as docs/guide/backup.md says: the API answers byte for byte as before."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from related.domain.corpus import snapshots
from related.domain.corpus.live import LiveCorpus
from related.domain.rebuilds import rebuilding
from related.models import Corpus
from tests.browser.newsroom import APPROVE, CREATE_EDITOR, FILL
from tests.related.stories import BAKERY, FLOOD, FLOOD_UPDATE, publish, work
from tests.services.programs import postgres_bin
from tests.services.project import ROOT, Project

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(300)

PAGE = (ROOT / "docs" / "guide" / "backup.md").read_text()

# A slot that shows what the workers found, so that answers depend on their tables as well.
AUTOMATIC = """
from related.models import Slot
Slot.objects.filter(key="related").update(requires_approval=False, minimum_score=0.001)
call_command("rebuild_related", cold=True)
"""
# Status, ETag and body of every article's answer.
ANSWERS = """
import json
from django.test import Client
from newsroom.articles.models import Article
print("---")
for pk in Article.objects.order_by("pk").values_list("pk", flat=True):
    answer = Client().get(f"/api/v1/links/newsroom.article/{pk}/", headers={"host": "localhost"})
    print(json.dumps([pk, answer.status_code, answer.get("ETag"), answer.content.decode()]))
"""
# What happens after the dump, and has to be gone after the restore.
GO_ON = """
from django.core.management import call_command
from newsroom.articles.models import Article, Status
from related.models import Decision
article = Article.objects.first()
Article.objects.create(title="After the dump", body=article.body, status=Status.PUBLISHED,
                       published_at=article.published_at, language=article.language)
Article.objects.filter(pk=article.pk).update(title="Changed after the dump")
Decision.objects.update(verdict="rejected", is_pinned=False)
call_command("rebuild_related", cold=True)
"""
N_VECTORS = """
from related.models import Corpus, DocumentVector, RebuildBlock, Suggestion
print("---")
print(sum(m.objects.count() for m in (Corpus, DocumentVector, RebuildBlock, Suggestion)))
"""


def commands(heading: str) -> list[str]:
    """The blocks of commands below a heading of the documentation, each to be run by a shell."""
    section = re.split(r"\n##+ ", PAGE.partition(f"\n### {heading}\n")[2])[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def run_documented(project: Project, block: str) -> None:
    project.run(["bash", "-ec", f"cd {project.directory}\n{block}"])


def script(project: Project, *parts: str) -> list[str]:
    result = project.manage("shell", "--no-imports", "--command", "".join(parts))
    return result.stdout.partition("---\n")[2].splitlines()


@pytest.fixture
def renew() -> str:
    (block,) = commands("After every restore")
    return block


def prepare(project: Project) -> list[str]:
    """An archive with decisions and automatic links; returns the API's answers."""
    (project.directory / "manage.py").symlink_to(ROOT / "manage.py")
    project.environment["PATH"] = f"{postgres_bin()}:{project.environment['PATH']}"
    project.migrate()
    answers = script(project, CREATE_EDITOR, FILL, APPROVE, AUTOMATIC, ANSWERS)
    pages = [json.loads(body) for _, status, _, body in map(json.loads, answers) if status == 200]
    slots = [page["slots"] for page in pages]
    sources = {item["source"] for page in slots for slot in page.values() for item in slot["items"]}
    assert sources >= {"approved", "automatic"}
    return answers


@pytest.mark.parametrize("heading", ["Everything", "SQLite"])
def test_everything_is_restored(
    heading: str,
    renew: str,
    make_project: Callable[..., Project],
    request: pytest.FixtureRequest,
) -> None:
    environment = {}
    if heading == "Everything":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    project = make_project(**environment)
    before = prepare(project)
    dump, restore = commands(heading)
    run_documented(project, dump)
    assert script(project, GO_ON, ANSWERS) != before
    run_documented(project, f"{restore}{renew}")
    assert script(project, ANSWERS) == before


def test_a_rebuild_brings_the_workers_tables_back(
    renew: str, make_project: Callable[..., Project], postgres_url: str
) -> None:
    project = make_project(DATABASE_URL=postgres_url)
    before = prepare(project)
    dump, restore = commands("Without the workers' tables")
    run_documented(project, dump)
    script(project, GO_ON)
    put_back, rebuild = restore.splitlines()
    run_documented(project, f"{put_back}\n{renew}")
    assert script(project, N_VECTORS) == ["0"]
    run_documented(project, rebuild)
    assert script(project, ANSWERS) == before


@pytest.mark.django_db
def test_a_snapshot_of_before_is_not_believed_after_the_restore(
    renew: str, tmp_path: Path, settings: Settings
) -> None:
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path)}
    for n, text in enumerate([FLOOD, BAKERY, FLOOD_UPDATE]):
        publish(f"Report {n}", text, day=n)
    work()
    rebuilding.rebuild()
    corpus = Corpus.objects.get()
    assert snapshots.save(corpus, LiveCorpus.read(corpus).parts)
    # As after a restore: the same row and token, and a version that came so far by other work.
    assert snapshots.load(corpus) is not None
    (code,) = re.findall(r'--command "\n(.*)"', renew, re.DOTALL)
    exec(code, {})
    corpus.refresh_from_db()
    assert snapshots.load(corpus) is None
    shutil.rmtree(tmp_path)
