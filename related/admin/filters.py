"""Filters of the admin's lists that come from an address, where anything can be written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DatabaseError
from django.http import HttpRequest

__all__ = ["CheckedFilters"]


class CheckedFilters(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in stubs only
    """Answers a filter that no database can look up as the admin answers any wrong filter.

    Django checks a value against its field only; a NUL character or a year beyond the calendar
    raises when the list is counted, and the editor would read "server error".
    """

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except (DatabaseError, ValueError, OverflowError) as error:
            # Without a filter to blame, the database itself is in trouble: let it be seen.
            if not request.GET or ERROR_FLAG in request.GET:
                raise
            raise IncorrectLookupParameters from error
