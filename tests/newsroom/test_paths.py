from __future__ import annotations

import pytest
from django.urls import reverse, set_script_prefix

from newsroom.articles.paths import article_path


@pytest.mark.parametrize("prefix", ["/", "/news/"])
@pytest.mark.parametrize("slug", ["a-slug", "a-bridge-2", "šatov", "समाचार", "新闻-1"])
def test_a_path_is_what_the_site_answers(slug: str, prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        assert article_path(slug) == reverse("newsroom:article", args=[slug])
        assert article_path(slug).startswith(f"{prefix}articles/")
    finally:
        set_script_prefix("/")
