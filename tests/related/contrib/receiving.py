"""A receiver of notices: an HTTP server on this machine that answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from related.management.beside import sweep

OK = b'{"success": true}'
SECRET = "whsec_" + "c2VjcmV0" * 6


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    received_at: float = field(default_factory=time.time)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def event(self) -> str:
        return self.headers["webhook-id"]

    @property
    def documents(self) -> dict[str, dict[str, Any]]:
        """What a webhook is told, by id."""
        return {each["id"]: each for each in self.json["data"]["documents"]}


@dataclass
class Receiver:
    url: str = ""
    received: list[Received] = field(default_factory=list)
    # Of the next answers: statuses, with headers; "hang" and "drop" do as they say. 200 afterwards.
    script: list[Any] = field(default_factory=list)
    refuses: str = ""  # what holds this text is answered 422
    is_over: threading.Event = field(default_factory=threading.Event)

    def take(self) -> list[Received]:
        """What came since the last call."""
        taken, self.received = self.received, []
        return taken

    def purged(self) -> set[str]:
        """The keys that a cache was told to forget since the last call."""
        bodies = [each.json for each in self.take()]
        return {key for body in bodies for key in body.get("surrogate_keys") or body["tags"]}


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            answer = receiver.script.pop(0) if receiver.script else 200
            if answer == "hang":
                receiver.is_over.wait(60)
                return
            if answer == "drop":
                return
            status, more = answer if isinstance(answer, tuple) else (answer, {})
            if receiver.refuses and receiver.refuses.encode() in body:
                status = 422
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(OK))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(OK)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.is_over.set()
            server.shutdown()
            thread.join()


def told(receiver: Receiver) -> list[Received]:
    """What it is told of all that waits."""
    sweep()
    return receiver.take()
