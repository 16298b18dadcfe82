"""What the desk's buttons send, field by field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from related.domain.desk.queue import QueueFilter, QueueState
from related.domain.documents.lookup import source_and_key
from related.models import Document, Slot, SlotHeading
from related.registry import is_valid_key

# One below what the column holds: the change that is asked for adds one.
MAX_VERSION = 2**31 - 2


class TargetField(forms.CharField):
    """A document by its label, ``app_label.model:id``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=400, **kwargs)

    def clean(self, value: Any) -> Any:
        label = super().clean(value)
        return find_target(label) if label else None


class SelectionField(forms.Field):
    """Ticked links, ``label@version`` each; cleans to pairs of document and version."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "required": _("Nothing was selected. Tick the links to approve first."),
        "too_many": _("More than 100 links were selected."),
    }

    def to_python(self, value: Any) -> list[tuple[Document, int]]:
        if len(value or []) > 100:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        selected = []
        for item in value or []:
            label, _at, version = str(item).rpartition("@")
            version_field = forms.IntegerField(min_value=0, max_value=MAX_VERSION)
            selected.append((find_target(label), version_field.clean(version)))
        return selected


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


class SelectionForm(SlotForm):
    selected = SelectionField()


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
        max_length=3000,
        error_messages={"required": _("The summary is empty. Write one, or take it down instead.")},
    )


class SummaryRemovalForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)


class SearchForm(SlotForm):
    """Words to add a link by."""

    q = forms.CharField(max_length=200)


class QueueForm(forms.Form):
    """The queue's filters; what makes no sense is ignored."""

    state = forms.ChoiceField(choices=QueueState, required=False)
    section = forms.CharField(max_length=255, required=False)
    language = forms.CharField(max_length=35, required=False)
    q = forms.CharField(max_length=200, required=False)
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    def wanted(self) -> tuple[QueueFilter, int]:
        """The filter and the number of the page, from 1."""
        self.full_clean()
        given = self.cleaned_data
        wanted = QueueFilter(
            state=QueueState(given.get("state") or QueueState.TO_REVIEW),
            section=given.get("section", ""),
            language=given.get("language", ""),
            text=given.get("q", ""),
        )
        return wanted, given.get("page") or 1


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
