"""The project's Celery application on another broker: one in memory, or one that is away."""

from __future__ import annotations

from types import TracebackType
from typing import Any, NamedTuple, Self

from celery import Celery, current_app

IN_MEMORY = "memory://"
QUEUES = ("publish", "bulk")


class Message(NamedTuple):
    queue: str
    task: str
    args: list[Any]


class Broker:
    """While the context is open, messages go to ``settings.CELERY_BROKER_URL`` as it is now, or
    where an application given says."""

    def __init__(self, app: Celery | None = None) -> None:
        self.app = app or Celery("on_another_broker", set_as_current=False)
        if app is None:
            self.app.config_from_object("django.conf:settings", namespace="CELERY")
        self.url: str = self.app.conf.broker_url

    def __enter__(self) -> Self:
        current: Any = current_app  # a proxy, whose types do not know what it stands for
        self._project: Celery = current._get_current_object()
        self.app.set_current()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._project.set_current()
        if self.url == IN_MEMORY:
            self.received()  # kombu keeps one memory for the whole process
        self.app.close()

    def received(self) -> list[Message]:
        """The messages in memory since the last call, by queue and in their order."""
        messages = []
        with self.app.connection_for_read() as connection:
            for name in QUEUES:
                with connection.SimpleQueue(name) as queue:
                    while queue.qsize():
                        message = queue.get_nowait()
                        message.ack()
                        messages.append(Message(name, message.headers["task"], message.payload[0]))
        return messages
