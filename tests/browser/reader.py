"""A reader, who has no account: what the API answers and what the page shows, at this moment."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

SECONDS_TO_APPEAR = 30


@dataclass(frozen=True)
class Reader:
    page: Page

    def api(self, path: str) -> dict[str, Any]:
        """The one result of the API for an article's address."""
        answer = self.page.request.get("/api/v1/links/", params={"url": path})
        assert answer.ok, answer.text()
        [result] = answer.json()["results"]
        return dict(result)

    def links_by_api(self, path: str, slot: str) -> dict[str, str]:
        """Title of every link of a slot, with its source; none of an address that no worker has
        looked at yet."""
        answer = self.api(path)
        items = answer["slots"][slot]["items"] if answer["found"] else []
        return {item["title"]: item["source"] for item in items}

    def links_on_page(self, path: str, slot: str) -> list[str]:
        """Titles of a slot's links on the page; empty also when the slot is not there."""
        self.page.goto(path)
        return self.page.locator(f'[data-slot="{slot}"] .related-slot__link').all_inner_texts()

    def links(self, path: str, slot: str) -> dict[str, str]:
        """What the API says, once the page was found to show the very same."""
        by_api = self.links_by_api(path, slot)
        assert self.links_on_page(path, slot) == list(by_api)
        return by_api

    def wait_for_link(self, path: str, slot: str, title: str) -> None:
        deadline = time.monotonic() + SECONDS_TO_APPEAR
        while title not in self.links_by_api(path, slot):
            assert time.monotonic() < deadline, f"{title!r} never appeared"
            time.sleep(0.1)
