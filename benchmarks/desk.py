"""The review desk as two editors use it: presses for each decision, page loads, processor time.

Reviews articles of digital.gov by keys, in a browser. One editor agrees to each page, unless a link
that digital.gov's own editors set waits in reserve: then she takes it first. The other decides
every card. Run ``python benchmarks/desk.py ../shared/data``; it fills a newsroom of its own.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

ROOT = Path(__file__).parents[1]
NAME, PASSWORD = "imogen", "a pass phrase for benchmarks"
MOST_PRESSES = {"agrees": 0.6, "each card": 1.2}


# The answer is in the page, and the focus on what waits, if anything does.
FOCUS_MOVED_ON = """() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')
    && (!document.querySelector('[data-kind=proposed]')
        || document.activeElement.dataset.kind === 'proposed')"""


@dataclass
class Meter:
    """Processor time of the server's threads, by what was asked."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def around(self, app: Any) -> Any:
        def measured(environ: dict[str, Any], start_response: Any) -> Any:
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = io.BytesIO(body)
            started = time.thread_time()
            response = app(environ, start_response)
            answer = list(response)
            if hasattr(response, "close"):  # as servers do; Django ends the request there
                response.close()
            spent = 1000 * (time.thread_time() - started)
            kind = kind_of(environ, body)
            self.milliseconds[kind].append(spent)
            self.sizes[kind].append(sum(map(len, answer)))
            return answer

        return measured


def kind_of(environ: dict[str, Any], body: bytes) -> str:
    if "/review/" not in environ["PATH_INFO"]:
        return "other"
    if environ["REQUEST_METHOD"] == "POST":
        press = parse_qs(body.decode()).get("press", [""])[0]
        return "press: " + parse_qs(press).get("action", ["?"])[0]
    if environ.get("HTTP_HX_REQUEST"):
        return "why" if "why=" in environ["QUERY_STRING"] else "search"
    is_queue = environ["PATH_INFO"].endswith("/review/")
    return "queue" if is_queue else "page"


def fill(data: Path, n_articles: int) -> None:
    with gzip.open(data / "digitalgov_news.jsonl.gz", "rt") as lines:
        # Many entries are events without a text, which nobody would review.
        articles = [line for line in lines if json.loads(line).get("body", "").strip()][:n_articles]
    archive = Path(os.environ["DATA_DIR"]) / "archive.jsonl"
    archive.write_text("".join(articles))
    manage = [sys.executable, str(ROOT / "manage.py")]
    commands = (["migrate", "-v0"], ["import_articles", str(archive)], ["rebuild_related"])
    for command in (*commands, ["process_related"]):
        subprocess.run([*manage, *command], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)


def own_links(data: Path) -> dict[str, set[str]]:
    """What digital.gov's editors linked to, by label of the article."""
    from newsroom.articles.models import Article

    keys = dict(Article.objects.values_list("external_id", "pk"))
    links: dict[str, set[str]] = defaultdict(set)
    for line in (data / "digitalgov_editorial_links.tsv").read_text().splitlines()[1:]:
        source, target = (keys.get(key) for key in line.split("\t"))
        if source and target:
            links[f"newsroom.article/{source}/"].add(f"newsroom.article:{target}")
    return links


