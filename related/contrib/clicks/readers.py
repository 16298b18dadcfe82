"""Which requests come from a reader who looks at a page and minds not being counted."""

from __future__ import annotations

import re

from django.http import HttpRequest

# Crawlers, previews of messengers, monitors and programs; docs/guide/clicks.md has the same list.
MACHINES = (
    *("bot", "crawl", "spider", "slurp", "fetch", "preview", "scan", "monitor", "headless"),
    *("lighthouse", "pingdom", "facebookexternalhit", "whatsapp", "mediapartners", "archiver"),
    *("curl", "wget", "python", "java/", "go-http-client", "okhttp", "libwww", "httpclient"),
)
_MACHINE = re.compile("|".join(map(re.escape, MACHINES)), re.IGNORECASE)


def is_counted(request: HttpRequest) -> bool:
    """Not machines, what is loaded ahead, and who asks not to be tracked."""
    headers = request.headers
    agent = headers.get("User-Agent", "")
    if not agent or _MACHINE.search(agent):
        return False
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
    if "prefetch" in purpose or "prerender" in purpose:
        return False
    return headers.get("DNT") != "1" and headers.get("Sec-GPC") != "1"
