"""PostgreSQL and Redis as a host of their own offers them to the others."""

from __future__ import annotations

from pathlib import Path

from benchmarks.filled import DURABLE
from benchmarks.hosting.network import ADDRESSES, DATABASE, SUBNET
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

ADDRESS = ADDRESSES[DATABASE]


class OpenPostgres(PostgresServer):
    """Listens to the network as well."""

    def __init__(self, keep: Path | None = None) -> None:
        super().__init__({**DURABLE, "listen_addresses": f"127.0.0.1,{ADDRESS}"}, keep)

    def initialize(self) -> None:
        super().initialize()
        with (self.directory / "cluster" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {SUBNET} scram-sha-256\n")


class OpenRedis(RedisServer):
    """Likewise; nobody else is in this network."""

    def start(self) -> None:
        super().start()
        with self.client() as client:
            client.config_set("protected-mode", "no")
            client.config_set("bind", f"127.0.0.1 {ADDRESS}")


def over_the_network(url: str) -> str:
    """How other hosts name a database or a broker of this one."""
    return url.replace("127.0.0.1", ADDRESS)
