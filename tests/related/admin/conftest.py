"""Fixtures of the admin's tests."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from related.domain.attention.checking import recent_check


@pytest.fixture(autouse=True)
def nothing_checked() -> None:
    """What another test found says nothing of this one."""
    recent_check.forget()


@pytest.fixture
def anna(anna: User, client: Client) -> User:
    """The editor, logged in."""
    client.force_login(anna)
    return anna
