"""The documentation, held true: what it names exists, what exists is named, links lead on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import BaseCommand, get_commands, load_command_class
from django.dispatch import Signal
from django.urls import Resolver404, resolve

from related import signals
from related.templatetags.related import register as tags

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DOCS = ROOT / "docs"
COMMANDS_PAGE = (DOCS / "reference" / "commands.md").read_text()
PAGES_OF_DOCS = sorted(DOCS.glob("**/*.md"))
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
PAGES += [ROOT / "benchmarks" / "README.md", *PAGES_OF_DOCS]

OUR_APPS = {"related", "related.contrib.clicks", "newsroom.articles"}
COMMANDS = {name: app for name, app in get_commands().items() if app in OUR_APPS}
OF_DJANGO = {
    *("check", "collectstatic", "createsuperuser", "dumpdata", "makemigrations", "migrate"),
    *("runserver", "shell", "spectacular", "startapp"),
}
OF_THE_TUTORIAL = {"import_stories"}

# What every command of Django has.
OPTIONS_OF_ALL = {
    option
    for action in BaseCommand().create_parser("manage.py", "any")._actions
    for option in action.option_strings
}

# What stands in an address of the documentation for a value.
EXAMPLES = {
    "{app_label.model}": "newsroom.article",
    "{id}": "12",
    "{slug}": "harbor-bridge-closes",
}


def section_of(page: str, heading: str) -> str:
    """The text below a heading of the second level, up to the next heading."""
    return re.split(r"\n##+ ", page.partition(f"\n## {heading}\n")[2])[0]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def tracked_text_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()]


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert set(re.findall(r"^## (\w+)$", COMMANDS_PAGE, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    parser = load_command_class(COMMANDS[name], name).create_parser("manage.py", name)
    options = {option for action in parser._actions for option in action.option_strings}
    options = {option for option in options if option.startswith("--")} - OPTIONS_OF_ALL
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section_of(COMMANDS_PAGE, name)))
    assert documented == options


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.stem)
def test_commands_that_a_page_names_exist(document: Path) -> None:
    named = set(re.findall(r"manage\.py (\w+)", document.read_text()))
    assert named <= {*COMMANDS, *OF_DJANGO, *OF_THE_TUTORIAL}


def test_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    [shell] = re.findall(r"^## Try it\n\n```sh\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert shell.splitlines() == ["make demo", "make test"]


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.stem)
def test_targets_that_a_page_names_are_in_the_makefile(document: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:`|^)make ([a-z]+)", document.read_text(), re.MULTILINE)
    assert set(named) <= set(targets)


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.stem)
def test_addresses_that_a_page_names_lead_somewhere(document: Path) -> None:
    for address in re.findall(r"`(?:GET )?(/[a-z][^`\s]*)", document.read_text()):
        if address == "/api/v1/":  # what the API's addresses begin with
            continue
        path = urlsplit(address).path
        for placeholder, value in EXAMPLES.items():
            path = path.replace(placeholder, value)
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{document.name} names {address}, which is no address of the site")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/links/newsroom.article/12/",
        "/api/v1/links/",
        "/api/v1/schema/",
        "/api/v1/docs/",
        "/healthz",
        "/readyz",
    ],
)
def test_every_address_of_the_contract_is_documented(path: str) -> None:
    assert resolve(path).func
    pages = "\n".join(page.read_text() for page in PAGES)
    for placeholder, value in EXAMPLES.items():
        pages = pages.replace(placeholder, value)
    assert re.search(rf"`(GET )?{re.escape(path)}[`?]", pages)


def test_every_page_is_reachable_from_the_index() -> None:
    index = (DOCS / "index.md").read_text()
    trees = "\n".join(re.findall(r"^```\{toctree\}\n(.*?)^```", index, re.DOTALL | re.MULTILINE))
    listed = re.findall(r"^(\w[\w/-]*)$", trees, re.MULTILINE)
    pages = [page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES_OF_DOCS]
    assert sorted(["index", *listed]) == pages


def test_every_template_tag_is_documented_and_every_documented_tag_exists() -> None:
    page = (DOCS / "reference" / "templates.md").read_text()
    assert set(re.findall(r"^\| `(related_\w+) ", page, re.MULTILINE)) == set(tags.tags)


def test_every_signal_is_documented() -> None:
    names = {name for name, value in vars(signals).items() if isinstance(value, Signal)}
    page = (DOCS / "reference" / "python.md").read_text()
    assert names <= set(re.findall(r"^### `(\w+)`$", page, re.MULTILINE))


def test_every_log_line_is_documented_and_every_documented_line_is_written() -> None:
    code = "\n".join(path.read_text() for path in sorted((ROOT / "related").glob("**/*.py")))
    call = r'logger\.(?:info|warning|error|exception)\(\s*"([^"%]+)'
    written = {message.strip() for message in re.findall(call, code)}
    page = (DOCS / "reference" / "logs.md").read_text()
    named = re.findall(r"^\| `([^`]+)` \| [A-Z]+ \|", page, re.MULTILINE)
    assert written <= {name.removesuffix(" ...") for name in named}
    for name in named:
        assert f'"{name.removesuffix(" ...")}' in code


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if urlsplit(link).scheme:
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), f"{document.name} links to {link}"
        assert target.is_relative_to(ROOT), f"{document.name} links out of the project: {link}"
        if anchor:
            assert anchor in anchors(target), f"{document.name} links to {link}"


def test_files_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"[`(](\w[\w.-]*/[\w./-]*)[`)]", text)) - {"docs/_build/"}
    assert len(named) > 12
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_variables_of_the_compose_file_are_documented() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()
    variables = set(re.findall(r"\$\{([A-Z_]+)[:}]", compose))
    page = (DOCS / "guide" / "production.md").read_text()
    table = page.partition("\n## With Docker\n")[2].partition("\nThe services:")[0]
    documented = re.findall(r"^\| (`[A-Z_`, ]+`) \|", table, re.MULTILINE)
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(documented))) == variables
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == variables


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    # In pieces, so that this file does not find itself.
    homes = re.compile(r"(?<![\w.:/~-])/" + r"(?:home|Users|root|work)/[\w.-]+/")
    found = [f"{file.relative_to(ROOT)}: {hit}" for file in tracked_text_files()
             for hit in homes.findall(file.read_text(errors="replace"))]  # fmt: skip
    assert found == []


def test_no_file_names_a_package_index() -> None:
    index = re.compile(
        r"--(?:extra-)?index-url[= ]\S+|--find-links[= ]\S+|https?://[^\s]*/simple\b"
    )
    found = [f"{file.relative_to(ROOT)}: {hit}" for file in tracked_text_files()
             for hit in index.findall(file.read_text(errors="replace"))]  # fmt: skip
    assert found == []
