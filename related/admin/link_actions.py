"""What each button of a card does: one call of the domain and a message for the editor."""

from __future__ import annotations

from django.utils.translation import gettext as _

from related.admin.click import Click
from related.domain.decisions import ordering, replacing, reviewing
from related.domain.decisions.keeping import keep_against
from related.domain.desk.page import title_of


def approve(click: Click) -> str:
    reviewing.approve(click.place, **click.seen, note=click.data["note"])
    return _("Approved “%(title)s” for “%(slot)s”.") % click.names


def replace(click: Click) -> str:
    old = click.data["old"]
    replacing.replace(click.place, **click.seen, old=old, old_version=click.data["old_version"])
    message = _("Approved “%(title)s” for “%(slot)s” in place of “%(old)s”.")
    return message % {**click.names, "old": title_of(old)}


def keep(click: Click) -> str:
    rival = click.data["rival"]
    keep_against(click.place, rival, **click.seen)
    message = _("Kept “%(title)s”. “%(rival)s” is not set against it again.")
    return message % {**click.names, "rival": title_of(rival)}


def reject(click: Click) -> str:
    reviewing.reject(click.place, **click.seen, note=click.data["note"])
    return _("Rejected “%(title)s”. It will not be offered for this article again.") % click.names


def pin(click: Click) -> str:
    reviewing.pin(click.place, **click.seen)
    return _("Pinned “%(title)s” to the top of “%(slot)s”.") % click.names


def unpin(click: Click) -> str:
    reviewing.unpin(click.place, **click.seen)
    return _("“%(title)s” is no longer pinned; it stays approved.") % click.names


def reopen(click: Click) -> str:
    reviewing.reopen(click.place, **click.seen)
    return _("Took back the decision on “%(title)s”. It may be suggested again.") % click.names


def keep_out(click: Click) -> str:
    reviewing.keep_out(click.place, **click.seen)
    return _("“%(title)s” is kept out of “%(slot)s”.") % click.names


def swap(click: Click) -> str:
    reserve = click.data["reserve"]
    version = click.data["reserve_version"]
    replacing.swap(click.place, **click.seen, reserve=reserve, reserve_version=version)
    message = _("Approved “%(new)s” for “%(slot)s” instead of “%(title)s”.")
    return message % {**click.names, "new": title_of(reserve)}


def place(click: Click) -> str:
    number = ordering.place(click.place, click.data["place"], **click.seen)
    message = _("“%(title)s” is number %(number)d of “%(slot)s”.")
    return message % {**click.names, "number": number}


def move_up(click: Click) -> str:
    if ordering.move(click.place, **click.seen, up=True):
        return _("Moved “%(title)s” up.") % click.names
    return _("“%(title)s” stays: it is the first of its kind. Pinned links come first.") % (
        click.names
    )


def move_down(click: Click) -> str:
    if ordering.move(click.place, **click.seen, up=False):
        return _("Moved “%(title)s” down.") % click.names
    return _("“%(title)s” stays: it is the last of its kind. Pinned links come first.") % (
        click.names
    )
