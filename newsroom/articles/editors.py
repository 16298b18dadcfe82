"""What an editor of this newsroom may do."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from related.domain import editors

ARTICLE_PERMISSIONS = (
    "add_article",
    "change_article",
    "view_article",
    "publish_article",
    "view_section",
    "view_tag",
    "add_tag",
)
# Beyond reviewing: how the slots are filled, and what was decided and rebuilt.
DESK_PERMISSIONS = (
    "view_slot",
    "change_slot",
    "view_decision",
    "view_decisionlog",
    "view_rebuildrun",
)


def grant_editor_permissions(group: Group) -> None:
    """Let the members of a group write, publish and review; safe to repeat."""
    editors.grant_editor_permissions(group)
    for app_label, codenames in (("newsroom", ARTICLE_PERMISSIONS), ("related", DESK_PERMISSIONS)):
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
        )
