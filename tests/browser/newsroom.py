"""A newsroom on the air: its web server and its workers as processes, on one of two stacks."""

import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.services.ports import free_port
from tests.services.project import Project, ProjectProcess

ARCHIVE = Path(__file__).with_name("archive.jsonl")
GERMAN_ARCHIVE = Path(__file__).with_name("german.jsonl")
NAME, PASSWORD = "imogen", "a pass phrase for tests"

# Parts of one script: starting Python for each would cost more than what they do.
CREATE_EDITOR = f"""
from django.contrib.auth.models import Group, User
from newsroom.articles.editors import grant_editor_permissions
group = Group.objects.create(name="Editors")
grant_editor_permissions(group)
User.objects.create_user({NAME!r}, password={PASSWORD!r}, is_staff=True).groups.add(group)
"""
FILL = f"""
from django.core.management import call_command
call_command("import_articles", {str(ARCHIVE)!r})
call_command("process_related")
"""
FILL_GERMAN = FILL.replace(str(ARCHIVE), str(GERMAN_ARCHIVE))
# All but the four newest articles are reviewed then.
APPROVE = f"""
from django.core.management import call_command
call_command("approve_suggestions", user={NAME!r}, keep_newest=4, summaries=True)
"""


def run_script(project: Project, *parts: str) -> None:
    project.manage("shell", "--no-imports", "--command", "".join(parts))


class Newsroom:
    """One project and its processes. With a broker, gunicorn and Celery; without, the lean pair."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.has_broker = "CELERY_BROKER_URL" in project.environment
        self.port = free_port()
        self.workers: list[ProjectProcess] = []
        self.session: Any = None  # the cookies of an editor who logged in

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_web(self, processes: int = 1) -> None:
        listen = f"127.0.0.1:{self.port}"
        if self.has_broker:
            argv = ["gunicorn", "newsroom.wsgi", f"--bind={listen}", "--no-control-socket"]
            argv += [f"--workers={processes}", "--worker-class=gthread", "--threads=4"]
        else:
            argv = ["waitress-serve", f"--listen={listen}", "newsroom.wsgi:application"]
        self.project.start(argv).wait_for(self.is_ready)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.site}/healthz", timeout=5):
                return True
        except OSError:
            return False

    def start_workers(self) -> None:
        """One Celery worker per queue and no sweeper, so that Celery has to prove itself."""
        if self.has_broker:
            queues = ("publish", "bulk")
            self.workers = [self.project.start_worker(queue, concurrency=1) for queue in queues]
        else:
            worker = self.project.start([sys.executable, "manage.py", "process_related", "--loop"])
            worker.wait_for_output("Working")
            self.workers = [worker]

    def kill_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
