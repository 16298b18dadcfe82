"""What `manage.py check` finds of ours in the project as a test has set it up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import CheckMessage, run_checks

from related.checks.objects import check_objects


@pytest.fixture
def check(db: None) -> Callable[[], list[CheckMessage]]:
    return lambda: [*run_checks(tags=["related"]), *check_objects()]
