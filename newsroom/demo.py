"""``python -m newsroom.demo``: the whole newsroom on this machine, for trying it out.

SQLite, a sample archive, a worker process and a web server; no Redis. Each archive has a database
of its own below ``data/``, which later runs keep.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import django
from django.core.management import CommandError, call_command
from django.utils.formats import number_format
from django.utils.translation import gettext as _

BASE_DIR = Path(__file__).resolve().parent.parent
SAMPLE = BASE_DIR / "newsroom" / "sample" / "articles.jsonl"
HOST = "127.0.0.1"
EDITOR, PASSWORD = "editor", "demo-editor"  # a local demo prints it
SECTION_EDITOR = "section-editor"  # with the same password; decides in the largest section only
# The newest articles wait for the editor; the ones before count as reviewed: their pages are full.
TO_REVIEW = 12
REVIEWED = 200


def main() -> None:
    port = int(os.environ.get("PORT") or 8000)
    archive = Path(os.environ.get("ARCHIVE") or SAMPLE).resolve()
    data_dir = _data_dir(archive)
    _configure(data_dir)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell may have started us without Ctrl-C
        signal.signal(number, _interrupt)

    django.setup()
    if not archive.exists():
        sys.exit(_("ARCHIVE=%(path)s: there is no such file.") % {"path": archive})
    _require_free(port)
    worker = Worker()
    try:
        _prepare(archive, data_dir / "ready")
        worker.start()
        _serve(port)
    except KeyboardInterrupt:
        print("\n" + _("Stopped. The data is kept; run the same command to resume."))
    finally:
        worker.stop()


def _configure(data_dir: Path) -> None:
    """The demo's environment, whatever the caller's shell has set for a real site."""
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "HTTPS", "HASHED_STATIC"):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("HEADLESS", "true")
    os.environ.setdefault("CLICKS", "true")
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"


def _data_dir(archive: Path) -> Path:
    """One folder per archive, so that two archives never mix; none for one that is missing."""
    if not archive.exists():
        return BASE_DIR / "data"
    if archive == SAMPLE:
        return BASE_DIR / "data" / "demo"
    name = re.sub(r"[^A-Za-z0-9]+", "-", archive.name.split(".")[0]).strip("-")
    digest = hashlib.sha256(str(archive).encode()).hexdigest()[:8]
    return BASE_DIR / "data" / f"demo-{name}-{digest}"


def _prepare(archive: Path, ready: Path) -> None:
    """Fill the database the first time; a run that was interrupted is simply done again."""
    from newsroom.demo_pages import hang_pictures

    call_command("migrate", verbosity=0)
    _create_editors()
    if ready.exists():
        return
    print(_("First run: reading %(name)s") % {"name": archive.name}, flush=True)
    try:
        call_command("import_articles", str(archive))
    except CommandError as refused:  # some rows are bad, the others are in
        print(refused)
    if archive == SAMPLE:
        hang_pictures()
    call_command("process_related")
    call_command(
        "approve_suggestions", user=EDITOR, keep_newest=TO_REVIEW, limit=REVIEWED, summaries=True
    )
    ready.touch()


def _create_editors() -> None:
    from django.contrib.auth.models import User

    from newsroom.articles.editors import create_groups

    groups = create_groups()
    for name, group in ((EDITOR, "Chief editors"), (SECTION_EDITOR, "Section editors")):
        user, created = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if created:
            user.set_password(PASSWORD)
            user.save()
        user.groups.add(groups[group])


def _give_largest_section() -> str:
    """Name the section editor in the section with the most articles, once; return its name."""
    from django.contrib.auth.models import User
    from django.db.models import Count

    from newsroom.articles.models import Section

    editor = User.objects.get(username=SECTION_EDITOR)
    section = editor.edited_sections.first()
    if section is None:
        sections = Section.objects.annotate(n_articles=Count("articles"))
        section = sections.order_by("-n_articles", "pk").first()
        if section is None:
            return _("no section yet")
        section.editors.add(editor)
    return section.name


class Worker:
    """``process_related --loop`` in a process of its own, started again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _keep_running(self) -> None:
        command = [sys.executable, str(BASE_DIR / "manage.py"), "process_related", "--loop"]
        while not self._stopping.is_set():
            # A session of its own: Ctrl-C reaches this process, which then stops the worker.
            self._process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, start_new_session=True
            )
            self._process.wait()
            self._stopping.wait(1)


def _serve(port: int) -> None:
    import waitress

    from newsroom.wsgi import application

    print(_welcome(port), flush=True)
    waitress.serve(application, host=HOST, port=port, threads=8, _quiet=True)


def _welcome(port: int) -> str:
    from newsroom.articles.models import Article
    from newsroom.demo_pages import fullest_page

    visible = Article.objects.visible()
    newest = visible.first()
    reviewed = fullest_page(visible[TO_REVIEW : TO_REVIEW + REVIEWED]) or newest
    names = {
        "n": number_format(visible.count(), force_grouping=True),
        "site": f"http://{HOST}:{port}",
        "article": reviewed.get_absolute_url() if reviewed else "",
        "id": reviewed.pk if reviewed else 1,
        "editor": EDITOR,
        "section_editor": SECTION_EDITOR,
        "password": PASSWORD,
        "section": _give_largest_section(),
    }
    return (
        _("""
  Articles online: %(n)s. Open:

    %(site)s/    the front page
    %(site)s%(article)s
        an article with its links
    %(site)s/admin/related/review/    the review desk
        name: %(editor)s    password: %(password)s
        name: %(section_editor)s    the same password; decides in %(section)s only
    %(site)s/api/v1/links/newsroom.article/%(id)s/    the same article's links by API
    %(site)s/api/v1/docs/    the API's description

  Ctrl-C stops everything; the data is kept.
""")
        % names
    )


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = _("Port %(port)d cannot be used (%(reason)s). Try: make demo PORT=8001")
            sys.exit(message % {"port": port, "reason": error.strerror})


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
