"""The page of a slot with a preview: its form as it was sent, and what that would change."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib.admin.helpers import AdminForm
from django.forms import ModelForm

from related.domain.documents.titles import read_titles
from related.domain.reports.decision_previews import preview_decisions
from related.domain.reports.rule_previews import RulePreview, preview_rule
from related.models import Document, Slot

MOST_SHOWN = 12  # articles


def preview_context(now: Slot, form: ModelForm[Slot]) -> dict[str, Any]:
    """For the template. The form is valid, and nothing of it is saved."""
    then = copy(now)
    for name in form.changed_data:
        setattr(then, name, form.cleaned_data[name])
    rule = preview_rule(now, then)
    if rule is None:
        return {"is_engine_away": True}
    changed = rule.changed
    return {
        "preview": rule,
        "preview_decisions": preview_decisions(now, then),
        "changed_fields": [form.fields[name].label for name in form.changed_data],
        "articles": _with_titles(changed[:MOST_SHOWN], rule),
        "n_more": max(len(changed) - MOST_SHOWN, 0),
        "shows_at_once": now.requires_approval and not then.requires_approval,
        "moves": bool({"position", "heading"} & set(form.changed_data)),
    }


def admin_form(admin: Any, request: Any, form: ModelForm[Slot], slot: Slot) -> AdminForm:
    """The form in the admin's own dress, as its change view makes it."""
    return AdminForm(
        form,
        list(admin.get_fieldsets(request, slot)),
        {},
        admin.get_readonly_fields(request, slot),
        model_admin=admin,
    )


def _with_titles(articles: list[Any], rule: RulePreview) -> list[dict[str, Any]]:
    ids = {t for each in articles for t in (*each.kept, *each.lost, *each.gone, *each.gained)}
    targets = Document.objects.in_bulk(ids)
    titles = read_titles([*(each.document for each in articles), *targets.values()])

    def named(keys: list[int]) -> list[str]:
        return [titles[key] for key in keys if key in titles]

    return [
        {
            "document": each.document,
            "title": titles[each.document.pk],
            "lost": named(each.lost),
            "gone": named(each.gone),
            "gained": named(each.gained),
            "n_kept": len(each.kept),
        }
        for each in articles
    ]
