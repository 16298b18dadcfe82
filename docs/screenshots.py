"""Take the README's pictures of the demo: `.venv/bin/python -m docs.screenshots`.

The demo runs from a copy of the code in a temporary folder, so that its data is new and the
data of this checkout stays as it is.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from newsroom.demo import EDITOR, PASSWORD
from tests.services.ports import free_port
from tests.services.programs import chromium

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH = 1280
ARTICLE = "Champions: rivals' defeat gives Athletic the title as well"  # every slot is filled
SECONDS_TO_START = 120
MOST_BYTES = 400_000


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo on a free port; yields its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        for package in ("newsroom", "related"):
            shutil.copytree(ROOT / package, Path(folder, package))
        shutil.copy(ROOT / "manage.py", folder)
        process = subprocess.Popen(
            [sys.executable, "-m", "newsroom.demo"],
            cwd=folder,
            env={**os.environ, "PORT": str(port), "ARCHIVE": "", "PYTHONPATH": folder},
        )
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("The demo did not start; see above.")
            time.sleep(0.2)
        else:
            return


def take(page: Page, name: str, *, until: str) -> None:
    """Take the page from its top to the lower edge of an element."""
    page.locator(until).scroll_into_view_if_needed()  # pictures are loaded when they come near
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(until).bounding_box()
    assert box is not None, until
    path = IMAGES / name
    page.screenshot(
        path=path,
        full_page=True,
        clip={"x": 0, "y": 0, "width": WIDTH, "height": box["y"] + box["height"] + 24},
    )
    size = path.stat().st_size
    sys.stdout.write(f"{path.relative_to(ROOT)}: {size // 1000} kB\n")
    if size > MOST_BYTES:
        sys.exit(f"That is more than {MOST_BYTES // 1000} kB.")


def log_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(EDITOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with demo() as site, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page = browser.new_page(base_url=site, viewport={"width": WIDTH, "height": 900})
        page.goto("/")
        page.get_by_role("link", name=ARTICLE).click()
        page.wait_for_load_state()
        take(page, "article.png", until='[data-slot="related"]')
        log_in(page)
        page.goto("/admin/related/review/?state=all")
        page.locator(".desk-table").get_by_role("link", name=ARTICLE).click()
        page.wait_for_load_state()
        take(page, "review.png", until="#slot-inline")
        browser.close()


if __name__ == "__main__":
    main()
