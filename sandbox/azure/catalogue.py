"""Azure's services and their problem classifications, from `catalogue.yaml`. Never changed.

Azure support REST, 2024-04-01, Services - List and Problem Classifications - List.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

SERVICES = "/providers/Microsoft.Support/services/"
#: Every service has it, last in its list.
GENERAL = "General question / My issue is not listed"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem that a service may have."""

    name: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Service:
    """Something that a ticket may be about."""

    name: str
    display_name: str
    resource_types: tuple[str, ...]
    problems: dict[str, Problem]


class Catalogue:
    """Look-up by id, in the order of the file."""

    def __init__(self) -> None:
        text = files("sandbox.azure").joinpath("catalogue.yaml").read_text(encoding="utf-8")
        source = yaml.load(text, Loader=yaml.CSafeLoader)
        families = source["families"]
        services = [service_of(entry, families[entry["family"]]) for entry in source["services"]]
        self.services = {service.name: service for service in services}

    def service(self, reference: object) -> Service | None:
        """By full id or by GUID, whatever the case."""
        return self.services.get(last_part(reference))

    def problem(self, reference: object) -> Problem | None:
        """By the full id, which names the service too."""
        service_id, _, name = str(reference).rpartition("/problemClassifications/")
        service = self.service(service_id)
        return service.problems.get(name.lower()) if service else None


def last_part(reference: object) -> str:
    return str(reference).rstrip("/").rpartition("/")[2].lower()


def service_of(entry: dict[str, Any], shared: list[str]) -> Service:
    named = [Problem(problem["id"], problem["name"]) for problem in entry.get("problems", ())]
    made = [Problem(made_id(entry["id"], title), title) for title in (*shared, GENERAL)]
    problems = {problem.name: problem for problem in (*named, *made)}
    return Service(entry["id"], entry["name"], tuple(entry.get("types", ())), problems)


def made_id(service: str, title: str) -> str:
    """Make a GUID that stays the same from run to run."""
    return str(uuid.uuid5(uuid.UUID(service), title))
