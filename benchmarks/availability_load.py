"""Readers and an editor who speak HTTP to a running site, as through its proxy."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from threading import Event, Thread
from typing import Self
from urllib.parse import urlencode

HOST = "news.example"
PATIENCE = 30  # seconds after which a reader gives up


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes


def ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
    """One request on a connection of its own.

    Headers are those that the proxy in front adds, and whatever is given (``If_None_Match``).

    Raises:
        OSError, HTTPException: there was no answer, or half of one.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.headers.get_all("Set-Cookie") or [],
            response.read(),
        )
    finally:
        connection.close()


@dataclass
class Readers:
    """Threads that ask for one page after another, without a pause, as long as the block lasts."""

    port: int
    paths: Sequence[str]
    n_threads: int
    answers: Counter[str] = field(default_factory=Counter)  # statuses, or names of errors
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._over = Event()
        self._threads = [
            Thread(target=self._read, args=[n], daemon=True) for n in range(self.n_threads)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, seed: int) -> None:
        chance = random.Random(seed)
        etags: dict[str, str] = {}  # as a browser's cache: asks again only whether it changed
        while not self._over.is_set():
            path = chance.choice(self.paths)
            # One of many readers: no address asks so often that it is throttled.
            headers = {"X_Forwarded_For": f"10.{chance.randrange(256)}.{chance.randrange(256)}.1"}
            if path in etags:
                headers["If_None_Match"] = etags[path]
            started = time.monotonic()
            try:
                answer = ask(self.port, "GET", path, **headers)
            except (OSError, HTTPException) as error:
                self._note(path, type(error).__name__, is_right=False)
                continue
            self.seconds.append(time.monotonic() - started)
            if "etag" in answer.headers:
                etags[path] = answer.headers["etag"]
            is_right = answer.status == 200 or (answer.status == 304 and "If_None_Match" in headers)
            self._note(path, str(answer.status), is_right=is_right)

    def _note(self, path: str, what: str, *, is_right: bool) -> None:
        self.answers[what] += 1
        if not is_right:
            self.wrong.append(f"{what} {path}")


class Editor:
    """Publishes, decides and withdraws through the admin's own forms."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()
        self._send("GET", "/admin/login/")
        answer = self._send("POST", "/admin/login/", {"username": name, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"The editor could not log in: {answer.status}")

    def publish(self, title: str, body: str, slug: str) -> tuple[float, str]:
        """(seconds until the answer, what was wrong with it or "")."""
        form = {"title": title, "body": body, "slug": slug, "language": "en"}
        form |= {"published_at_0": "", "published_at_1": "", "_publish": "1"}
        started = time.monotonic()
        try:
            answer = self._send("POST", "/admin/newsroom/article/add/", form)
        except (OSError, HTTPException) as error:
            return time.monotonic() - started, type(error).__name__
        seconds = time.monotonic() - started
        if answer.status != 302:
            errors = re.findall(rb"errorlist[^>]*>(.*?)</ul>", answer.body, re.DOTALL)
            return seconds, f"{answer.status} {errors}"
        return seconds, ""

    def approve(self, page: int, target: int) -> str:
        """Approve one article as a link on the page of another; what was wrong, or ""."""
        form = {"action": "approve", "slot": "related", "version": "0"}
        return self._press(
            f"/admin/related/review/newsroom.article/{page}/",
            form | {"target": f"newsroom.article:{target}"},
        )

    def withdraw(self, key: int) -> str:
        """Withdraw an article, whatever links there; what was wrong, or ""."""
        form = {"action": "withdraw_articles", "_selected_action": str(key), "_take_down": "1"}
        return self._press("/admin/newsroom/article/", form)

    def _press(self, path: str, form: dict[str, str]) -> str:
        try:
            answer = self._send("POST", path, form)
        except (OSError, HTTPException) as error:
            return f"{type(error).__name__} {path}"
        return "" if answer.status == 302 else f"{answer.status} {path}"

    def _send(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{c.key}={c.value}" for c in self.cookies.values())}
        body = None
        if form is not None:
            headers["Content_Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**form, "csrfmiddlewaretoken": self.cookies["csrftoken"].value})
        answer = ask(self.port, method, path, body, **headers)
        for cookie in answer.cookies:
            self.cookies.load(cookie)
        return answer
