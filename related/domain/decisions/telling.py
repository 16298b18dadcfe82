"""An editor says whether two articles tell the same story; it holds from then on.

The served rows say so at once. Both articles are processed again, for the suggestions of all that
list them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from related.domain.attention.states import refresh_around
from related.domain.corpus.locking import lock_corpora
from related.domain.corpus.story_verdicts import retell_served
from related.domain.decisions.conflicts import NotReviewable, one_click, undo_conflict
from related.domain.decisions.writing import log_change, log_undo
from related.domain.documents.titles import read_titles
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.enums import Action, Priority, Telling
from related.models import Corpus, DecisionLog, Document, StoryVerdict


def say_story(
    page: Document, one: Document, other: Document, telling: Telling, *, user: Any
) -> None:
    """Say whether two articles tell the same story.

    Args:
        page: the article on whose desk it is said; it may be one of the two.

    Raises:
        NotReviewable: it is one article, or they are in two languages.
        DecisionConflict: another editor spoke at the same moment.
    """
    if one == other:
        raise NotReviewable(_("An article always tells its own story."))
    if one.language != other.language:
        raise NotReviewable(_("Articles in two languages are not compared."))
    first, second = sorted((one, other), key=lambda document: document.pk)
    titles = read_titles([first, second])
    pair = [first.pk, second.pk]
    with one_click():
        [corpus] = lock_corpora([first.language]).values()
        before = {"telling": said_of(*pair), "story": "", "pair": pair}
        story = " – ".join(titles[key] for key in pair)
        after = {"telling": telling.value, "story": story, "pair": pair}
        _write(pair, telling.value, user)
        log_change(page, Action.STORY, before, after, user=user, operation=uuid4())
        _tell(corpus, pair, page)


def take_back_telling(entry: DecisionLog, *, user: Any, operation: UUID) -> None:
    """Undo ``say_story``: what was said before holds again.

    Raises:
        DecisionConflict: something else was said since.
    """
    first, second = entry.after["pair"]
    [corpus] = lock_corpora([Document.objects.get(pk=first).language]).values()
    if said_of(first, second) != entry.after["telling"]:
        raise undo_conflict()
    _write([first, second], entry.before["telling"], user)
    log_undo(entry, user=user, operation=operation)
    _tell(corpus, [first, second], entry.document)


def said_of(first: int, second: int) -> str:
    """The latest word on two articles, "" for none."""
    rows = StoryVerdict.objects.filter(first=first, second=second)
    return rows.values_list("telling", flat=True).first() or ""


def _write(pair: list[int], telling: str, user: Any) -> None:
    first, second = pair
    if not telling:
        StoryVerdict.objects.filter(first=first, second=second).delete()
        return
    StoryVerdict.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={"telling": telling, "said_by": user, "said_at": timezone.now()},
    )


def _tell(corpus: Corpus, pair: list[int], page: Document) -> None:
    changed = retell_served(corpus, pair)
    _mark(pair, Priority.PUBLISH)
    _mark(set(changed) - set(pair), Priority.BULK)
    pages = {*pair, *changed, page.pk}
    rewrite_pages(pages)
    refresh_around(sorted(pages))
    announce_changes(pages)


def _mark(document_ids: Iterable[int], priority: Priority) -> None:
    """Have indexed documents processed again; a save of one of them waits for the click, or the
    click for the save."""
    rows = Document.objects.indexed().filter(pk__in=document_ids)
    rows.lock_in_order().mark(priority)
