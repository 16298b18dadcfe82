"""Whose decisions a name stands for: names change, and are given to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.models import DecisionLog, SectionRuleLog
from related.models.decisions import DecisionLogQuerySet


@dataclass(frozen=True, slots=True)
class Account:
    """An account that decided, or may have: by its key, which outlives its name and itself."""

    key: str  # "": deleted before keys were kept, known by its name alone
    name: str  # as it was asked for
    user: Any | None  # the account itself, None once it is deleted

    def entries(self) -> DecisionLogQuerySet:
        """What the account decided, wrote and said on articles."""
        if self.key:
            return DecisionLog.objects.filter(actor_key=self.key)
        return DecisionLog.objects.filter(actor_key="", actor_name=self.name)

    def section_entries(self) -> QuerySet[SectionRuleLog]:
        """What it asked of whole sections, which have a log of their own."""
        return SectionRuleLog.objects.filter(actor_key=self.key)


class AmbiguousName(Exception):
    """Several accounts bear or bore a name; the message lists them by their keys."""


def find_account(name: str, key: str | None = None) -> Account | None:
    """The account that bears a name now, or bore it when it decided; None if there is none.

    Args:
        key: which one, where several did.

    Raises:
        AmbiguousName: several did, and no key says which.
    """
    accounts = _accounts_of(name)
    if key is not None:
        accounts = [account for account in accounts if account.key == key]
    if len(accounts) > 1:
        message = _(
            "%(name)r is or was the name of %(n)d accounts. Say which, with --key: %(list)s"
        )
        lines = "; ".join(_describe(account) for account in accounts)
        raise AmbiguousName(message % {"name": name, "n": len(accounts), "list": lines})
    return accounts[0] if accounts else None


def user_named(name: str | None) -> Any | None:
    """The account that bears a name now, as it logs in."""
    model = get_user_model()
    return model._default_manager.filter(**{model.USERNAME_FIELD: name}).first() if name else None


def _accounts_of(name: str) -> list[Account]:
    logs = (DecisionLog.objects.by_accounts(), SectionRuleLog.objects.all())
    named = (log.filter(actor_name=name).order_by() for log in logs)
    keys = {key for log in named for key in log.values_list("actor_key", flat=True).distinct()}
    bearer = user_named(name)
    if bearer is not None:
        keys.add(str(bearer.pk))
    users = {str(user.pk): user for user in _users(keys - {""})}
    return [Account(key, name, users.get(key)) for key in sorted(keys)]


def _users(keys: set[str]) -> QuerySet[Any]:
    return get_user_model()._default_manager.filter(pk__in=keys)


def _describe(account: Account) -> str:
    n_entries = account.entries().count() + account.section_entries().count()
    decisions = ngettext("%(n)d entry", "%(n)d entries", n_entries) % {"n": n_entries}
    state = _("deleted")
    if account.user is not None:
        state = _("now %(name)s") % {"name": account.user.get_username()}
    return _("%(key)s (%(state)s, %(entries)s)") % {
        "key": account.key or "''",
        "state": state,
        "entries": decisions,
    }
