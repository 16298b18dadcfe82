"""Fixtures of the admin's tests."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def anna(anna: User, client: Client) -> User:
    """The editor, logged in."""
    client.force_login(anna)
    return anna
