"""What the desk's buttons send, field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from related.domain.desk.queue import QueueAge, QueueFilter, QueueState, QueueSummary
from related.domain.documents.lookup import source_and_key
from related.enums import ReviewReason, Strength, Telling
from related.models import Document, Slot, SlotHeading
from related.registry import Source, is_valid_key

# One below what the column holds: the change that is asked for adds one.
MAX_VERSION = 2**31 - 2
MAX_SUMMARY = 3000


class TargetField(forms.CharField):
    """A document by its label, ``app_label.model:id``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=400, **kwargs)

    def clean(self, value: Any) -> Any:
        label = super().clean(value)
        return find_target(label) if label else None


class SeenLinksField(forms.Field):
    """The links of a proposal, each as ``DeskLink.fields`` writes it: slot, target, version."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"too_many": _("More than 100 links were sent.")}

    def to_python(self, value: Any) -> list[tuple[Slot, Document, int]]:
        if len(value or []) > 100:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        sent = [QueryDict(str(item)) for item in value or []]
        slots = {slot.key: slot for slot in Slot.objects.active()}
        targets = find_targets({item.get("target", "") for item in sent})
        version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)
        links = []
        for item in sent:
            slot, target = slots.get(item.get("slot", "")), targets.get(item.get("target", ""))
            if slot is None or target is None:
                raise ValidationError(_("The page was out of date. Load it again."))
            links.append((slot, target, version.clean(item.get("version", ""))))
        return links


class SlotField(forms.CharField):
    """A slot by its key."""

    def __init__(self, *, active: bool = True, **kwargs: Any) -> None:
        self.active = active
        super().__init__(max_length=50, **kwargs)

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        slot = Slot.objects.filter(key=key).first()
        if slot is None or (self.active and not slot.is_active):
            raise ValidationError(_("This slot is no longer in use. Load the page again."))
        return slot


class SlotForm(forms.Form):
    slot = SlotField()


class LinkForm(SlotForm):
    """One link of one slot, as the editor saw it."""

    target = TargetField()
    version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)
    note = forms.CharField(max_length=500, required=False)


class RejectedForm(LinkForm):
    """A link to decide again, also of a slot that is no longer in use."""

    slot = SlotField(active=False)


class ReplaceForm(LinkForm):
    old = TargetField()
    old_version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)


class KeepForm(LinkForm):
    rival = TargetField()


class StoryForm(forms.Form):
    """Two articles, one of them the page's own unless told otherwise, and what they tell."""

    of = TargetField(required=False)
    target = TargetField()
    telling = forms.ChoiceField(choices=Telling)


class PlaceForm(LinkForm):
    place = forms.IntegerField(min_value=1, max_value=100)


class SwapForm(LinkForm):
    reserve = TargetField()
    reserve_version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)


class AgreeForm(forms.Form):
    """The whole proposal, with the summary if it is ticked."""

    links = SeenLinksField(required=False)
    with_summary = forms.BooleanField(required=False)
    text = forms.CharField(max_length=MAX_SUMMARY, required=False)
    summary_version = forms.IntegerField(min_value=0, max_value=MAX_VERSION, required=False)
    body = forms.CharField(max_length=64, required=False)


class KeysForm(forms.Form):
    on = forms.BooleanField(required=False)


class HeadingForm(SlotForm):
    heading = forms.CharField(
        max_length=SlotHeading._meta.get_field("heading").max_length, required=False
    )


class UndoForm(forms.Form):
    operation = forms.UUIDField()


class SummaryForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)
    body = forms.CharField(max_length=64)  # hash of the body that was on the desk
    text = forms.CharField(
        max_length=MAX_SUMMARY,
        error_messages={"required": _("The summary is empty. Write one, or take it down instead.")},
    )


class SummaryRemovalForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)


class SearchForm(forms.Form):
    """Words to add a link by; beside the queue's filter in one address."""

    to = SlotField()
    q = forms.CharField(max_length=200)


class WhyForm(forms.Form):
    """A card of which the shared words are asked for."""

    why = TargetField()


class PageForm(forms.Form):
    """Which page of a list; the first, where what was asked for makes no sense."""

    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    def number(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("page") or 1


class QueueForm(PageForm):
    """The queue's filters; what makes no sense is ignored."""

    state = forms.ChoiceField(choices=QueueState, required=False)
    reason = forms.TypedChoiceField(
        choices=ReviewReason, coerce=lambda value: ReviewReason(int(value)), required=False
    )
    slot = forms.SlugField(max_length=50, required=False)
    strength = forms.ChoiceField(choices=Strength, required=False)
    age = forms.ChoiceField(choices=QueueAge, required=False)
    summary = forms.ChoiceField(choices=QueueSummary, required=False)
    section = forms.CharField(max_length=255, required=False)
    language = forms.CharField(max_length=35, required=False)
    words = forms.CharField(max_length=200, required=False)
    policy = forms.BooleanField(required=False)
    at = forms.IntegerField(min_value=1, max_value=2**62, required=False)  # open at this document

    def wanted(self) -> QueueFilter:
        self.full_clean()
        given = self.cleaned_data
        return QueueFilter(
            state=QueueState(given.get("state") or QueueState.TO_REVIEW),
            reason=given.get("reason") or None,
            slot=given.get("slot", ""),
            strength=given.get("strength", ""),
            age=given.get("age", ""),
            summary=given.get("summary", ""),
            section=given.get("section", ""),
            language=given.get("language", ""),
            text=given.get("words", ""),
            by_policy=bool(given.get("policy")),
        )


def query_of(wanted: QueueFilter, **changes: Any) -> str:
    """The query string of a filter, with other values; "" for the queue as it opens."""
    values = {
        "state": "" if wanted.state == QueueState.TO_REVIEW else wanted.state.value,
        "reason": wanted.reason.value if wanted.reason else "",
        "slot": wanted.slot,
        "strength": wanted.strength,
        "age": wanted.age,
        "summary": wanted.summary,
        "section": wanted.section,
        "language": wanted.language,
        "words": wanted.text,
        "policy": "on" if wanted.by_policy else "",
    } | changes
    return urlencode({name: value for name, value in values.items() if value})


def find_target(label: str) -> Document:
    """The document of a label.

    Raises:
        ValidationError: there is none.
    """
    try:
        source, key = source_and_key(label)
    except LookupError as error:
        message = _("This link cannot be decided: %(reason)s")
        raise ValidationError(message, params={"reason": str(error)}) from error
    document = None
    if is_valid_key(source.model, key):
        document = Document.objects.for_objects(source.model, [key]).first()
    if document is None:
        raise ValidationError(_("This link cannot be decided: its article is not known here."))
    return document


def find_targets(labels: Iterable[str]) -> dict[str, Document]:
    """The documents of labels, as far as there are any; one query per model."""
    keys: dict[Source, list[str]] = defaultdict(list)
    for label in labels:
        try:
            source, key = source_and_key(label)
        except LookupError:
            continue
        if is_valid_key(source.model, key):
            keys[source].append(key)
    return {
        document.label: document
        for source, some in keys.items()
        for document in Document.objects.for_objects(source.model, some)
    }
