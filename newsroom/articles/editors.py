"""Who may do what in this newsroom: three groups, and the sections that an editor is for.

contributor      writes drafts; sees the review desk, decides nothing
section editor   publishes and decides in the sections that name them as an editor
chief editor     does so in every section, and says who edits which
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from newsroom.articles.models import Article, Section, Status

CONTRIBUTOR = frozenset(
    {
        "newsroom.add_article",
        "newsroom.change_article",
        "newsroom.view_article",
        "newsroom.view_section",
        "newsroom.view_tag",
        "newsroom.add_tag",
        "related.view_suggestion",
        "related.view_document",
    }
)
SECTION_EDITOR = CONTRIBUTOR | {
    "newsroom.publish_article",
    "related.change_decision",
    "related.change_sensitivity",
    "related.change_document",  # to try a failed one again
    "related.view_decision",
    "related.view_decisionlog",
    "related.view_slot",
}
CHIEF_EDITOR = SECTION_EDITOR | {
    "newsroom.edit_all_sections",
    "newsroom.add_section",
    "newsroom.change_section",
    "related.change_slot",
    "related.change_policy",
    "related.view_rebuildrun",
}
GROUPS = {
    "Contributors": CONTRIBUTOR,
    "Section editors": SECTION_EDITOR,
    "Chief editors": CHIEF_EDITOR,
}


def create_groups() -> dict[str, Group]:
    """The three groups by name, each with at least its permissions; safe to repeat.

    Raises:
        LookupError: the permissions do not exist yet; ``migrate`` creates them.
    """
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in GROUPS}
    for name, group in groups.items():
        grant(group, GROUPS[name])
    return groups


def create_missing_groups(using: str) -> None:
    """The groups that do not exist yet, once the tables and permissions are there.

    What a group may do already is the site's own decision: nothing is added to it.
    """
    known = set(Group.objects.using(using).values_list("name", flat=True))
    for name in GROUPS.keys() - known:
        try:
            with transaction.atomic(using=using):
                grant(Group.objects.using(using).create(name=name), GROUPS[name])
        except LookupError:  # on the way back to an older release, whose permissions are fewer
            return


def grant_editor_permissions(group: Group) -> None:
    """Let the members of a group do what a chief editor does; safe to repeat."""
    grant(group, CHIEF_EDITOR)


def grant(group: Group, names: frozenset[str]) -> None:
    """Add permissions, ``app_label.codename`` each, to what a group may do.

    Raises:
        LookupError: some do not exist yet; ``migrate`` creates them.
    """
    known = Permission.objects.filter(
        content_type__app_label__in=["newsroom", "related"],
        codename__in=[name.partition(".")[2] for name in names],
    ).select_related("content_type")
    found = {f"{each.content_type.app_label}.{each.codename}": each for each in known}
    if missing := names - found.keys():
        message = _("No such permissions: %(names)s. Run `manage.py migrate`.")
        raise LookupError(message % {"names": ", ".join(sorted(missing))})
    group.permissions.add(*(found[name] for name in names))


def edits_every_section(user: Any) -> bool:
    return bool(user.has_perm("newsroom.edit_all_sections"))


def sections_of(user: Any) -> QuerySet[Section]:
    """The sections in which a user publishes and decides, given the permission to do so at all."""
    return Section.objects.all() if edits_every_section(user) else user.edited_sections.all()


def readable(user: Any) -> QuerySet[Article]:
    """What a user may read: everything, with the permission to view articles; else what is out."""
    views_all = user.has_perm("newsroom.view_article") or user.has_perm("newsroom.change_article")
    return Article.objects.all() if views_all else Article.objects.visible()


def may_publish(user: Any, article: Article) -> bool:
    """Whether a user may put this article out, in its present section, or take it off the site.

    What is in no section is for those who edit every section.
    """
    if not user.has_perm("newsroom.publish_article"):
        return False
    if edits_every_section(user):
        return True
    return article.section_id is not None and user.edited_sections.contains(article.section)


def may_move(user: Any, article: Article) -> bool:
    """Whether a user may file a draft elsewhere. Who publishes takes no other section's draft into
    one of their own; who only writes moves any draft, and publishes none."""
    if not user.has_perm("newsroom.publish_article") or edits_every_section(user):
        return True
    return article.section_id is None or user.edited_sections.contains(article.section)


def may_change(user: Any, article: Article) -> bool:
    """Whether a user may edit this article: a draft is open to all who write, what was published
    or is scheduled only to those who may publish it."""
    if not user.has_perm("newsroom.change_article"):
        return False
    return article.status == Status.DRAFT or may_publish(user, article)
