"""Many links at once, from the queue to the preview, the progress, and the way back."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.editor import Editor
from tests.browser.newsroom import Newsroom


def test_a_preview_one_press_and_one_undo(
    lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]
) -> None:
    editor = editor_at(lean_newsroom)
    page = editor.page
    editor.open_queue()
    n_waiting = page.get_by_role("row").count()
    page.get_by_role("link", name="In bulk").click()
    page.get_by_role("combobox", name="Strength").select_option(label="fair or strong")
    page.get_by_role("button", name="Preview approvals").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is changed yet.")
    links = page.get_by_role("region", name="Links").get_by_role("row")
    n_links = links.count() - 1  # without the head
    assert n_links > 0

    page.get_by_role("button", name=f"Change {n_links} link").click()
    done = f"Finished. {n_links} link"
    expect(page.get_by_role("status")).to_contain_text(done)
    editor.open_queue()
    assert page.get_by_role("row").count() < n_waiting

    page.go_back()
    page.get_by_role("button", name="Take all of it back").click()
    expect(page.get_by_role("status")).to_contain_text(done)
    editor.open_queue()
    assert page.get_by_role("row").count() == n_waiting
