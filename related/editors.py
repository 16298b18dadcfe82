"""Which permissions make an editor; importable once Django has loaded the models."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _

__all__ = ["EDITOR_PERMISSIONS", "grant_editor_permissions"]

# To see suggestions, to find documents in the admin, to decide.
EDITOR_PERMISSIONS = ("view_suggestion", "view_document", "change_decision")


def grant_editor_permissions(group: Group) -> None:
    """Let the members of a group review: adds EDITOR_PERMISSIONS to what the group may do.

    Safe to repeat; what the group may do already stays.

    Raises:
        LookupError: the permissions do not exist yet; ``migrate`` creates them.
    """
    permissions = Permission.objects.filter(
        content_type__app_label="related", codename__in=EDITOR_PERMISSIONS
    )
    if len(permissions) < len(EDITOR_PERMISSIONS):
        raise LookupError(_("The permissions of `related` are missing: run `manage.py migrate`."))
    group.permissions.add(*permissions)
