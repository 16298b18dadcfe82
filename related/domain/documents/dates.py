"""When documents came out, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from related.domain.bulk_rows import chunked
from related.models import Document

_SECONDS_PER_DAY = 86_400.0


def days_of(published_at: datetime | None) -> float:
    """Days since 1970; NaN for an unknown date."""
    return np.nan if published_at is None else published_at.timestamp() / _SECONDS_PER_DAY


def read_days(keys: Sequence[int]) -> NDArray[np.float64]:
    """``days_of`` each of these documents, in their order."""
    found: dict[int, float] = {}
    for chunk in chunked(keys):
        rows = Document.objects.filter(pk__in=chunk).values_list("pk", "published_at")
        found |= {pk: days_of(published_at) for pk, published_at in rows}
    return np.array([found.get(key, np.nan) for key in keys], np.float64)
