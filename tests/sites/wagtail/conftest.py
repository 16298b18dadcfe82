"""The site that is walked through."""

from __future__ import annotations

import pytest
from wagtail.models import Locale, Page, Site

from tests.sites.wagtail.models import HomePage, NewsPage
from tests.sites.wagtail.steps import AGAIN, add


@pytest.fixture
def home() -> Page:
    """The site's root with a section below it."""
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home: Page = root.add_child(instance=HomePage(title="Home", slug="home-page"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    Site.clear_site_root_paths_cache()
    return home


@pytest.fixture
def city(home: Page) -> Page:
    section: Page = home.add_child(instance=HomePage(title="The City", slug="city"))
    return section


@pytest.fixture
def bridge(city: Page) -> NewsPage:
    return add(city, "Harbor bridge closes", search_description="Trams stop.")


@pytest.fixture
def reopened(city: Page) -> NewsPage:
    add(city, "School choir wins", "Forty children sang in the capital and won a prize.")
    return add(city, "Harbor bridge opens again", AGAIN)
