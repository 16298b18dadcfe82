"""Links while writing: beside the article's own form, before anybody reads it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.editor import ARTICLES, Editor
from tests.browser.newsroom import ARCHIVE, CREATE_EDITOR, Newsroom, run_script
from tests.browser.reader import Reader
from tests.services.project import Project

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(300)

YARD = "Ferry winch needs six weeks in the yard"
TITLE = "Chain ferry to sail again at Easter"
PATH = "/articles/chain-ferry-to-sail-again-at-easter/"
TEXT = "The chain ferry sails again at Easter: its winch is back from six weeks in the yard."


def test_links_are_chosen_while_writing(
    make_project: Callable[..., Project],
    editor_at: Callable[[Newsroom], Editor],
    reader_at: Callable[[Newsroom], Reader],
) -> None:
    newsroom = Newsroom(make_project())
    newsroom.project.migrate()
    run_script(newsroom.project, CREATE_EDITOR)
    newsroom.project.manage("import_articles", str(ARCHIVE))
    newsroom.start_web()
    newsroom.start_workers()
    editor, reader = editor_at(newsroom), reader_at(newsroom)
    editor.wait_for_work(YARD)
    page = editor.page

    page.goto(f"{ARTICLES}add/")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Body").fill(TEXT)
    page.get_by_role("button", name="Save and continue editing").click()
    panel = page.locator("#writing")
    expect(panel).to_contain_text("draft, not public")
    expect(panel.get_by_text("Looking for links")).to_have_count(0, timeout=20_000)
    editor.open_reserves()

    page.get_by_label("Excerpt").fill("Typed, and not saved yet")
    approve = editor.card(YARD).get_by_role("button", name=re.compile("^Approve ")).first
    slot = re.findall(r"slot=(\w+)", approve.get_attribute("value") or "")[0]
    approve.click()
    expect(panel.get_by_role("status")).to_contain_text(YARD)
    assert editor.approved(slot) == [YARD]
    expect(page.get_by_label("Excerpt")).to_have_value("Typed, and not saved yet")
    assert reader.page.request.get(PATH).status == 404

    with page.expect_navigation():  # the messages of the last save are still there until then
        page.get_by_role("button", name="Save and publish now").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    reader.wait_for_link(PATH, slot, YARD)
    assert reader.links_by_api(PATH, slot)[YARD] == "approved"
    [shown] = reader.links_on_page(PATH, slot)[:1]
    assert YARD in shown
