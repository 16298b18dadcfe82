"""An editor at a browser: what they press, said in the desk's own words."""

import re
import time
from datetime import datetime

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.newsroom import NAME, PASSWORD

QUEUE = "/admin/related/review/"
ARTICLES = "/admin/newsroom/article/"
SECONDS_TO_WORK = 30
MOST_TABS = 150


class Editor:
    """Works with the mouse; `by_keyboard` has the rest."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def log_in(self, name: str = NAME) -> None:
        self.page.goto("/admin/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_text("Welcome,")).to_be_visible()

    def open_queue(self) -> None:
        self.page.goto(QUEUE)

    def article_in_queue(self, title: str) -> Locator:
        return self.page.get_by_role("rowheader", name=title).get_by_role("link")

    def wait_for_work(self, *titles: str) -> None:
        """Reload the queue, as an editor would, until these articles wait in it."""
        deadline = time.monotonic() + SECONDS_TO_WORK
        self.open_queue()
        while not all(self.article_in_queue(title).count() for title in titles):
            assert time.monotonic() < deadline, self.page.locator("#content").inner_text()
            time.sleep(0.2)
            self.page.reload()

    def open_review(self, title: str) -> None:
        self.open_queue()
        self.article_in_queue(title).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        self.page.wait_for_load_state()  # the heading is there before the keys' script is

    def slot(self, key: str) -> Locator:
        return self.page.locator(f"#slot-{key}")

    def link(self, slot: str, title: str) -> Locator:
        """One target of a slot: a suggestion, or what was decided."""
        has_title = self.page.get_by_role("link", name=title, exact=True)
        return self.slot(slot).locator("[data-link]").filter(has=has_title)

    def card(self, title: str) -> Locator:
        """A target, wherever on the page it stands."""
        has_title = self.page.get_by_role("link", name=title, exact=True)
        return self.page.locator("[data-link]").filter(has=has_title)

    def approve_button(self, slot: str, title: str) -> Locator:
        buttons = self.link(slot, title).get_by_role("button", name=re.compile("^Approve "))
        return buttons.first  # the others are for other slots

    def open_reserves(self) -> None:
        """Unfold what stands behind the slots, and the weak ones."""
        for summary in self.page.locator(".desk-rest > summary").all():
            summary.click()

    def approved(self, slot: str) -> list[str]:
        titles = self.slot(slot).locator(".desk-link--approved .desk-title a")
        return titles.all_inner_texts()

    def change_state(self, action: str, *titles: str) -> Response:
        """Tick articles in the list and run one of its actions; returns the answer to the POST."""
        self.page.goto(ARTICLES)
        for title in titles:
            self.page.get_by_role("row").filter(
                has=self.page.get_by_role("link", name=title, exact=True)
            ).get_by_role("checkbox").check()
        self.page.get_by_label("Action:").select_option(label=action)
        with (
            self.page.expect_navigation(),
            self.page.expect_response(lambda answer: answer.request.method == "POST") as answer,
        ):
            self.page.get_by_role("button", name=re.compile("^(Go|Run)$")).click()
        if self.page.get_by_role("heading", name=re.compile("^Before you")).count():
            # Pages link there: what could take the places is left for the review.
            for box in self.page.locator(".take-down input[type=checkbox]:checked").all():
                box.uncheck()
            with self.page.expect_navigation():
                self.page.locator(".take-down input[type=submit]").first.click()
        return answer.value

    def move_date(self, title: str, at: datetime) -> None:
        """Give an article another publication date (UTC), on its own page in the admin."""
        self.page.goto(ARTICLES)
        self.page.get_by_role("link", name=title, exact=True).click()
        self.page.locator("#id_published_at_0").fill(f"{at:%Y-%m-%d}")
        self.page.locator("#id_published_at_1").fill(f"{at:%H:%M:%S}")
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.locator(".messagelist .success")).to_be_visible()


def tab_to(target: Locator) -> None:
    """Press Tab until the target has the focus, as someone without a mouse does."""
    for _ in range(MOST_TABS):
        target.page.keyboard.press("Tab")
        if target.and_(target.page.locator(":focus")).count():
            return
    raise AssertionError(f"{MOST_TABS} times Tab did not reach {target}")


def press_enter_on(target: Locator) -> None:
    tab_to(target)
    with target.page.expect_navigation():
        target.page.keyboard.press("Enter")


def log_in_by_keyboard(page: Page) -> None:
    page.goto("/admin/")
    # The page puts the cursor there, on some machines only after it has loaded.
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Welcome,")).to_be_visible()
