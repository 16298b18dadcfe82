"""What the checks find in the project as a test has set it up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import CheckMessage, run_checks


@pytest.fixture
def check(db: None) -> Callable[[], list[CheckMessage]]:
    return lambda: run_checks(tags=["related"])
