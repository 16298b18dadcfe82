"""Run a command with DATABASE_URL naming a private PostgreSQL.

`python -m tests.services.on_postgres pytest tests/related` runs those tests on PostgreSQL.
"""

import os
import subprocess
import sys

from tests.services.postgres import PostgresServer


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with PostgresServer() as server, server.database() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
