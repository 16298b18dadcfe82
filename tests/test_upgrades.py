"""While a site is upgraded, code of the older release writes into the newer tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, Model
from django.utils import timezone

from newsroom.articles.models import Article

OURS = ("newsroom", "related")


def columns_of_later_releases(app: str) -> Iterator[tuple[str, bool]]:
    """Columns of tables that an app's first migration made, without those that it made itself;
    and whether a row can be inserted by code that does not name them."""
    loader = MigrationLoader(None)
    first, last = loader.graph.root_nodes(app)[0], loader.graph.leaf_nodes(app)[0]
    old, new = (loader.project_state(node).apps for node in (first, last))
    tables: dict[str, type[Model]] = {
        model._meta.db_table: model
        for model in old.get_app_config(app).get_models()
        if not model._meta.proxy
    }
    for model in new.get_app_config(app).get_models():
        if not (before := tables.get(model._meta.db_table)):
            continue  # older code does not know the table
        known = {field.column for field in before._meta.local_concrete_fields}
        for field in model._meta.local_concrete_fields:
            if field.column not in known:
                has_default = field.null or field.db_default is not NOT_PROVIDED
                yield f"{model._meta.db_table}.{field.column}", has_default


APPS = [
    config.label
    for config in apps.get_app_configs()
    if config.name.split(".")[0] in OURS and config.models_module
]


@pytest.mark.parametrize("app", APPS)
def test_columns_that_came_later_need_no_value(app: str) -> None:
    refusing = [column for column, has_default in columns_of_later_releases(app) if not has_default]
    assert refusing == []


def test_columns_that_came_later_are_found() -> None:
    assert {"related", "newsroom", "related_importing"} <= set(APPS)
    assert ("newsroom_article.language_basis", True) in columns_of_later_releases("newsroom")


@pytest.mark.django_db
def test_an_article_is_inserted_by_code_that_does_not_know_the_newest_column() -> None:
    names = "title, slug, excerpt, body, language, authors, source, image_url, origin_url, status"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO newsroom_article ({names}, created_at, updated_at) "
            "VALUES ('Ferry', 'ferry', '', '', 'en', '[]', '', '', '', 'draft', %s, %s)",
            [timezone.now(), timezone.now()],
        )
    assert Article.objects.get(slug="ferry").language_basis == "given"
