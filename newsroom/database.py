"""How the newsroom talks to its database: PostgreSQL, or an SQLite file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

SQLITE = {
    # A transaction that starts by reading and then writes fails at once when another one wrote in
    # between, without waiting; IMMEDIATE takes its turn at the start instead.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds to wait for that turn
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
POSTGRESQL = {
    "connect_timeout": 5,
    # A database host that is gone says no goodbye: after 30 s this end gives up, too, not after the
    # two hours of the system's.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
POOL = {"min_size": 1, "max_size": 8, "timeout": 10}


def database_settings(
    env: environ.Env, data_dir: Path, *, is_pooled: bool, keeps_plans: bool
) -> dict[str, Any]:
    """One entry of DATABASES.

    Args:
        data_dir: where the SQLite file is kept if DATABASE_URL names no other database.
        is_pooled: threads share a few connections.
        keeps_plans: what a connection sends often is planned once.
    """
    if not env.str("DATABASE_URL", default=""):
        data_dir.mkdir(parents=True, exist_ok=True)
        name = data_dir / "newsroom.sqlite3"
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": SQLITE}
    database: dict[str, Any] = env.db_url("DATABASE_URL")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE
    elif database["ENGINE"] == "django.db.backends.postgresql":
        plans = {"prepare_threshold": 5} if keeps_plans else {}
        database["OPTIONS"] = {**POSTGRESQL, **plans, **database.get("OPTIONS", {})}
        if is_pooled:
            database["OPTIONS"]["pool"] = POOL
    return database
