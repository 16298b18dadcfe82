"""The login's limit: by account and by address, in words, without a cache server."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from newsroom.logins import PERIOD, TRIES_OF_ACCOUNT, TRIES_OF_ADDRESS, Tries

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
REFUSED = "Too many wrong passwords. Wait 2 minutes, then try again."


@pytest.fixture(autouse=True)
def editor(settings: Settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_user("anna", password="right", is_staff=True)


def log_in(client: Client, name: str, password: str, address: str = "192.0.2.1") -> HttpResponse:
    form = {"username": name, "password": password, "next": "/admin/"}
    return client.post(LOGIN, form, REMOTE_ADDR=address)


def is_refused(answer: HttpResponse) -> bool:
    return REFUSED in answer.content.decode()


def test_an_account_is_guessed_from_many_addresses(client: Client) -> None:
    for number in range(TRIES_OF_ACCOUNT):
        assert not is_refused(log_in(client, "anna", "wrong", f"192.0.2.{number}"))
    assert is_refused(log_in(client, "anna", "right", "198.51.100.1"))
    assert "_auth_user_id" not in client.session
    assert not is_refused(log_in(client, "ben", "wrong", "198.51.100.1"))


def test_an_address_guesses_many_accounts(client: Client) -> None:
    for number in range(TRIES_OF_ADDRESS):
        assert not is_refused(log_in(client, f"user{number}", "wrong"))
    page = log_in(client, "anna", "right").content.decode()
    assert "Too many wrong passwords. Wait 1 minute, then try again." in page
    assert log_in(client, "anna", "right", "198.51.100.1").status_code == 302


def test_the_right_password_forgets_the_wrong_ones(client: Client) -> None:
    for _ in range(3):
        for _ in range(TRIES_OF_ACCOUNT - 1):
            log_in(client, "anna", "wrong")
        assert log_in(client, "anna", "right", "198.51.100.1").status_code == 302
        client.logout()


def test_a_refused_try_hashes_nothing(client: Client, settings: Settings) -> None:
    for _ in range(TRIES_OF_ACCOUNT):
        log_in(client, "anna", "wrong")
    settings.PASSWORD_HASHERS = ["tests.newsroom.no_such.Hasher"]  # fails when it is asked for
    assert is_refused(log_in(client, "anna", "right"))


def test_tries_come_back_one_after_the_other() -> None:
    tries = Tries(3)
    assert [tries.take("anna", now=0) for _ in range(3)] == [0, 0, 0]
    assert tries.take("anna", now=0) == pytest.approx(PERIOD / 3)
    assert tries.take("anna", now=PERIOD / 3) == 0
    assert tries.take("anna", now=PERIOD / 3) > 0


def test_forged_headers_are_no_new_address(client: Client) -> None:
    for number in range(TRIES_OF_ADDRESS):
        form = {"username": f"user{number}", "password": "wrong"}
        client.post(LOGIN, form, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert "Too many wrong passwords" in client.post(LOGIN, form).content.decode()
