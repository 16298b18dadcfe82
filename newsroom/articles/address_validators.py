"""Which addresses an article may name."""

from __future__ import annotations

import re

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

_PATH = re.compile(r"/(?![/\\])[^\s\\]*")  # two slashes would begin another site's address

web_address = URLValidator(
    schemes=["http", "https"],
    message=_("Enter a full web address that starts with http or https."),
    code="web_address",  # under "invalid", a form would put its own words in place of these
)


def picture_address(address: str) -> None:
    """Where a picture may be: anywhere on the web, or at a path on this site."""
    if not _PATH.fullmatch(address):
        web_address(address)
