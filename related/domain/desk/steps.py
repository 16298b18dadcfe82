"""An editor's latest step in words, and how it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.decisions.permissions import may_mark_at_all
from related.domain.decisions.undoing import Step
from related.domain.decisions.undoing_sections import last_rules
from related.domain.desk.sections import describe_rules
from related.domain.desk.targets import Target, load_targets
from related.enums import Action
from related.models import DecisionLog, Document


@dataclass(frozen=True, slots=True)
class Undoable:
    """The editor's latest click, which can still be taken back."""

    operation: str
    description: str
    document: Document
    is_bulk: bool = False  # taken back as a whole, on a page of its own
    is_of_sections: bool = False  # taken back where they are marked


def describe_step(step: Step, here: Document, user: Any) -> str:
    """What a step did, in the words that the desk of ``here`` offers to take it back with."""
    targets = [entry.target for entry in step.entries if entry.target is not None]
    return _describe_at(step, here, load_targets([step.document, *targets], user))


def undoable_step(step: Step | None, here: Document, targets: dict[int, Target]) -> Undoable | None:
    if step is None:
        return None
    description = _describe_at(step, here, targets)
    return Undoable(str(step.operation), description, step.document, step.is_bulk)


def undoable_rules(step: Step | None, here: Document, user: Any) -> Undoable | None:
    """What the editor asked of sections, if she did nothing after that."""
    rules = last_rules(user, step.at if step else None) if may_mark_at_all(user) else []
    return Undoable("", describe_rules(rules), here, is_of_sections=True) if rules else None


def _describe_at(step: Step, here: Document, targets: dict[int, Target]) -> str:
    description = _describe(step, targets)
    if step.is_bulk:
        return _("in bulk: %(step)s and others") % {"step": description}
    if step.document != here and len(step.documents) == 1:
        names = {"step": description, "title": targets[step.document.pk].title}
        return _("%(step)s, on “%(title)s”") % names
    return description


def _describe(step: Step, targets: dict[int, Target]) -> str:
    links = [entry for entry in step.entries if entry.target_id is not None]
    n_pages = len(step.documents)
    if n_pages > 1:
        filled = ngettext("filled places on %(n)d page", "filled places on %(n)d pages", n_pages)
        return filled % {"n": n_pages}
    first = (links or step.entries)[-1]  # the log lists the newest first
    names = {
        "action": first.get_action_display(),
        "title": targets[first.target_id].title if first.target_id else "",
        "slot": first.slot.name if first.slot else "",
    }
    if any(entry.action == Action.DONE for entry in step.entries) and links:
        agreed = ngettext("agreed to %(n)d link", "agreed to %(n)d links", len(links))
        return agreed % {"n": len(links)}
    if first.action == Action.STORY:
        return f"{names['action']}: {first.after['story']}"
    if not links:
        return _("%(action)s of “%(slot)s”") % names if names["slot"] else names["action"]
    return _describe_links(links, names, targets)


def _describe_links(
    links: Sequence[DecisionLog], names: dict[str, str], targets: dict[int, Target]
) -> str:
    n_more = len(links) - 1
    if not n_more:
        return _("%(action)s “%(title)s” in “%(slot)s”") % names
    if n_more == 1 and links[0].action != links[1].action:  # as where a reserve takes a place
        return ", ".join(
            _("%(action)s “%(title)s”")
            % {"action": each.get_action_display(), "title": targets[each.target_id].title}
            for each in reversed(links)
            if each.target_id
        )
    return ngettext(
        "%(action)s “%(title)s” and %(n)d more in “%(slot)s”",
        "%(action)s “%(title)s” and %(n)d more in “%(slot)s”",
        n_more,
    ) % {**names, "n": n_more}
