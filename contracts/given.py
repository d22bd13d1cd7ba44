"""The base of what senders write: a blank or null value is a value not given.

Strict where a sender could be misread (no number is taken for text), and never shows its input in
an error. Unknown fields are left to whoever keeps them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

_EMAIL = re.compile(r"[^\s@,;<>\"\x00-\x1f\x7f]+@[^\s@,;<>\"\x00-\x1f\x7f]+")
_COUNTRY = re.compile(r"[A-Z]{2}")


def is_given(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


class Given(BaseModel):
    """A part of a message in which what is blank counts as left out."""

    model_config = ConfigDict(
        frozen=True, strict=True, str_strip_whitespace=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:  # noqa: ANN401 (whatever the sender wrote)
        if not isinstance(value, dict):
            return value
        return {name: part for name, part in value.items() if is_given(part)}


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text) is None:
        raise PydanticCustomError("email", "must be one e-mail address, such as sato@example.com")
    return text


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise PydanticCustomError("web_address", "must be an address that starts with https://")
    return text


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(text: str) -> str:
    if text not in _time_zones():
        raise PydanticCustomError("time_zone", "must be an IANA name, such as Asia/Tokyo")
    return text


def _country(text: str) -> str:
    if _COUNTRY.fullmatch(text.upper()) is None:
        raise PydanticCustomError("country", "must be two letters (ISO 3166), such as JP")
    return text.upper()


# Names are keys of the database's indexes, which take no text of any length.
Name = Annotated[str, Field(max_length=250)]
Text = Annotated[str, Field(max_length=1_000)]
Email = Annotated[str, Field(max_length=320), AfterValidator(_email)]
WebAddress = Annotated[str, Field(max_length=2_000), AfterValidator(_web_address)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Country = Annotated[str, AfterValidator(_country)]
