"""Editors, each with no more than the permissions that a test is about."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission, User

from related.editors import grant_editor_permissions


def make_editor(name: str = "anna") -> User:
    """An editor who may review in every section, and do nothing else."""
    group, _ = Group.objects.get_or_create(name="Editors")
    grant_editor_permissions(group)
    group.permissions.add(Permission.objects.get(codename="edit_all_sections"))
    editor = User.objects.create_user(name, password="secret", is_staff=True)
    editor.groups.add(group)
    return editor


def make_staff(name: str, *codenames: str) -> User:
    """A user who may enter the admin, with these permissions of the plugin."""
    user = User.objects.create_user(name, password="secret", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="related", codename__in=codenames)
    )
    return user
