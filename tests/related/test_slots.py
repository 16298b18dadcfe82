"""What slots say of themselves."""

from __future__ import annotations

import pytest

from related.enums import Rule
from related.models import Slot


@pytest.mark.django_db
@pytest.mark.parametrize("rule", Rule)
def test_a_slot_goes_by_similarity_or_by_date_or_stays_empty(rule: Rule) -> None:
    slot = Slot.objects.get(key="related")
    slot.rule = rule
    slot.save()
    assert slot.goes_by_similarity + slot.goes_by_date == (rule != Rule.NONE)
    assert slot.goes_by_similarity == Slot.objects.by_similarity().filter(pk=slot.pk).exists()


def test_a_slot_is_called_by_its_heading_or_its_key() -> None:
    assert Slot(key="related", heading="Related stories").name == "Related stories"
    assert Slot(key="related").name == "related"


def test_the_computed_fields_are_fields() -> None:
    fields = {field.name for field in Slot._meta.concrete_fields}
    assert set(Slot.COMPUTED_FIELDS) <= fields
