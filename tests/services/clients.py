"""A newsroom on the air for programs that ask it: three articles with links, and a key to push."""

import json
import urllib.request

from tests.new_site import ROOT
from tests.services.ports import free_port
from tests.services.project import Project

GUIDE = (ROOT / "docs" / "guide" / "clients.md").read_text()
OF_THE_GUIDE = "https://links.example"

ARTICLES = [
    ("Harbor bridge closes", "Cracks in two piers of the harbor bridge stop all trams."),
    ("Harbor bridge opens again", "The piers of the harbor bridge are repaired; trams return."),
    ("School choir wins a prize", "Forty children sang in the capital, and came home first."),
]
FILL = """
from django.contrib.auth.models import User
from django.core.management import call_command
from related.contrib.headless.keys import make_key
call_command("import_articles", {archive!r}, verbosity=0)
call_command("process_related")
User.objects.create_user("anna", is_staff=True)
call_command("approve_suggestions", user="anna", minimum_similarity=0, summaries=True)
print("key:", make_key("a client", ["headless.page"], None)[1])
"""


class ServedSite:
    """The newsroom with HEADLESS=true on a free port.

    Its first article is at ``https://news.example/harbor-bridge-closes/`` as well.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        archive = project.directory / "archive.jsonl"
        lines = [
            {
                "id": f"a{number}",
                "title": title,
                "body": f"<p>{body}</p>",
                "published_at": f"2026-03-0{number}T06:00:00Z",
                "language": "en",
                "url": f"https://news.example/{title.lower().replace(' ', '-')}/",
            }
            for number, (title, body) in enumerate(ARTICLES, start=1)
        ]
        archive.write_text("\n".join(map(json.dumps, lines)))
        project.migrate()
        script = FILL.format(archive=str(archive))
        printed = project.manage("shell", "--no-imports", "-c", script).stdout
        self.key = printed.partition("key: ")[2].strip()
        self.address = f"http://127.0.0.1:{free_port()}"
        listen = self.address.removeprefix("http://")
        server = project.start(
            ["waitress-serve", f"--listen={listen}", "newsroom.wsgi:application"]
        )
        server.wait_for(self._is_up)

    def here(self, snippet: str) -> str:
        """A snippet of the guide that asks this site."""
        return snippet.replace(OF_THE_GUIDE, self.address)

    def _is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                return True
        except OSError:
            return False
