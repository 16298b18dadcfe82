"""The key of a checkout that was given none."""

import os
import secrets
from pathlib import Path


def local_secret_key(directory: Path) -> str:
    """Return the key kept in `directory/secret_key`, making it on the first call.

    The file is readable by its owner only. It is written aside and linked into place, so that of
    a web server and a worker which start together both end up with the same, complete key.

    Raises:
        OSError: the directory cannot be written to.
    """
    path = directory / "secret_key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        mine = directory / f"secret_key.{os.getpid()}"
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(mine)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text().strip()
