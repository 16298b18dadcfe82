"""Fixtures of the newsroom's tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from newsroom.articles.editors import create_groups
from newsroom.articles.models import Section
from tests.factories import EditorFactory, SectionFactory
from tests.newsroom.desk import PUBLISHER, WRITER
from tests.newsroom.import_runs import Import, import_lines


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """``run(line, ...)`` imports a file of these lines: objects, or bytes as they are."""
    return partial(import_lines, tmp_path / "archive.jsonl")


@pytest.fixture
def publisher(client: Client) -> Client:
    """A browser in which someone is logged in who may write and publish."""
    client.force_login(EditorFactory(permissions=PUBLISHER))
    return client


@pytest.fixture
def writer(client: Client) -> Client:
    """A browser in which someone is logged in who may write, but not publish."""
    client.force_login(EditorFactory(permissions=WRITER))
    return client


@pytest.fixture
def sport() -> Section:
    return SectionFactory(name="Sport")


@pytest.fixture
def news() -> Section:
    return SectionFactory(name="News")


@pytest.fixture
def log_in(client: Client, sport: Section) -> Callable[[str], User]:
    """``log_in(SECTION_EDITOR)``: a member of the group, and an editor of the sport section."""

    def log_in_as(group: str) -> User:
        create_groups()
        user = User.objects.create_user("someone", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        sport.editors.add(user)
        client.force_login(user)
        return user

    return log_in_as
