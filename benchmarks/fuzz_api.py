"""Asks the API what its schema allows and what it forbids; every answer has to fit the schema.

    python -m benchmarks.fuzz_api --cases 50000 --seed 1 --database postgresql

Schemathesis makes the requests from docs/openapi.yaml: a third with valid parameters, a third with
invalid ones; a third is about an article that exists or nearly does. They reach the site in
process, through WSGI.
Prints the answers by status; exit code 1 at the first one that does not fit, made small.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.services.postgres import PostgresServer
from tests.services.project import ROOT, Project

SCHEMA = ROOT / "docs" / "openapi.yaml"
TYPE = "newsroom.article"


def load_schema(application: Any) -> Any:
    """What the kept schema says of the public API, its requests sent to a WSGI application."""
    schema = schemathesis.openapi.from_path(SCHEMA, config=SchemathesisConfig(wait_for_schema=None))
    schema.app = application
    return schema.include(tag="links")


def fuzz(schema: Any, article: Any, n_cases: int, with_seed: int) -> Counter[int]:
    """Send so many requests; the number of answers by status.

    Raises:
        schemathesis' failures: an answer is a 5xx or not as the schema says.
    """
    statuses: Counter[int] = Counter()
    operations = [operation.ok() for operation in schema.get_all_operations()]
    strategies = [_cases(operation, article) for operation in operations]

    for strategy in strategies:

        @seed(with_seed)
        @settings(
            max_examples=n_cases // len(strategies),
            phases=[Phase.generate, Phase.shrink],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def ask(case: Any) -> None:
            # Which models are registered is no matter of the schema, so `?id=a:b` fits it and is
            # refused.
            # Called without a server in between, which would decompress.
            response = case.call_and_validate(
                headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
            )
            statuses[response.status_code] += 1

        ask()
    return statuses


def _cases(operation: Any, article: Any) -> st.SearchStrategy[Any]:
    return st.one_of(
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE),
        _about(operation, article),
    )


def _about(operation: Any, article: Any) -> st.SearchStrategy[Any]:
    """Requests that find the article, by every name that it has, and as many that nearly do."""
    key = str(article.pk)
    keys = st.just(key) | st.sampled_from([f"0{key}", f"{key}.0", f" {key}", f"{key}\x00", "-1"])
    path = article.get_absolute_url()
    addresses = [path, path[:-1], f"https://news.example{path}?a=b#c", path.upper(), f"{path}x"]
    headers = st.fixed_dictionaries(
        {},
        optional={
            "Accept": st.sampled_from(["*/*", "application/json", "text/html", "a", ";;q=x", ""]),
            "If-None-Match": st.sampled_from(["*", '"a"', 'W/"a"', "a", '"']),
            "X-Forwarded-For": st.text("0123456789.,:[]%abcdef", max_size=40),
        },
    )
    if operation.path_parameters:
        found = st.fixed_dictionaries(
            {"type": st.sampled_from([TYPE, TYPE.upper(), "auth.user"]), "object_id": keys}
        )
        return st.builds(operation.Case, path_parameters=found, headers=headers)
    found = st.fixed_dictionaries(
        {},
        optional={
            "id": st.lists(keys.map(lambda key: f"{TYPE}:{key}"), max_size=25),
            "url": st.lists(st.sampled_from(addresses), max_size=25),
            "other": st.text(max_size=5),
        },
    )
    return st.builds(operation.Case, query=found, headers=headers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = {
            "API_RATE": "",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }
        if options.database == "postgresql":
            server = stack.enter_context(PostgresServer())
            environment["DATABASE_URL"] = stack.enter_context(server.database())
        project = stack.enter_context(Project(folder, **environment))
        project.manage("migrate", "--verbosity", "0")
        os.environ.update(project.environment)
        django.setup()
        logging.disable(logging.CRITICAL)  # a line for every 404 would be a line for most cases
        return _run(options.cases, options.seed)


def _run(n_cases: int, with_seed: int) -> int:
    from newsroom.wsgi import application
    from tests.related.stored_articles import approve, make_article

    article = make_article("A")
    approve(article, "related", make_article("B"))
    started = time.monotonic()
    statuses = fuzz(load_schema(application), article, n_cases, with_seed)
    print(f"{statuses.total():,} cases, seed {with_seed}, {time.monotonic() - started:,.0f} s")
    for status, n_answers in sorted(statuses.items()):
        print(f"{status}: {n_answers:,}")
    print("every answer fits the schema")
    return 0


if __name__ == "__main__":
    sys.exit(main())
