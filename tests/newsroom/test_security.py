"""Headers and hosts: what every response carries, and whom the site answers."""

import pytest
from django.test import Client


@pytest.mark.django_db  # the page for what is missing lists the sections
def test_every_response_has_the_policy(client: Client) -> None:
    for path in ("/healthz", "/no/such/page"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy


def test_other_hosts_are_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "localhost"}).status_code == 200
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
