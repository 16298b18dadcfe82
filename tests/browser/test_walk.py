"""The main job from end to end: archive in, suggestions, an editor's approval, links out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import QUEUE, Editor, log_in_by_keyboard, press_enter_on
from tests.browser.newsroom import ARCHIVE, CREATE_EDITOR, Newsroom, run_script
from tests.browser.reader import Reader
from tests.services.project import Project

STOPS = "Chain ferry stops after its winch fails"
STOPS_PATH = "/articles/chain-ferry-stops-after-its-winch-fails/"
YARD = "Ferry winch needs six weeks in the yard"
DIVERS = "Divers lift the broken ferry chain from the river"
TOLLS = "Ferry tolls rise to pay for the winch"  # scheduled for 2036


@pytest.fixture(params=["sqlite", "postgres-redis-celery"])
def newsroom(request: pytest.FixtureRequest) -> Newsroom:
    """An empty newsroom of each stack: on the air, its workers running."""
    if request.param == "sqlite":
        project: Project = request.getfixturevalue("make_project")()
        project.migrate()
        run_script(project, CREATE_EDITOR)
    else:
        project = request.getfixturevalue("postgres_project")
        run_script(project, CREATE_EDITOR)
    newsroom = Newsroom(project)
    newsroom.start_web(processes=2)  # an answer may not depend on which of them is asked
    newsroom.start_workers()
    return newsroom


def test_walk(
    newsroom: Newsroom,
    open_page: Callable[..., Page],
    editor_at: Callable[[Newsroom], Editor],
    reader_at: Callable[[Newsroom], Reader],
) -> None:
    imported = newsroom.project.manage("import_articles", str(ARCHIVE))
    assert "10 articles created" in imported.stdout
    editor, reader = editor_at(newsroom), reader_at(newsroom)
    editor.wait_for_work(STOPS, "Rain closes classrooms at Holloway School")
    assert reader.links(STOPS_PATH, "inline") == {}

    approve_by_mouse(editor, YARD)
    assert reader.links(STOPS_PATH, "inline") == {YARD: "approved"}

    approve_by_keyboard_alone(open_page(newsroom, with_script=False), DIVERS)
    both = {YARD: "approved", DIVERS: "approved"}
    assert reader.links(STOPS_PATH, "inline") == both

    newsroom.kill_workers()  # from here on, all is decided when the page is read
    withdraw_and_publish_again(editor, reader, both)
    let_a_scheduled_one_come_out(editor, reader, both)


def approve_by_mouse(editor: Editor, title: str) -> None:
    editor.open_review(STOPS)
    editor.approve_button("inline", title).click()
    expect(editor.page.get_by_role("status")).to_contain_text(title)
    assert editor.approved("inline") == [title]


def approve_by_keyboard_alone(page: Page, title: str) -> None:
    """Without JavaScript and without a mouse: Tab and Enter."""
    log_in_by_keyboard(page)
    page.goto(QUEUE)
    editor = Editor(page)
    press_enter_on(editor.article_in_queue(STOPS))
    press_enter_on(editor.approve_button("inline", title))
    expect(page.get_by_role("status")).to_contain_text(title)
    assert title in editor.approved("inline")


def withdraw_and_publish_again(editor: Editor, reader: Reader, both: dict[str, str]) -> None:
    tag = reader.page.request.get("/api/v1/links/", params={"url": STOPS_PATH}).headers["etag"]
    editor.change_state("Withdraw selected articles", YARD)
    asked_again = reader.page.request.get(
        "/api/v1/links/", params={"url": STOPS_PATH}, headers={"If-None-Match": tag}
    )
    assert asked_again.status == 200  # what a cache holds is not confirmed
    assert YARD not in asked_again.text()
    assert reader.links(STOPS_PATH, "inline") == {DIVERS: "approved"}

    editor.change_state("Publish selected articles now", YARD)
    assert reader.links(STOPS_PATH, "inline") == both


def let_a_scheduled_one_come_out(editor: Editor, reader: Reader, both: dict[str, str]) -> None:
    editor.open_review(STOPS)
    editor.open_reserves()
    expect(editor.link("next", TOLLS)).to_contain_text("not out yet")
    editor.approve_button("next", TOLLS).click()
    expect(editor.page.get_by_role("status")).to_contain_text(TOLLS)
    assert reader.links(STOPS_PATH, "next") == {}

    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    editor.move_date(TOLLS, moment)
    before = reader.links_by_api(STOPS_PATH, "next")
    if datetime.now(UTC) < moment:  # a busy machine may have been too slow to look
        assert before == {}
    reader.wait_for_link(STOPS_PATH, "next", TOLLS)
    assert datetime.now(UTC) >= moment
    assert reader.links_by_api(STOPS_PATH, "next") == {TOLLS: "approved"}
    reader.page.goto(STOPS_PATH)
    expect(reader.page.get_by_role("link", name=TOLLS)).to_be_visible()
    assert reader.links(STOPS_PATH, "inline") == both
