"""What the buttons do that say which articles tell the same story."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from related.admin.click import Click
from related.domain.decisions.telling import say_story
from related.domain.desk.page import title_of
from related.domain.transactions import after_commit
from related.enums import Action, Priority, Telling
from related.models import DecisionLog
from related.wakeups import wake_up


def tell(click: Click) -> str:
    one, other = click.data["of"] or click.document, click.data["target"]
    telling = Telling(click.data["telling"])
    say_story(click.document, one, other, telling, user=click.user)
    after_commit(wake_up, [one.pk, other.pk], Priority.PUBLISH)
    names = {"one": title_of(one), "other": title_of(other)}
    if telling == Telling.SAME:
        message = _("“%(one)s” and “%(other)s” tell the same story from now on.")
    else:
        message = _("“%(one)s” and “%(other)s” do not tell the same story from now on.")
    return message % names


def process_again(undone: Iterable[DecisionLog]) -> None:
    """Wake the workers for the articles that steps spoke of which were taken back."""
    told = [key for entry in undone if entry.action == Action.STORY for key in entry.after["pair"]]
    if told:
        after_commit(wake_up, told, Priority.PUBLISH)
