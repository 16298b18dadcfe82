"""What the machine says of a link at the moment when somebody decides on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from related.domain.corpus.explaining import compare_documents
from related.domain.decisions.writing import LinkRef, State
from related.domain.pages.links import Link
from related.enums import Verdict
from related.models import Suggestion


def evidence(link: LinkRef) -> State:
    """Similarity, score and shared words.

    Without a score where the slot does not suggest the link: an earlier one stays.
    """
    return {name: value for name, value in evidence_of([link])[0].items() if name != "verdict"}


def evidence_of(links: Sequence[LinkRef]) -> list[State]:
    """What approving each of some links stores; one query where all are suggested."""
    pairs: dict[tuple[int, int], list[Suggestion]] = defaultdict(list)
    suggestions = Suggestion.objects.served().filter(
        document__in={link.document.pk for link in links},
        target__in={link.target.pk for link in links},
    )
    for suggestion in suggestions.order_by("pk"):
        pairs[suggestion.document_id, suggestion.target_id].append(suggestion)
    return [_view(link, pairs[link.document.pk, link.target.pk]) for link in links]


def evidence_in(found: Suggestion | Link) -> State:
    """What approving a link that the machine found stores, where nobody reads it first."""
    return {
        "verdict": Verdict.APPROVED.value,
        "similarity": found.similarity,
        "score": found.score,
        "reasons": found.reasons,
    }


def _view(link: LinkRef, suggestions: Sequence[Suggestion]) -> State:
    state: State = {"verdict": Verdict.APPROVED.value, "is_bulk": False, "by_policy": False}
    if not suggestions:
        similarity, reasons = compare_documents(link.document, link.target)
        return state | {"similarity": similarity, "reasons": reasons}
    state |= {"similarity": suggestions[0].similarity, "reasons": suggestions[0].reasons}
    here = [each.score for each in suggestions if each.slot_id == link.slot.pk]
    return state | {"score": here[0]} if here else state
