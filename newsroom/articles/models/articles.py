"""Articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.articles.address_validators import picture_address, web_address
from newsroom.articles.body import sanitize_body
from newsroom.articles.cleaning import as_written, clean, one_line
from newsroom.articles.clock import Clock
from newsroom.articles.language_guess import guess_language
from newsroom.articles.models.earlier_slugs import EarlierSlug
from newsroom.articles.models.sections import Section, Tag
from newsroom.articles.ordering import NEWEST_FIRST, NewestFirstIndex
from newsroom.articles.paths import article_path
from newsroom.articles.slug_fields import AnyScriptSlugField
from newsroom.articles.slugs import SluggedQuerySet, slug_base, unique_slugs

OPENING_CHARACTERS = 1_000  # far more than the words that lists show

# Two or three letters, then parts such as a country or a script: en, pt-br, zh-hant.
LANGUAGE_CODE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"

_language_code = RegexValidator(
    LANGUAGE_CODE, message=_("Enter a language code, such as en, es or pt-br.")
)


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class LanguageBasis(models.TextChoices):
    """How an article's language is known."""

    GIVEN = "given", _("its source")
    TEXT = "text", _("its text")
    UNSURE = "unsure", _("its text, unsure")
    EDITOR = "editor", _("an editor")


class ArticleQuerySet(SluggedQuerySet):
    def visible(self, at: datetime | None = None) -> ArticleQuerySet:
        """What the public may see at a moment (default: now).

        A scheduled article goes live by the database's clock alone; no job has to run. A published
        one without a date is out, and undated.
        """
        is_undated = Q(status=Status.PUBLISHED, published_at__isnull=True)
        return self.outgoing().filter(is_undated | Q(published_at__lte=at or Clock()))

    def taken_slugs(self, slugs: Sequence[str]) -> models.QuerySet[Any, str]:
        """Also earlier ones: an address does not pass on to another article by itself."""
        earlier = EarlierSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True)
        return super().taken_slugs(slugs).union(earlier.order_by()).order_by()

    def outgoing(self) -> ArticleQuerySet:
        """What is out or will come out at its time: published and scheduled articles."""
        return self.filter(status__in=[Status.PUBLISHED, Status.SCHEDULED])

    def upcoming(self) -> ArticleQuerySet:
        """What will come out by itself, but is not out yet."""
        return self.outgoing().filter(published_at__gt=timezone.now())

    def listed(self) -> ArticleQuerySet:
        """With what a list shows: the section, and the body's ``opening`` in place of the body."""
        opening = Substr("body", 1, OPENING_CHARACTERS)
        return self.select_related("section").defer("body").annotate(opening=opening)


class Article(models.Model):
    """One story. Articles have the total order ``(published_at, id)``; newest first by default,
    those that are out without a date last.

    Saving strips what no database can hold, sanitizes the body and fills an empty slug.
    Changes of state go through ``newsroom.articles.publishing``.
    """

    title = models.CharField(_("title"), max_length=1000)
    slug = AnyScriptSlugField(
        _("slug"),
        max_length=200,
        unique=True,
        blank=True,
        error_messages={
            "unique": _("Another article has this slug. Leave it empty to get one that is free.")
        },
        help_text=_("The last part of the address. Left empty, it is made from the title."),
    )
    excerpt = models.TextField(
        _("excerpt"), blank=True, help_text=_("One or two sentences for lists and links.")
    )
    body = models.TextField(
        _("body"),
        blank=True,
        help_text=_("Plain text with blank lines between paragraphs, or HTML."),
    )
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="articles")
    language = models.CharField(
        _("language"),
        max_length=16,
        default="en",
        blank=True,
        validators=[_language_code],
        help_text=_("Language code, such as en or es. Left empty, it is told from the text."),
    )
    language_basis = models.CharField(
        _("language known from"),
        max_length=16,
        choices=LanguageBasis,
        default=LanguageBasis.GIVEN,
        db_default=LanguageBasis.GIVEN,
    )
    authors = models.JSONField(_("authors"), default=list, blank=True)
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("Agency or publication that the text came from."),
    )
    image_url = models.CharField(
        _("image address"),
        max_length=1000,
        blank=True,
        validators=[picture_address],
        help_text=_("A full web address, or a path on this site such as /static/boat.jpg."),
    )
    origin_url = models.URLField(
        _("original address"), max_length=1000, blank=True, validators=[web_address]
    )
    external_id = models.CharField(
        _("external id"), max_length=200, unique=True, null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("Left empty on a published article, it is shown as undated."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    opening: str  # only on articles that come from listed()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = NEWEST_FIRST
        indexes = [
            NewestFirstIndex(name="article_newest_first"),
            NewestFirstIndex("section", name="article_section_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_scheduled_has_date",
                condition=~Q(status="scheduled") | Q(published_at__isnull=False),
                violation_error_message=_("A scheduled article needs a date."),
            ),
        ]
        permissions = [
            ("publish_article", "Can publish, schedule and withdraw articles"),
            ("edit_all_sections", "Can edit, publish and decide in every section"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalize()
        if not self.slug:
            self.slug = unique_slugs(Article.objects, [self.slug_base()])[0]
        if not self.language:
            self.guess_language()
        # Where no transaction is open, Django commits the row before it sends post_save: a crash
        # in between would leave a change that nobody is told of.
        with transaction.atomic(savepoint=False):
            before = self._slug_before(kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            if before != self.slug:
                EarlierSlug.note_change(self, before)

    def get_absolute_url(self) -> str:
        return article_path(self.slug)

    @transaction.atomic(savepoint=False)
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)

    def _slug_before(self, update_fields: Collection[str] | None) -> str | None:
        """The stored slug; None for a new article."""
        if update_fields is not None and "slug" not in update_fields:
            return self.slug
        return Article.objects.filter(pk=self.pk).values_list("slug", flat=True).first()

    def normalize(self) -> None:
        """Bring the text fields into the form that is stored; bulk writers call it themselves."""
        self.title = one_line(self.title)
        self.excerpt = one_line(self.excerpt)
        self.body = sanitize_body(clean(self.body))
        self.language = one_line(self.language)
        self.authors = [name for name in map(one_line, self.authors) if name]
        self.source = one_line(self.source)
        self.image_url = as_written(self.image_url)
        self.origin_url = as_written(self.origin_url)
        self.external_id = as_written(self.external_id or "") or None

    def guess_language(self) -> None:
        """Set the language by the text, and whether that is sure."""
        guess = guess_language(self.title, self.body)
        self.language = guess.code
        self.language_basis = LanguageBasis.TEXT if guess.is_sure else LanguageBasis.UNSURE

    def slug_base(self) -> str:
        """The title as a slug, not yet made unique."""
        return slug_base(self.title, "article", 200)

    @property
    def is_visible(self) -> bool:
        """Whether the public may see this article now; the same rule as ``visible()``."""
        return self.current_status == Status.PUBLISHED

    @property
    def current_status(self) -> Status:
        """The status with the clock taken into account: out is published, due is scheduled."""
        if self.published_at is None or self.status in {Status.DRAFT, Status.WITHDRAWN}:
            return Status(self.status)
        return Status.PUBLISHED if self.published_at <= timezone.now() else Status.SCHEDULED
