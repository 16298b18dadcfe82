"""docker-compose.yml as Docker reads it: variables filled in, so that its commands can be run."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.services.project import ROOT

VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<operator>[-?])(?P<text>[^}]*))?\}|\$\$")


class MissingVariableError(Exception):
    """A variable without a default is not set; carries the file's own message."""


def source() -> str:
    return (ROOT / "docker-compose.yml").read_text()


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the services by name, with `${...}` replaced in every text.

    Raises:
        MissingVariableError: a `${NAME:?message}` has no value.
    """
    filled: dict[str, dict[str, Any]] = fill(yaml.safe_load(source())["services"], variables)
    return filled


def fill(node: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {name: fill(value, variables) for name, value in node.items()}
    if isinstance(node, list):
        return [fill(value, variables) for value in node]
    if isinstance(node, str):
        return VARIABLE.sub(lambda match: value_of(match, variables), node)
    return node


def value_of(match: re.Match[str], variables: Mapping[str, str]) -> str:
    if match["name"] is None:
        return "$"  # `$$` is a dollar sign that is for the container
    if value := variables.get(match["name"]):
        return value
    if match["operator"] == "?":
        raise MissingVariableError(match["text"])
    return match["text"] or ""


def health_command(service: Mapping[str, Any]) -> list[str]:
    """Return what Docker runs inside the container to see whether the service is well."""
    kind, *command = service["healthcheck"]["test"]
    return command if kind == "CMD" else ["sh", "-c", *command]
