"""Workers die and Redis goes away: editors publish on, and the sweeper catches up."""

import os
import signal
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.editor import Editor
from tests.browser.newsroom import Newsroom
from tests.services.redis import RedisServer

GEAR = "Ferry company blames a worn gear for the winch failure"  # a draft, as is the next one
TENDER = "New roof for Holloway School goes to tender"
STOPS = "Chain ferry stops after its winch fails"
CLOSED = "Rain closes classrooms at Holloway School"
PUBLISH = "Publish selected articles now"
# Milliseconds until the answer. A publish that waited for Redis would take many seconds; how few it
# takes on a machine of its own, benchmarks/availability.py says.
LONGEST_WAIT = 5000


def publish(editor: Editor, *titles: str) -> float:
    """Publish articles by the list's action; returns the milliseconds until the answer."""
    answer = editor.change_state(PUBLISH, *titles)
    answer.finished()
    message = f"{len(titles)} article{'s' if len(titles) > 1 else ''} published."
    expect(editor.page.get_by_text(message)).to_be_visible()
    timing = answer.request.timing
    return float(timing["responseStart"] - timing["requestStart"])


def test_publishing_while_every_worker_is_dead(
    full_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]
) -> None:
    full_newsroom.start_workers()
    editor = editor_at(full_newsroom)
    publish(editor, TENDER)
    editor.wait_for_work(TENDER)  # they do work, before they are killed
    full_newsroom.kill_workers()

    assert publish(editor, GEAR) < LONGEST_WAIT
    editor.open_queue()
    expect(editor.article_in_queue(TENDER)).to_be_visible()
    expect(editor.article_in_queue(GEAR)).to_have_count(0)

    full_newsroom.project.manage("process_related")  # the sweeper needs no broker
    editor.open_review(GEAR)
    expect(editor.card(STOPS)).to_be_visible()


def test_publishing_while_redis_is_away(
    full_newsroom: Newsroom, redis_server: RedisServer, editor_at: Callable[[Newsroom], Editor]
) -> None:
    editor = editor_at(full_newsroom)
    os.kill(redis_server.pid, signal.SIGSTOP)  # it takes connections, and says nothing
    assert publish(editor, GEAR) < LONGEST_WAIT
    redis_server.stop()
    assert publish(editor, TENDER) < LONGEST_WAIT

    full_newsroom.project.manage("process_related")
    editor.open_review(GEAR)
    expect(editor.card(STOPS)).to_be_visible()
    editor.open_review(TENDER)
    expect(editor.card(CLOSED)).to_be_visible()
