"""Articles in the admin: the list, the form, and the ways to the page and to its links."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from newsroom.articles import editors
from newsroom.articles.admin.forms import ArticleForm
from newsroom.articles.admin.states import StateAdmin
from newsroom.articles.admin.times import SplitMomentField
from newsroom.articles.models import Article, LanguageBasis, Status
from newsroom.articles.previews import preview_url
from newsroom.articles.publishing import describe_state
from related.admin.writing import LinksWhileWriting


class StatusFilter(admin.SimpleListFilter):
    """By the status that counts now: a scheduled article whose date has come is published."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Status.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case Status.PUBLISHED:
                return queryset.visible()
            case Status.SCHEDULED:
                return queryset.upcoming()
            case Status.DRAFT | Status.WITHDRAWN as status:
                return queryset.filter(status=status)
        return queryset


@admin.register(Article)
class ArticleAdmin(LinksWhileWriting, StateAdmin):
    form = ArticleForm
    formfield_overrides = {
        models.DateTimeField: {"form_class": SplitMomentField, "widget": AdminSplitDateTime}
    }
    list_filter = [StatusFilter, "section", "language", "language_basis", "published_at"]
    list_select_related = ["section"]
    list_per_page = 50
    actions = (*StateAdmin.actions, "confirm_language")
    search_fields = ["title", "excerpt", "source", "tags__name", "=external_id", "=slug"]
    search_help_text = _("Words of the title or excerpt, a tag, a source or an external id")
    date_hierarchy = "published_at"
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["tags"]
    view_on_site = False  # hidden articles have no public page; the template has its own links
    fieldsets = [
        (None, {"fields": ["title", "slug", "excerpt", "body"]}),
        (
            _("Filing"),
            {
                "fields": [
                    *["section", "tags", "language", "language_basis"],
                    *["authors", "source", "image_url"],
                ]
            },
        ),
        (_("Publication"), {"fields": ["state", "published_at"]}),
        (_("Origin"), {"fields": ["external_id", "origin_url", "created_at", "updated_at"]}),
    ]

    class Media:
        css = {"all": ["newsroom/admin.css"]}

    def get_list_display(self, request: HttpRequest) -> Any:
        links = "review_and_preview" if _may_review(request) else "preview"
        return ["title", links, "short_state", "section", "written_in", "published_at"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Article | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 (Django's own signature)
        **kwargs: Any,
    ) -> type[ModelForm[Article]]:
        form = super().get_form(request, obj, change, **kwargs)
        section: Any = form.base_fields.get("section")
        if section is None or obj is None or editors.edits_every_section(request.user):
            return form
        if obj.status != Status.DRAFT:
            # What is out may move only to where the editor could have published it.
            section.queryset, section.required = editors.sections_of(request.user), True
        elif not editors.may_move(request.user, obj):
            section.disabled = True
            section.help_text = gettext("An editor of this section moves the article elsewhere.")
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fixed = ["state", "language_basis", "external_id", "created_at", "updated_at"]
        return fixed if self.has_publish_permission(request, obj) else [*fixed, "published_at"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": "", **super().get_changeform_initial_data(request)}

    def save_model(
        self,
        request: HttpRequest,
        obj: Article,
        form: Any,
        change: bool,  # noqa: FBT001 (Django's own signature)
    ) -> None:
        # What an editor writes stays, whatever an import says later; an emptied field is a guess.
        if "language" in form.changed_data and obj.language:
            obj.language_basis = LanguageBasis.EDITOR
        super().save_model(request, obj, form, change)

    @admin.display(description=_("status"), ordering="status")
    def short_state(self, article: Article) -> SafeString:
        return _badge(article, str(article.current_status.label))

    @admin.display(description=_("language"), ordering="language")
    def written_in(self, article: Article) -> str:
        is_unsure = article.language_basis == LanguageBasis.UNSURE
        return gettext("%(code)s?") % {"code": article.language} if is_unsure else article.language

    @admin.action(permissions=["change"], description=_("Confirm the language"))
    def confirm_language(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """What an import or a guess says later does not change it any more."""
        own = [article.pk for article in queryset if self.has_change_permission(request, article)]
        n = Article.objects.filter(pk__in=own).update(language_basis=LanguageBasis.EDITOR)
        done = ngettext(
            "The language of %(n)d article stays.", "The languages of %(n)d articles stay.", n
        )
        self.message_user(request, done % {"n": n}, messages.SUCCESS)

    @admin.display(description=_("status"))
    def state(self, article: Article) -> SafeString:
        return _badge(article, describe_state(article))

    @admin.display(description=_("links"))
    def preview(self, article: Article) -> SafeString:
        return _link(preview_url(article), gettext("Preview"), article)

    @admin.display(description=_("links"))
    def review_and_preview(self, article: Article) -> SafeString:
        preview = self.preview(article)
        if not _is_reviewable(article):
            return preview
        return format_html(
            "{}<br>{}", _link(_review_url(article), gettext("Review links"), article), preview
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Article | None = context.get("original")
        context["may_publish"] = self.has_publish_permission(request, obj)
        if obj is not None:
            context["preview_url"] = preview_url(obj)
            context["public_url"] = obj.get_absolute_url() if obj.is_visible else ""
            reviewable = _may_review(request) and _is_reviewable(obj)
            context["review_url"] = _review_url(obj) if reviewable else ""
            context["may_withdraw"] = obj.status in {Status.PUBLISHED, Status.SCHEDULED}
        return super().render_change_form(request, context, *args, **kwargs)


def _badge(article: Article, text: str) -> SafeString:
    return format_html(
        '<span class="newsroom-state newsroom-state--{}">{}</span>', article.current_status, text
    )


def _link(address: str, text: str, article: Article) -> SafeString:
    return format_html(
        '<a href="{}" aria-label="{}: {}">{}</a>', address, text, article.title, text
    )


def _may_review(request: HttpRequest) -> bool:
    return request.user.has_perm("related.view_suggestion")


def _is_reviewable(article: Article) -> bool:
    """Whether links are found for the article: while it is written, once it will come out or is."""
    return article.status != Status.WITHDRAWN


def _review_url(article: Article) -> str:
    return reverse("admin:related_document_review", args=["newsroom.article", str(article.pk)])
