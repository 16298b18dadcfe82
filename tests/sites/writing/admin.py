from __future__ import annotations

from django.contrib import admin

from related.admin.writing import LinksWhileWriting
from tests.sites.writing.models import Note, Story


class NoteInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in stubs only
    model = Note
    extra = 1


@admin.register(Story)
class StoryAdmin(LinksWhileWriting, admin.ModelAdmin):  # type: ignore[type-arg]
    inlines = [NoteInline]
