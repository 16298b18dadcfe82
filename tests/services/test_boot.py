"""What the environment must say before the project starts, and what it does without a word."""

import secrets
import stat
import sys
from collections.abc import Callable

import pytest

from newsroom.secret_key import local_secret_key
from tests.services.project import Project

PRODUCTION = {
    "DATABASE_URL": "postgres://newsroom:secret@db.example.org/newsroom",
    "ALLOWED_HOSTS": "news.example.org",
    "HTTPS": "true",
}


@pytest.fixture
def bare_project(make_project: Callable[..., Project]) -> Callable[..., Project]:
    """Factory of projects without a SECRET_KEY."""

    def make(**environment: str) -> Project:
        project = make_project(**environment)
        del project.environment["SECRET_KEY"]
        return project

    return make


def test_plain_checkout_makes_one_key_and_keeps_it(bare_project: Callable[..., Project]) -> None:
    project = bare_project()
    show_key = ["shell", "-c", "from django.conf import settings; print(settings.SECRET_KEY)"]
    first = project.manage(*show_key).stdout.strip()
    assert first.endswith(local_secret_key(project.directory / "data"))
    assert project.manage(*show_key).stdout.strip() == first
    file = project.directory / "data" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_production_refuses_to_start_without_a_key(bare_project: Callable[..., Project]) -> None:
    result = bare_project(**PRODUCTION).manage("check", check=False)
    assert result.returncode == 1
    assert "SECRET_KEY is not set" in result.stderr


def test_production_settings_pass_the_deployment_checks(
    make_project: Callable[..., Project],
) -> None:
    project = make_project(**PRODUCTION, SECRET_KEY=secrets.token_hex(32))
    project.manage("check", "--deploy", "--fail-level", "WARNING")


def test_only_the_web_process_keeps_a_pool(make_project: Callable[..., Project]) -> None:
    project = make_project(DATABASE_URL=PRODUCTION["DATABASE_URL"])
    pool = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    assert "pool" in project.run([sys.executable, "-c", f"import newsroom.wsgi; {pool}"]).stdout
    assert "pool" not in project.manage("shell", "-c", pool).stdout