class Editor:
    """Presses keys and counts them."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.n_presses = self.n_loads = 0
        self.waits: list[float] = []

    def press(self, key: str, *, leaves: bool = False) -> None:
        self.n_presses += 1
        started = time.perf_counter()
        if leaves:
            with self.page.expect_navigation():
                self.page.keyboard.press(key)
            self.page.wait_for_load_state()
        elif key in "arsx":
            with self.page.expect_response(lambda answer: answer.request.method == "POST"):
                self.page.keyboard.press(key)
            self.page.wait_for_function(FOCUS_MOVED_ON)
        else:
            self.page.keyboard.press(key)
        self.waits.append(time.perf_counter() - started)

    def proposed(self) -> list[str]:
        script = "all => all.map(card => card.dataset.why)"
        return list(self.page.locator("[data-kind=proposed]").evaluate_all(script))


def agrees(editor: Editor, own: set[str]) -> None:
    """Take what editors linked to out of the reserve, and agree to the rest."""
    script = """all => all.filter(card => card.querySelector('[data-key=s]')).map(card => [
        card.id, new URLSearchParams(card.querySelector('[data-key=s]').value).get('reserve')])"""
    for _ in range(3):
        cards = editor.page.locator("[data-kind=proposed]").evaluate_all(script)
        wanted = [card for card, reserve in cards if reserve in own]
        own_already = {card for card in wanted if why_of(editor, card) in own}
        wanted = [card for card in wanted if card not in own_already]
        if not wanted:
            break
        while focused(editor) != wanted[-1]:
            editor.press("j")
        editor.press("s")
    editor.press("A", leaves=True)


def decides(editor: Editor, own: set[str]) -> None:
    """Every card: approve what editors linked to and what is strong, reject the rest."""
    while cards := editor.proposed():
        if not focused(editor):
            editor.press("j")
        card = editor.page.locator("[data-link]:focus")
        is_strong = card.locator(".desk-strength--strong").count()
        why = card.get_attribute("data-why")
        assert why in cards
        is_wanted = why in own or is_strong
        if is_wanted and len(cards) == 1:
            break  # agreeing approves it, with the summary
        editor.press("a" if is_wanted else "r")
    editor.press("A", leaves=True)


def focused(editor: Editor) -> str:
    return str(editor.page.evaluate("document.activeElement.closest('[data-link]')?.id ?? ''"))


def why_of(editor: Editor, card: str) -> str:
    return str(editor.page.locator(f"#{card}").get_attribute("data-why"))


def review(name: str, act: Any, base: str, links: dict[str, set[str]], n: int) -> None:
    from django.contrib.auth.models import User
    from playwright.sync_api import sync_playwright

    from related.models import DecisionLog
    from tests.services.programs import chromium

    user = User.objects.create_superuser(name.replace(" ", "-"), password=PASSWORD)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium()), args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        page = browser.new_page(base_url=base)
        page.goto("/admin/")
        page.get_by_label("Username").fill(user.get_username())
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("link", name="Start").click()
        page.wait_for_load_state()
        editor = Editor(page)
        loads: list[str] = []
        page.on("framenavigated", lambda frame: loads.append(frame.url))
        for _ in range(n):
            label = page.url.partition("/review/")[2].partition("?")[0]
            act(editor, links.get(label, set()))
        browser.close()
    n_decisions = DecisionLog.objects.filter(actor=user).exclude(action="done").count()
    ratio = editor.n_presses / n_decisions
    print(
        f"{name}: {n} articles, {n_decisions} decisions, {editor.n_presses} presses, "
        f"{ratio:.2f} for each (at most {MOST_PRESSES[name]}); "
        f"{len(loads) - n} page loads inside an article; "
        f"median wait {1000 * statistics.median(editor.waits):.0f} ms"
    )
    assert ratio <= MOST_PRESSES[name], "more presses than promised"
    assert len(loads) == n, "a page was loaded inside an article"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=100, help="for each editor")
    parser.add_argument("--documents", type=int, default=2078)
    parser.add_argument("--keep", type=Path, help="a folder with a newsroom that is filled already")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp())
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if not options.keep:
        fill(options.data, options.documents)
    sys.path.insert(0, str(ROOT))

    import django

    django.setup()
    from waitress import create_server

    from newsroom.wsgi import application

    meter = Meter()
    server = create_server(meter.around(application), listen="127.0.0.1:0", threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    base = f"http://127.0.0.1:{server.effective_port}"
    links = own_links(options.data)
    review("agrees", agrees, base, links, options.articles)
    review("each card", decides, base, links, options.articles)
    print("\nprocessor time in ms: median, 95th percentile; kB; requests")
    for kind, spent in sorted(meter.milliseconds.items()):
        ordered = sorted(spent)
        late = ordered[int(0.95 * (len(ordered) - 1))]
        size = statistics.median(meter.sizes[kind]) / 1000
        median = statistics.median(ordered)
        print(f"{kind:24} {median:7.1f} {late:7.1f} {size:7.1f} {len(spent):6}")


if __name__ == "__main__":
    main()
