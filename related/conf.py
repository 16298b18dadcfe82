"""The plugin's settings: keys of ``settings.RELATED``, read at every use."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

DEFAULTS: dict[str, Any] = {
    "API_MAX_DOCUMENTS": 100,
    "BATCH_SIZE": 100,
    "CACHE_SECONDS": 30,
    "HEARTBEAT_SECONDS": 5.0,
    "MAX_ATTEMPTS": 3,
    "MAX_TEXT_BYTES": 200_000,
    "MEMORY_LIMIT_MB": 0,
    "POLL_SECONDS": 1.0,
    "REFRESH_DRIFT": 0.25,
    "SECOND_CHANCE_SECONDS": 900,
    "SILENCE_SECONDS": 30,
    "STALE_SECONDS": 300,
}

# Settings of older releases, and what to do about them.
REMOVED: dict[str, Any] = {
    "DUPLICATE_SIMILARITY": _(
        "Leave it out: versions of a text are known by what they repeat word for word, "
        "not by how similar they are."
    ),
    "LEASE_SECONDS": _(
        "Leave it out: workers give heartbeats, however long their work takes. "
        "SILENCE_SECONDS says after which silence a worker is dead."
    ),
}

# Empty: a folder of the user's own in the system's folder for temporary files.
FOLDERS: dict[str, str] = {"SNAPSHOT_DIR": ""}

# None: any parameter may name a page.
PARAMETERS: dict[str, Any] = {"PAGE_PARAMETERS": None}
# Whom related.contrib.notices tells what changed, by name.
RECEIVERS: dict[str, dict[str, Any]] = {"NOTICES": {}}


class Settings:
    """One property per setting: documented in docs/reference/settings.md, checked in checks.py."""

    def _get(self, name: str) -> Any:
        known = {**DEFAULTS, **FOLDERS, **PARAMETERS, **RECEIVERS}
        return getattr(settings, "RELATED", {}).get(name, known[name])

    @property
    def api_max_documents(self) -> int:
        """How many documents one API request may ask for."""
        return int(self._get("API_MAX_DOCUMENTS"))

    @property
    def batch_size(self) -> int:
        """How many waiting documents a worker processes in a row; it claims them some at a time."""
        return int(self._get("BATCH_SIZE"))

    @property
    def cache_seconds(self) -> int:
        """``max-age`` of API answers; the stale window is as long again, 60 s in all at most."""
        return int(self._get("CACHE_SECONDS"))

    @property
    def heartbeat_seconds(self) -> float:
        """How often a worker says that it lives, while it has something in hand."""
        return float(self._get("HEARTBEAT_SECONDS"))

    @property
    def max_attempts(self) -> int:
        """After this many tries without a result, a document is set aside."""
        return int(self._get("MAX_ATTEMPTS"))

    @property
    def max_text_bytes(self) -> int:
        """How much of a text is analyzed; what lies beyond is stored by the site, not compared."""
        return int(self._get("MAX_TEXT_BYTES"))

    @property
    def memory_limit_mb(self) -> int:
        """How much memory one process may use for a corpus; 0: most of the machine's."""
        return int(self._get("MEMORY_LIMIT_MB"))

    @property
    def page_parameters(self) -> frozenset[str] | None:
        """The parameters of an address that name a page; None where the site does not say."""
        names = self._get("PAGE_PARAMETERS")
        return None if names is None else frozenset(names)

    @property
    def notices(self) -> dict[str, Any]:
        """Receivers of notices, by name: what ``related.contrib.notices`` is told of each."""
        return dict(self._get("NOTICES"))

    @property
    def poll_seconds(self) -> float:
        """How long ``process_related --loop`` sleeps when nothing is due."""
        return float(self._get("POLL_SECONDS"))

    @property
    def refresh_drift(self) -> float:
        """Statistics are refreshed once the corpus grew or shrank by this share since the last."""
        return float(self._get("REFRESH_DRIFT"))

    @property
    def second_chance_seconds(self) -> int:
        """After this time, a document that was set aside is tried once more; then after twice
        that, and so on: it may have been the machine's fault, and not the text's."""
        return int(self._get("SECOND_CHANCE_SECONDS"))

    @property
    def silence_seconds(self) -> int:
        """After this time without a heartbeat a worker is dead, and what it had in hand is free."""
        return int(self._get("SILENCE_SECONDS"))

    @property
    def snapshot_dir(self) -> str:
        """Where the processes of a host share what they hold in memory."""
        default = Path(tempfile.gettempdir()) / f"related-{os.getuid()}"
        return str(self._get("SNAPSHOT_DIR") or default)

    @property
    def stale_seconds(self) -> int:
        """Health goes red when the oldest waiting document has waited longer than this."""
        return int(self._get("STALE_SECONDS"))


conf = Settings()
