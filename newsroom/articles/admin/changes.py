"""The changes of state that editors make in the admin: what does each, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from newsroom.articles import publishing
from newsroom.articles.models import Article

Change = Callable[[Article], None]


@dataclass(frozen=True)
class Words:
    """What the admin says of one kind of change."""

    logged: Any  # in the article's history
    done: Any  # of n articles
    refused: Any  # with the reasons
    before: Any = ""  # title of the page that asks first, for n articles
    button: Any = ""  # on that page


PUBLISHED = Words(
    _("Published."),
    ngettext_lazy("%(n)d article published.", "%(n)d articles published.", "n"),
    _("Not published: %(reasons)s"),
)
SCHEDULED = Words(
    _("Scheduled."),
    ngettext_lazy("%(n)d article scheduled.", "%(n)d articles scheduled.", "n"),
    _("Not scheduled: %(reasons)s"),
)
WITHDRAWN = Words(
    _("Withdrawn."),
    ngettext_lazy("%(n)d article withdrawn.", "%(n)d articles withdrawn.", "n"),
    _("Not withdrawn: %(reasons)s"),
    ngettext_lazy("Before you withdraw %(n)d article", "Before you withdraw %(n)d articles", "n"),
    _("Withdraw"),
)
RETURNED = Words(
    _("Returned to draft."),
    ngettext_lazy("%(n)d article returned to draft.", "%(n)d articles returned to draft.", "n"),
    _("Not returned to draft: %(reasons)s"),
    ngettext_lazy(
        "Before you return %(n)d article to draft",
        "Before you return %(n)d articles to draft",
        "n",
    ),
    _("Return to draft"),
)

# Buttons of the change page: name in the form -> what it does, what is said of it.
BUTTONS: dict[str, tuple[Change, Words]] = {
    "_publish": (publishing.publish, PUBLISHED),
    "_withdraw": (publishing.withdraw, WITHDRAWN),
    "_draft": (publishing.return_to_draft, RETURNED),
}
# What takes an article off the site, by the last part of the address that asks before.
LEAVES = {"withdraw": "_withdraw", "draft": "_draft"}
