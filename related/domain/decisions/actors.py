"""Who a decision and its log name: an account, or the policy of a slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from related.models import Policy


@dataclass(frozen=True, slots=True)
class PolicyActor:
    """What decides where no editor did."""

    key: str
    name: str

    @classmethod
    def of(cls, policy: Policy) -> PolicyActor:
        return cls(policy.actor_key, str(policy))


def account_of(actor: Any) -> Any | None:
    """The account behind a decision; None for a policy's."""
    return None if isinstance(actor, PolicyActor) else actor


def signature(actor: Any) -> dict[str, Any]:
    """What an entry of the log says of who it was."""
    if isinstance(actor, PolicyActor):
        return {"actor": None, "actor_key": actor.key, "actor_name": actor.name}
    return {"actor": actor, "actor_key": str(actor.pk), "actor_name": actor.get_username()}
