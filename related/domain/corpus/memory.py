"""How much memory a corpus takes, asked before it is loaded."""

from __future__ import annotations

import os
from pathlib import Path

from django.db.models.functions import Length
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.conf import conf
from related.domain.bulk_rows import ROWS_PER_READ
from related.models import Corpus, DocumentVector

# Bytes: of a term in rows and postings; of a document's title, list of neighbors, sketch and
# sentences; and of everything once.
PER_TERM = 16
PER_DOCUMENT = 1570
PER_CORPUS = 100_000_000
# While a corpus is read from the database, it lies in memory about this many times.
WHILE_READING = 2.5
# Of the machine's (or the container's) memory, where no limit is set.
SHARE = 0.8
MB = 1_000_000


class CorpusTooLarge(Exception):
    """A corpus does not fit into the memory that is allowed; ``str()`` says what to do."""


def check_memory(corpus: Corpus) -> None:
    """Refuse a corpus that is too large, before its loading makes the machine swap or kill.

    Raises:
        CorpusTooLarge: with the number of articles, what they need and what is allowed.
    """
    n_documents = DocumentVector.objects.filter(corpus=corpus).count()
    needed = needed_bytes(corpus, n_documents)
    allowed = allowed_bytes()
    if needed > allowed:
        message = _(
            "The corpus “%(corpus)s” has %(n_articles)s articles, which need about %(needed)s MB "
            "of memory; %(allowed)s MB are allowed. Raise RELATED['MEMORY_LIMIT_MB'] on a machine "
            "that has more, or let queryset() of the registered source leave out articles (by "
            "age, for example), then run rebuild_related. See docs/explanation/scaling.md."
        )
        raise CorpusTooLarge(
            message
            % {
                "corpus": corpus,
                "n_articles": number_format(n_documents, force_grouping=True),
                "needed": number_format(round(needed / MB), force_grouping=True),
                "allowed": number_format(round(allowed / MB), force_grouping=True),
            }
        )


def needed_bytes(corpus: Corpus, n_documents: int) -> float:
    """Estimated from the number of documents and the average stored size of some of them."""
    newest = DocumentVector.objects.filter(corpus=corpus).order_by("-pk")[:ROWS_PER_READ]
    sizes = list(newest.annotate(size=Length("term_ids")).values_list("size", flat=True))
    n_terms = sum(sizes) / 4 / max(len(sizes), 1)
    per_document = WHILE_READING * PER_TERM * n_terms + PER_DOCUMENT
    return PER_CORPUS + n_documents * per_document


def allowed_bytes() -> float:
    """``MEMORY_LIMIT_MB``, or a share of what the machine or the container has."""
    if conf.memory_limit_mb:
        return conf.memory_limit_mb * MB
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        pass
    return total * SHARE
