"""The tutorial, followed to the letter: each file written, each command run, each page opened."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.new_site import ROOT, blocks
from tests.services.ports import free_port

pytestmark = pytest.mark.timeout(300)

GUIDE = ROOT / "docs" / "guide"
INSTALL = 'pip install "path/to/this/folder[importing]" "django>=5.2"\n'
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"^- (http\S+)$", re.MULTILINE)
# Commands that run on, and what they print when they are ready.
ENDLESS = {"runserver": "Starting development server", "--loop": "Working"}
FIRST = "Storm opens a gap in the harbor wall"
MOST_RELOADS = 100
DRAFT = "The harbor wall one year on: granite blocks, masons and a crane barge"


class Reading:
    """Someone who works through the page in an empty folder, section by section."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        text = (GUIDE / "tutorial.md").read_text().replace("8000", str(self.port))
        parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
        self.sections = dict(zip(parts[::2], parts[1::2], strict=True))
        self.running: list[subprocess.Popen[str]] = []
        # `python` is the one that runs this test, with the plugin of this checkout.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def follow(self, heading: str) -> str:
        """Do what a section says; returns what its commands printed."""
        printed = ""
        blocks = re.findall(
            r"^```(\w+)\n(.*?)^```", self.sections.pop(heading), re.MULTILINE | re.DOTALL
        )
        for language, block in blocks:
            if language == "sh":
                printed += self.run(block)
            elif language == "text":
                assert printed.endswith(block)
            else:
                self.write(block)
        return printed

    def run(self, block: str) -> str:
        if block.endswith(INSTALL):
            return ""
        commands = block.replace("path/to/this/folder", str(ROOT))
        process = subprocess.Popen(
            ["bash", "-euc", commands],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        for command, sign in ENDLESS.items():
            if command in block:
                return wait_for(process, sign)
        printed, _ = process.communicate()
        assert process.returncode == 0, printed
        return printed

    def write(self, block: str) -> None:
        first, _, rest = block.partition("\n")
        name = re.sub(r"^(?:# |\{# |<!-- )|(?: #\}| -->)$", "", first)
        file = self.folder / name.removesuffix(", at the end")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.read_text() + rest if name.endswith(", at the end") else block)

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.communicate()


def wait_for(process: subprocess.Popen[str], sign: str) -> str:
    """What it printed until it was ready."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if sign in line:
            return printed
    pytest.fail(printed)


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    reader = Reading(tmp_path)
    yield reader
    reader.stop()


def test_a_site_in_an_afternoon(
    reading: Reading, new_context: Callable[..., BrowserContext]
) -> None:
    for heading in ("Start", "Settings", "A model", "Register the model", "Import an archive"):
        reading.follow(heading)
    assert "no issues" in reading.follow("Show the links")
    page = new_context(base_url=f"http://127.0.0.1:{reading.port}").new_page()
    page.goto("/")
    page.get_by_role("link", name=FIRST).click()
    story = page.url
    expect(page.locator('[data-slot="section"] .related-slot__link')).to_have_count(4)
    expect(page.locator('[data-slot="related"]')).to_have_count(0)

    reading.follow("Start a worker")
    agree_to_the_first(page)
    approved = reading.follow("Review")
    assert re.search(r"\d links and 0 summaries approved on", approved)
    page.goto(story)
    assert page.locator('[data-slot="related"] .related-slot__link').count() > 0
    expect(page.locator('[data-slot="next"]')).to_contain_text("Divers count forty blocks")

    reading.follow("Write")
    page.goto("/admin/news/story/add/")
    page.get_by_label("Title").fill(DRAFT)
    page.get_by_label("Body").fill(f"<p>{DRAFT}, and the harbor master looks back.</p>")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#writing [data-link]").first).to_be_visible(timeout=20_000)

    on_any_page(page, reading)
    assert list(reading.sections) == ["Next"]
    bring_choices_over(reading)


def bring_choices_over(reading: Reading) -> None:
    """What the guide says to those who come from WordPress, on the tutorial's site."""
    [code] = blocks((GUIDE / "coming-from.md").read_text(), "python")
    (reading.folder / "chosen.tsv").write_text("101\t109, 107, 999\n998\t101\n")
    (reading.folder / "shell.py").write_text(code)
    assert reading.run("python manage.py shell < shell.py").endswith(f"{FIRST} 2\n")


def agree_to_the_first(page: Page) -> None:
    page.goto("/admin/related/review/")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill("change-me-soon")
    page.get_by_role("button", name="Log in").click()
    waiting = page.locator("#content").get_by_role("rowheader").get_by_role("link")
    for _ in range(MOST_RELOADS):
        if waiting.count():
            break
        page.reload()
    with page.expect_navigation():
        waiting.first.click()
    heading = page.locator("h1").inner_text()
    with page.expect_navigation():
        page.keyboard.press("A")
    expect(page.locator("h1")).not_to_have_text(heading)


def on_any_page(page: Page, reading: Reading) -> None:
    for address in re.findall(
        r"^- (http\S+)$", reading.sections["Links on any page"], re.MULTILINE
    ):
        answer = page.request.get(address)
        assert "Divers count forty blocks below the harbor wall" in answer.text()
    reading.follow("Links on any page")
    page.goto((reading.folder / "elsewhere.html").as_uri())
    expect(page.locator("related-links").get_by_role("link").first).to_be_visible()
