"""The one declared path for an article's changes of state.

    draft -> scheduled -> (its date comes) out        draft, scheduled, withdrawn -> published
    published, scheduled -> withdrawn                 anything -> draft

Every function locks the row, looks at its state as it is now, and saves through ``save()``, so
that signals reach their receivers. Only the state and the date are written: an edit that someone
else is making to the text is not undone.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.articles.models import Article, Status


class PublishingError(Exception):
    """A change of state that makes no sense for this article; the message is for editors."""


@transaction.atomic
def publish(article: Article, at: datetime | None = None) -> None:
    """Put an article out now.

    It keeps a publication date that lies in the past, so that a withdrawn article returns to its
    place in the archive, and stays undated if it was out without a date; ``at`` (aware, not in
    the future) sets another.

    Raises:
        PublishingError: the article is out already, or ``at`` lies in the future.
    """
    now = timezone.now()
    if at is not None and at > now:
        raise PublishingError(_("That date is in the future: schedule the article instead."))
    _lock(article)
    if article.is_visible:
        raise PublishingError(_("It is already published."))
    kept = article.published_at
    is_new = kept is None and article.status == Status.DRAFT
    if is_new or (kept is not None and kept > now):
        kept = now
    _save(article, Status.PUBLISHED, at or kept)


@transaction.atomic
def schedule(article: Article, at: datetime) -> None:
    """Let an article come out by itself at a moment in the future (aware).

    Raises:
        PublishingError: the article is out already, or ``at`` has passed.
    """
    if at <= timezone.now():
        raise PublishingError(_("That date has passed: choose one in the future, or publish now."))
    _lock(article)
    if article.is_visible:
        raise PublishingError(_("It is already published. Withdraw it before scheduling it again."))
    _save(article, Status.SCHEDULED, at)


@transaction.atomic
def withdraw(article: Article) -> None:
    """Take an article off the site. It keeps its date.

    Raises:
        PublishingError: the article is neither out nor scheduled.
    """
    _lock(article)
    if article.status not in {Status.PUBLISHED, Status.SCHEDULED}:
        if article.status == Status.DRAFT:
            raise PublishingError(_("It is a draft: there is nothing to withdraw."))
        raise PublishingError(_("It has already been withdrawn."))
    _save(article, Status.WITHDRAWN, article.published_at)


@transaction.atomic
def return_to_draft(article: Article) -> None:
    """Send an article back to its writer; like withdrawing, for work that is to go on.

    Raises:
        PublishingError: the article is a draft already.
    """
    _lock(article)
    if article.status == Status.DRAFT:
        raise PublishingError(_("It is already a draft."))
    _save(article, Status.DRAFT, article.published_at)


def describe_state(article: Article) -> str:
    """The state as an editor reads it: "published", "scheduled for Dec. 1, 2026, 6 a.m."."""
    status = article.current_status
    if status == Status.SCHEDULED and article.published_at:
        at = timezone.localtime(article.published_at)
        return _("scheduled for %(time)s") % {"time": date_format(at, "DATETIME_FORMAT")}
    return str(status.label)


def _lock(article: Article) -> None:
    try:
        article.refresh_from_db(
            fields=["status", "published_at"],
            from_queryset=Article.objects.select_for_update(),
        )
    except Article.DoesNotExist:
        raise PublishingError(_("Someone has deleted it.")) from None


def _save(article: Article, status: Status, published_at: datetime | None) -> None:
    article.status = status
    article.published_at = published_at
    article.save(update_fields=["status", "published_at", "updated_at"])
