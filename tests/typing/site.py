"""The examples of the Python API page, as one file of a site; mypy checks it strictly."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils import translation
from django.utils.html import format_html

import related
from newsroom.articles.models import Article, Tag
from related.addresses import web_address
from related.admin.filters import CheckedFilters
from related.admin.take_down import TakeDownAdmin
from related.admin.writing import LinksWhileWriting
from related.api.health import healthz, readyz
from related.contrib.importing.archives import Archive, Notice, Refusal, Row
from related.contrib.importing.saving import ModelImport, RowRefusedError, Totals
from related.editors import EDITOR_PERMISSIONS, grant_editor_permissions
from related.languages import page_language, writing_direction
from related.links import approve_links, fill_places, pages_linking_to, unseen_links
from related.metrics import metrics
from related.signals import links_changed, pages_changed
from related.text import (
    base_language,
    clean_text,
    has_too_many_attributes,
    plain_line,
    plain_text,
    stemmer_name,
    without_markup,
)


@related.register(Article)
class ArticleSource(related.Source):
    def queryset(self) -> QuerySet[Article]:
        return Article.objects.outgoing()

    def public(self) -> QuerySet[Article]:
        return Article.objects.visible()

    def title(self, obj: Article) -> str:
        return obj.title

    def text(self, obj: Article) -> str:
        return obj.body

    def url(self, obj: Article) -> str:
        return obj.get_absolute_url()

    def language(self, obj: Article) -> str:
        return obj.language


def rename_source(old: str, new: str) -> None:
    with transaction.atomic():
        articles = list(Article.objects.select_for_update().filter(source=old).order_by("pk"))
        Article.objects.filter(source=old).update(source=new)
        related.mark_changed(articles)


def publish_all(articles: Iterable[Article]) -> None:
    with transaction.atomic(), related.bulk_changes():
        for article in articles:
            article.status = "published"
            article.save()


def teaser(article: Article) -> str:
    return " ".join(plain_text(article.body).split()[:32])


def store(html: str) -> str:
    return without_markup(html) if has_too_many_attributes(html) else html


def save_headline(article: Article, headline: str) -> None:
    article.title = plain_line(headline)
    article.save()


def find_tag(name: str) -> Tag | None:
    return Tag.objects.filter(name=clean_text(name)).first()


def are_compared(one: Article, other: Article) -> bool:
    return base_language(one.language) == base_language(other.language)


def is_stemmed(article: Article) -> bool:
    return stemmer_name(article.language) is not None


def image(article: Article) -> str:
    address = web_address(article.image_url)
    return format_html('<img src="{}" alt="">', address) if address else ""


def heading(article: Article, text: str) -> str:
    with translation.override(page_language(article.language)):
        return translation.gettext(text)


def direction(article: Article) -> str:
    return writing_direction(article.language)


@receiver(links_changed)
def purge_pages(sender: Any, document_ids: list[int] | None, **kwargs: Any) -> None:
    if document_ids is None:
        purge("/")
        return
    for url_path in sender.objects.filter(pk__in=document_ids).values_list("url_path", flat=True):
        purge(f"{url_path}/")


def purge(path: str) -> None:
    """Tell the cache to forget this path and what lies below it."""


@receiver(pages_changed)
def queue_pages(sender: Any, document_ids: list[int] | None, **kwargs: Any) -> None:
    for document in sender.objects.filter(pk__in=document_ids or []):
        remember(document.label)


def remember(label: str) -> None:
    """Insert a row that says that this page is to be rendered again."""


def make_reviewers() -> Group:
    group, _ = Group.objects.get_or_create(name="Reviewers")
    grant_editor_permissions(group)
    return group


def is_reviewer(user: Any) -> bool:
    return bool(user.has_perms([f"related.{name}" for name in EDITOR_PERMISSIONS]))


def keep_choices(article: Article, chosen: list[Article], editor: Any) -> str:
    return f"{approve_links(article, 'related', chosen, editor)} of {len(chosen)} links kept"


def withdraw_story(story: str, editor: Any) -> str:
    articles = list(Article.objects.visible().filter(source=story))
    pages = pages_linking_to(articles, editor)
    for article in articles:
        article.status = "withdrawn"
        article.save()
    filled = fill_places(pages, editor)
    return f"{filled.n_links} places filled on {filled.n_pages} of {len(pages)} pages"


def what_is_missing(article: Article) -> list[str]:
    return [f"{link.title}: {link.standing}" for link in unseen_links([article])]


class ArticleAdmin(TakeDownAdmin):
    actions = ["withdraw"]

    @admin.action(permissions=["change"], description="Withdraw selected articles")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        articles = list(queryset)

        def leave() -> list[Article]:
            for article in articles:
                article.status = "withdrawn"
                article.save()
            return articles

        title = f"Before you withdraw {len(articles)} articles"
        return self.take_down(request, articles, leave, title=title, button="Withdraw")


class TagAdmin(CheckedFilters):
    search_fields = ["name"]


class WritingAdmin(LinksWhileWriting):
    list_display = ["title", "status"]


urlpatterns = [
    path("api/v1/", include("related.api.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
]


def api_address(article: Article) -> str:
    return reverse("related_api:links-of-one", args=["newsroom.article", article.pk])


def titles(path: str) -> list[str]:
    with Archive(path) as archive:
        return [found.data["title"] for found in archive if isinstance(found, Row)]


class ArticleImport(ModelImport):
    model = Article
    fields = {"title": "title", "body": "body", "published_at": "published_at", "status": "status"}

    def complete(self, obj: Article, values: Mapping[str, Any]) -> None:
        if not obj.body:
            raise RowRefusedError("it has no text")
        obj.slug = obj.slug or f"imported-{obj.external_id}"


def import_all(path: str) -> tuple[Totals, list[Refusal | Notice]]:
    reported: list[Refusal | Notice] = []
    with Archive(path) as archive:
        return ArticleImport(reported.append).run(archive), reported
