"""Where the programs are that the tests need, and what to install when one is missing.

`python -m tests.services.programs` installs Debian's packages where it may (root, apt-get), and
else says what to install and exits with 1.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


class MissingProgramError(Exception):
    """A program is not installed; `package` is its Debian package."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(
            f"{program} is not installed. On Debian and Ubuntu: apt-get install {package}"
        )
        self.package = package


def postgres_bin() -> Path:
    """Return the directory of initdb and postgres, of the newest version that is installed."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if not versions:
        raise MissingProgramError("PostgreSQL (initdb)", "postgresql")
    return versions[-1].parent


def redis_server() -> Path:
    """Return the path of redis-server."""
    return first_on_path("Redis (redis-server)", "redis-server", ["redis-server", "valkey-server"])


def chromium() -> Path:
    """Return the path of a Chromium that Playwright can drive."""
    return first_on_path("Chromium", "chromium", ["chromium", "chromium-browser", "google-chrome"])


def xgettext() -> Path:
    """Return the path of xgettext, with which the tests look for strings without a translation."""
    return first_on_path("GNU gettext (xgettext)", "gettext", ["xgettext"])


def curl() -> Path:
    """Return the path of curl, with which the guide's commands ask the API."""
    return first_on_path("curl", "curl", ["curl"])


def node() -> Path:
    """Return the path of Node.js, which runs the guide's JavaScript; version 18 or later."""
    return first_on_path("Node.js (node)", "nodejs", ["node", "nodejs"])


def npm() -> Path:
    """Return the path of npm, with which `make clients` installs what makes clients."""
    return first_on_path("npm", "npm", ["npm"])


def first_on_path(program: str, package: str, names: list[str]) -> Path:
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    raise MissingProgramError(program, package)


def missing() -> list[MissingProgramError]:
    """Return one error for each program that is not there."""
    errors = []
    for find in (postgres_bin, redis_server, chromium, xgettext, curl, node):
        try:
            find()
        except MissingProgramError as error:
            errors.append(error)
    return errors


def install(packages: list[str]) -> None:
    """Install Debian packages. Runlevel 1 keeps them from starting services of their own."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-y", *command], env=environment, check=True)


def main() -> int:
    packages = [error.package for error in missing()]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing what the tests need: {', '.join(packages)} ...", flush=True)
        install(packages)
    for error in missing():
        print(error, file=sys.stderr)
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())
