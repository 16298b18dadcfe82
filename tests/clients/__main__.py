"""Clients made from docs/openapi.yaml and the guide's Next.js page: made, called, seen to follow.

`make clients` runs it. It installs from npm and PyPI, at the versions that are locked beside it,
into a folder that is thrown away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.new_site import ROOT, blocks
from tests.services.clients import GUIDE, ServedSite
from tests.services.ports import free_port
from tests.services.programs import MissingProgramError, install, node, npm
from tests.services.project import Project

HERE = Path(__file__).parent
SCHEMA = ROOT / "docs" / "openapi.yaml"
LINK = ">Harbor bridge opens again<"
SECONDS = 600  # that one step may take
KEY = "of the check"
# The guide's receiver, and then a change of links that it hears of.
REVERT = """
from django.core.management import call_command
call_command("revert_decisions", by="anna", since="2026-01-01", user="anna", verbosity=0)
"""


class CheckError(Exception):
    """A client is not what the guide promises."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clients-") as name:
        folder = Path(name)
        (folder / "site").mkdir()
        try:
            find_programs()
            with Project(folder / "site", HEADLESS="true") as project:
                site = ServedSite(project)
                check_python(site, folder)
                check_next(site, folder / "next")
        except (CheckError, MissingProgramError) as error:
            print(f"make clients: {error}", file=sys.stderr)
            return 1
    return 0


def find_programs() -> None:
    """Install npm where that is allowed; node comes with it."""
    try:
        node(), npm()
    except MissingProgramError as error:
        if os.geteuid() or not shutil.which("apt-get"):
            raise
        install([error.package, "npm"])


def check_python(site: ServedSite, folder: Path) -> None:
    """openapi-python-client: made, installed, and called as the guide does."""
    python = folder / "venv" / "bin" / "python"
    with step("a Python client is made, installed and called"):
        run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        run([*pip, "--require-hashes", "-r", str(HERE / "requirements.txt")], folder)
        generate = [str(python.with_name("openapi-python-client")), "generate"]
        generate += ["--fail-on-warning", "--path", str(SCHEMA), "--output-path", "related_client"]
        run(generate, folder, PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}")
        run([*pip, "--no-deps", "--no-build-isolation", "./related_client"], folder)
        write(folder, site, "python", "generated.py")
        printed = run([str(python), "generated.py"], folder, RELATED_KEY=site.key)
        require("'Harbor bridge opens again'" in printed, printed)
        require("created" in printed, printed)


def check_next(site: ServedSite, folder: Path) -> None:
    """openapi-typescript and Next.js: the types fit, the page is built, served, and follows."""
    folder.mkdir()
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    with step("what makes TypeScript clients is installed"):
        run(["npm", "ci", "--no-audit", "--no-fund"], folder)
    with step("the types of the schema"):
        run(["npx", "openapi-typescript", str(SCHEMA), "--output", "related.d.ts"], folder)
    write(folder, site, "tsx", "app/articles/[id]/page.tsx")
    write(folder, site, "ts", "app/api/revalidate/route.ts")
    write(folder, site, "ts", "typed.ts")
    shutil.copy(HERE / "layout.tsx", folder / "app")
    with step("the page is built"):
        run(["npx", "next", "build"], folder)
    with step("every type fits"):
        run(["npx", "tsc", "--noEmit"], folder)
    with step("the page is served, kept, and made again when it is told"):
        port = free_port()
        own = {"REVALIDATE_KEY": KEY, "NEXT_TELEMETRY_DISABLED": "1"}
        command = ["node", str(folder / "node_modules/next/dist/bin/next"), "start", str(folder)]
        site.project.start([*command, "--port", str(port)], **own).wait_for_output("Ready")
        follow(site, f"http://127.0.0.1:{port}")


def follow(site: ServedSite, front: str) -> None:
    """The page has its links, and a change of them at once, long before its minute is over."""
    page = f"{front}/articles/1"
    require(LINK in fetch(page), "the page has no links")
    require("No time to read?" in fetch(page), "the page has no summary")
    require(LINK in fetch(page), "the page is not kept")
    route = f"{front}/api/revalidate"
    try:
        fetch(route, b"{}")
    except urllib.error.HTTPError as error:
        require(error.code == 401, f"without a key, {route} answers {error.code}")
    else:
        raise CheckError(f"{route} asks for no key")
    site.project.environment.update(REVALIDATE_URL=route, REVALIDATE_KEY=KEY)
    [receiver] = [b for b in blocks(GUIDE, "python") if b.startswith("# revalidating.py")]
    site.project.manage("shell", "--no-imports", "-c", receiver + REVERT)
    require(LINK not in fetch(page), "the page does not follow a change of its links")


def write(folder: Path, site: ServedSite, language: str, name: str) -> None:
    """A block of the guide as the file that its first line names, asking the site that is there."""
    [block] = [b for b in blocks(GUIDE, language) if b.splitlines()[0].endswith(f" {name}")]
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(site.here(block))


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "NEXT_TELEMETRY_DISABLED": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    require(done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def fetch(url: str, body: bytes | None = None) -> str:
    with urllib.request.urlopen(url, body, timeout=30) as answer:
        return answer.read().decode()


def require(holds: bool, complaint: str) -> None:
    if not holds:
        raise CheckError(complaint)


@contextmanager
def step(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
