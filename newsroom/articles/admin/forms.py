"""The forms of the newsroom's admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.articles.admin.times import MomentField, SplitMomentField
from newsroom.articles.models import Article, Status
from related.contrib.importing.archives import YEARS


class NamesField(forms.Field):
    """A list of names, written one per line."""

    widget = forms.Textarea(attrs={"rows": 2, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = (line.strip() for line in str(value or "").splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != list(initial or [])


def require_plausible_year(moment: datetime) -> None:
    """Refuse what no other time zone, and so not every page, can show."""
    if moment.year not in YEARS:
        message = _("Choose a year from %(first)d to %(last)d.")
        raise forms.ValidationError(message, params={"first": YEARS[0], "last": YEARS[-1]})


class ArticleForm(forms.ModelForm):
    authors = NamesField(label=_("Authors"), required=False, help_text=_("One name per line."))

    class Meta:
        model = Article
        exclude = ()  # noqa: DJ006 - which fields are shown, the admin's fieldsets say
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"}),
            "slug": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "excerpt": forms.Textarea(attrs={"class": "vLargeTextField", "dir": "auto", "rows": 2}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "dir": "auto", "rows": 24}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields.get("slug")
        if isinstance(slug, forms.SlugField):
            # The slug that the browser proposes has plain letters; typed ones may be of any script.
            slug.allow_unicode = False
        published_at = self.fields.get("published_at")
        if isinstance(published_at, SplitMomentField):
            published_at.kept = self.instance.published_at

    def clean_published_at(self) -> datetime | None:
        published_at = self.cleaned_data["published_at"]
        if published_at is None and self.instance.status == Status.SCHEDULED:
            raise forms.ValidationError(
                _("A scheduled article needs a date. To take it off the schedule, withdraw it.")
            )
        if published_at is not None:
            require_plausible_year(published_at)
        return published_at


class ScheduleForm(forms.Form):
    """Asks when the chosen articles should come out."""

    at = MomentField(
        label=_("Date and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Say when the articles should come out."),
            "invalid": _("Write the date and time like this: 2027-01-31 06:30."),
        },
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        require_plausible_year(at)
        if at <= timezone.now():
            raise forms.ValidationError(_("That moment has passed; choose one in the future."))
        return at
