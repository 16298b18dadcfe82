"""Publish, schedule, withdraw: the admin's bulk actions and the buttons of the change page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from newsroom.articles import editors, publishing
from newsroom.articles.admin.changes import (
    BUTTONS,
    LEAVES,
    PUBLISHED,
    SCHEDULED,
    Change,
    Words,
)
from newsroom.articles.admin.choices import CheckedChoices
from newsroom.articles.admin.forms import ScheduleForm
from newsroom.articles.models import Article, Status
from related.admin.take_down import TakeDownAdmin
from related.links import pages_linking_to

MAX_NAMES = 10  # refused articles that one message names

OUTGOING = {Status.PUBLISHED, Status.SCHEDULED}


class StateAdmin(TakeDownAdmin, CheckedChoices):
    """The part of the article admin that changes states, always through ``publishing``."""

    actions: tuple[str, ...] = ("publish_articles", "schedule_articles", "withdraw_articles")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or editors.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or editors.may_change(request.user, obj)

    def has_publish_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """For an article: whether it may be published where it is; else: whether any may."""
        if not self.has_change_permission(request, obj):
            return False
        if obj is None:
            return request.user.has_perm("newsroom.publish_article")
        return editors.may_publish(request.user, obj)

    @admin.action(permissions=["publish"], description=_("Publish selected articles now"))
    def publish_articles(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._change_states(request, queryset, publishing.publish, PUBLISHED)

    @admin.action(permissions=["publish"], description=_("Withdraw selected articles"))
    def withdraw_articles(
        self, request: HttpRequest, queryset: QuerySet[Article]
    ) -> HttpResponse | None:
        return self._take_down(request, list(queryset.select_related("section")), "_withdraw")

    @admin.action(permissions=["publish"], description=_("Schedule selected articles…"))
    def schedule_articles(
        self, request: HttpRequest, queryset: QuerySet[Article]
    ) -> HttpResponse | None:
        form = ScheduleForm(request.POST if "at" in request.POST else None)
        if form.is_valid():
            self._schedule(request, queryset, form)
            return None  # the admin returns to the list
        # The page posts the selection once more, as the list did, so nothing is lost on the way.
        names = ("action", "index", "select_across", "_selected_action")
        resent = [(name, value) for name in names for value in request.POST.getlist(name)]
        return self._schedule_page(request, list(queryset), form, resent)

    def get_urls(self) -> list[URLPattern]:
        schedule = self.admin_site.admin_view(self.schedule_view)
        leave = self.admin_site.admin_view(self.leave_view)
        return [
            path("<path:object_id>/schedule/", schedule, name="newsroom_article_schedule"),
            path("<path:object_id>/leave/<slug:how>/", leave, name="newsroom_article_leave"),
            *super().get_urls(),
        ]

    def leave_view(self, request: HttpRequest, object_id: str, how: str) -> HttpResponse:
        """Before one article is withdrawn or returned to draft: which pages link there."""
        article = self.get_object(request, object_id)
        if article is None or how not in LEAVES:
            raise Http404
        if not self.has_publish_permission(request, article):
            raise PermissionDenied
        asked = self._take_down(request, [article], LEAVES[how])
        return asked or HttpResponseRedirect(_change_page(article))

    def _take_down(
        self, request: HttpRequest, articles: list[Article], button: str
    ) -> HttpResponse | None:
        """Withdraw articles or return them to draft, after a look at the pages that link there."""
        going = [
            article
            for article in articles
            if article.status in OUTGOING and self.has_publish_permission(request, article)
        ]
        change, words = BUTTONS[button]
        title = words.before % {"n": len(going)}
        return self.take_down(
            request,
            going,
            lambda: self._change_states(request, articles, change, words),
            title=title,
            button=str(words.button),
        )

    def schedule_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The schedule page of one article, where the change page's button leads."""
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        if not self.has_publish_permission(request, article):
            raise PermissionDenied
        form = ScheduleForm(request.POST or None)
        if form.is_valid():
            self._schedule(request, [article], form)
            return HttpResponseRedirect(_change_page(article))
        return self._schedule_page(request, [article], form, [])

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: Any,
        change: bool,  # noqa: FBT001 (Django's own signature)
    ) -> None:
        before = Article.objects.filter(pk=obj.pk).select_related("section").first()
        obj.was_publishable = before is None or editors.may_publish(request.user, before)
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Article, *args: Any) -> HttpResponse:
        return self._pressed(request, obj) or super().response_add(request, obj, *args)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._pressed(request, obj) or super().response_change(request, obj)

    def _pressed(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """What the state buttons do once the form is saved; None when another was pressed."""
        pressed = {"_schedule", *BUTTONS} & request.POST.keys()
        if not pressed:
            return None
        if not self.has_publish_permission(request, article):
            raise PermissionDenied  # undoes the saving too: the admin's view is one transaction
        if not article.was_publishable:  # type: ignore[attr-defined]  # set by save_model
            # What is moved is read by its new section's editor first, and seen to have come.
            reason = gettext("It was saved in its new section. Read it there, then publish it.")
            words = BUTTONS.get(next(iter(pressed)), (None, SCHEDULED))[1]
            self.message_user(request, words.refused % {"reasons": reason}, messages.WARNING)
            return HttpResponseRedirect(_change_page(article))
        if "_schedule" in pressed:
            return HttpResponseRedirect(
                reverse("admin:newsroom_article_schedule", args=[article.pk])
            )
        button = pressed.pop()
        how = next((how for how, name in LEAVES.items() if name == button), "")
        if how and article.status in OUTGOING and pages_linking_to([article], request.user):
            address = reverse("admin:newsroom_article_leave", args=[article.pk, how])
            return HttpResponseRedirect(address)
        change, words = BUTTONS[button]
        self._change_states(request, [article], change, words)
        return HttpResponseRedirect(_change_page(article))

    def _schedule(
        self, request: HttpRequest, articles: Iterable[Article], form: ScheduleForm
    ) -> None:
        at = form.cleaned_data["at"]
        self._change_states(request, articles, lambda a: publishing.schedule(a, at), SCHEDULED)

    def _schedule_page(
        self,
        request: HttpRequest,
        articles: list[Article],
        form: ScheduleForm,
        resent: list[tuple[str, str]],
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Schedule articles"),
            "opts": self.opts,
            "articles": articles,
            "form": form,
            "resent": resent,
            "time_zone": timezone.get_current_timezone_name(),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/newsroom/article/schedule.html", context)

    def _change_states(
        self, request: HttpRequest, articles: Iterable[Article], change: Change, words: Words
    ) -> list[Article]:
        """Change the state of each, as far as that makes sense; returns those that changed."""
        changed: list[Article] = []
        refused: list[str] = []
        for article in list(articles):
            try:
                with transaction.atomic():
                    self._require_permission(request, article)
                    change(article)
                    self.log_change(request, article, str(words.logged))
            except publishing.PublishingError as error:
                names = {"title": Truncator(article.title).chars(60), "reason": error}
                refused.append(gettext("“%(title)s”: %(reason)s") % names)
            else:
                changed.append(article)
        if changed:
            self.message_user(request, words.done % {"n": len(changed)}, messages.SUCCESS)
        if refused:
            reasons = refused[:MAX_NAMES]
            n_more = len(refused) - MAX_NAMES
            if n_more > 0:
                more = ngettext("And %(n)d more.", "And %(n)d more.", n_more)
                reasons.append(more % {"n": n_more})
            text = words.refused % {"reasons": " ".join(reasons)}
            self.message_user(request, text, messages.WARNING)
        if words in (PUBLISHED, SCHEDULED):
            self.warn_of_unseen_links(request, changed)
        return changed

    def _require_permission(self, request: HttpRequest, article: Article) -> None:
        if not self.has_publish_permission(request, article):
            raise publishing.PublishingError(gettext("You may not publish in its section."))


def _change_page(article: Article) -> str:
    return reverse("admin:newsroom_article_change", args=[article.pk])
