"""Why a target is offered: the shared words with what each contributes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from related.domain.corpus.explaining import explain_pair, explain_text
from related.domain.decisions.permissions import may_read
from related.domain.documents.loading import load_objects
from related.domain.documents.reading import read_draft
from related.models import Document
from related.similarity.index.explaining import OTHER_PAIRS
from related.similarity.warm_up import EngineUnavailable, warm_up

logger = logging.getLogger(__name__)

N_SHOWN = 8


@dataclass(frozen=True, slots=True)
class CardTerm:
    term: str
    share: int  # percent of the similarity


def explain_card(
    document: Document, obj: Any, target: Document, user: Any
) -> list[CardTerm] | None:
    """The heaviest shared words; none where the two share none, or the user may not read the
    target. None where this process cannot compare texts, and the log says why.

    Args:
        obj: the live object behind the document; the text of a draft is stored nowhere else.
    """
    other = load_objects([target], public=False).get(target.pk)
    if other is None or not may_read(user, other):
        return []
    try:
        warm_up()
        if document.is_draft:
            counts = read_draft(document.source, obj).analyze().counts
            terms = explain_text(counts, document.language, target)
        else:
            terms = explain_pair(document, target, top=None) or []
    except EngineUnavailable as error:
        logger.warning("similarity engine cannot start", extra={"reason": str(error)})
        return None
    total = sum(term.contribution for term in terms)
    named = [term for term in terms if term.term != OTHER_PAIRS][:N_SHOWN]
    return [CardTerm(term.term, round(100 * term.contribution / total)) for term in named]
