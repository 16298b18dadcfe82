"""The pictures of the documentation, taken of the newsroom as it is: `make screenshots`.

Every run takes all of them, into a folder of its own unless `SCREENSHOTS` names one, so that a
picture that can no longer be taken fails here.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import ARTICLES, Editor
from tests.browser.newsroom import Newsroom
from tests.services.project import ROOT

# The sample archive takes its time where the machine is busy.
pytestmark = pytest.mark.timeout(600)

PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")]
WIDTH = 1280
LEAST_BYTES, MOST_BYTES = 20_000, 400_000
FULL = "Champions: rivals' defeat gives Athletic the title as well"  # every slot is filled
WAITING = "Blue jumpers and borrowed bells: Priory Park School opens"
# Also those that would wait until a reader scrolls near them.
LOAD_IMAGES = """Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode();
}))"""
DRAFT = {
    "Title": "A year after the strike, nobody at the cannery has to work at night",
    "Body": "Workers walked out of Dunn's cannery for six weeks over the night shift. A year on, "
    "the night line runs with volunteers, the cannery is in profit, and the fish quay is full.",
}


class Camera:
    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder

    def take(self, name: str, until: str, since: str = "body") -> None:
        """Take the page from the top of one element to the lower edge of another."""
        self.page.evaluate(LOAD_IMAGES)
        first, last = (self.page.locator(part).first.bounding_box() for part in (since, until))
        assert first is not None
        assert last is not None
        left, top = max(first["x"] - 16, 0), max(first["y"] - 16, 0)
        height = last["y"] + last["height"] + 24 - top
        path = self.folder / name
        clip = {"x": left, "y": top, "width": WIDTH - left, "height": height}
        self.page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]
        assert LEAST_BYTES < path.stat().st_size < MOST_BYTES


@pytest.fixture
def camera(
    sample_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor], tmp_path: Path
) -> Camera:
    page = editor_at(sample_newsroom).page
    page.set_viewport_size({"width": WIDTH, "height": 900})
    wanted = os.environ.get("SCREENSHOTS")
    return Camera(page, ROOT / wanted if wanted else tmp_path)


def test_every_picture_of_the_documentation_can_be_taken(camera: Camera) -> None:
    page = camera.page
    page.goto("/")
    page.get_by_role("link", name=FULL).click()
    camera.take("article.png", '[data-slot="related"]')
    Editor(page).open_review(WAITING)
    camera.take("desk.png", "#slot-inline")
    page.goto("/admin/related/document/dashboard/")
    camera.take("dashboard.png", ".chart-legend")
    page.goto("/admin/related/slot/")
    page.get_by_role("link", name="related", exact=True).click()
    camera.take("evidence.png", ".evidence", since=".evidence")
    page.goto("/admin/related/review/bulk/")
    page.get_by_role("combobox", name="Strength").select_option(label="fair or strong")
    page.get_by_role("button", name="Preview approvals").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is changed yet.")
    camera.take("bulk.png", "tr:nth-child(10)")
    page.goto(f"{ARTICLES}add/")
    for label, text in DRAFT.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#writing [data-link]").first).to_be_visible(timeout=20_000)
    camera.take("writing.png", "#writing", since="#writing")
    taken = {path.name for path in camera.folder.glob("*.png")}
    shown = {
        name for page in PAGES for name in re.findall(r"images/([\w-]+\.png)\)", page.read_text())
    }
    kept = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    assert taken == shown == kept
