"""What a person has typed so far, and the data of a request that it makes.

Secrets and files are apart from the rest: they are never written into a page again.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workers.listeners.form.fields import FIELDS, KIND, SECRETS

OWN = ("whose",)
"""Fields of the form that are none of the request's."""
WITHOUT_PRODUCT = ("advisory", "membership")
LONGEST_NAME = 250


@dataclass(frozen=True, slots=True)
class File:
    """A file as the browser sent it."""

    name: str
    content_type: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One form on its way; `key` was made when the form was first served."""

    key: str
    lang: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: tuple[File, ...] = field(default=(), repr=False)

    def value(self, name: str) -> str:
        """Give what was typed, or what the field begins with."""
        if name == "contact.language":
            return self.values.get(name) or self.lang
        return self.values.get(name, FIELDS[name].default)

    @property
    def filled(self) -> frozenset[str]:
        """Give the fields in which something was typed or chosen that was not there before."""
        defaults = {name: FIELDS[name].default for name in self.values}
        defaults["contact.language"] = self.lang
        return frozenset(
            name for name, typed in self.values.items() if typed.strip() not in {"", defaults[name]}
        )

    @property
    def for_customer(self) -> bool:
        return self.value("whose") == "customer"

    @property
    def needs_product(self) -> bool:
        return self.value(KIND.name) not in WITHOUT_PRODUCT

    @property
    def file_octets(self) -> int:
        return sum(len(one.octets) for one in self.files)

    def data(self, names: Collection[str], zone: ZoneInfo) -> dict[str, Any]:
        """Give the request's data, made of these fields."""
        found: dict[str, Any] = {}
        for name in names:
            if name in OWN or (name == "customer" and not self.for_customer):
                continue
            typed = self.secrets.get(name, "") if name in SECRETS else self.value(name)
            if typed.strip():
                _put(found, name, _as_data(name, typed, zone))
        return found

    def attachments(self) -> list[dict[str, str]]:
        return [
            {
                "name": one.name[-LONGEST_NAME:],
                "content_type": one.content_type[:LONGEST_NAME],
                "content": base64.b64encode(one.octets).decode(),
            }
            for one in self.files
        ]


def _put(found: dict[str, Any], name: str, value: object) -> None:
    within, _, last = name.rpartition(".")
    part = found.setdefault(within, {}) if within else found
    part[last] = value


def _as_data(name: str, typed: str, zone: ZoneInfo) -> object:
    control = FIELDS[name].control
    if control == "tick":
        return typed == "yes"
    if name == "contact.cc":
        return [one for one in typed.replace("、", ",").replace(";", ",").split(",") if one.strip()]
    if control == "moment":
        return _moment(typed, zone)
    return typed.replace("\r\n", "\n")


def _moment(typed: str, zone: ZoneInfo) -> str:
    """Give a moment of the zone as RFC 3339; what is none goes on as it is, to be refused."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone).isoformat()
    except ValueError:
        return typed
