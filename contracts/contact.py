"""Whom the portal's engineer reaches. Never filled in here from anything but the message."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from contracts.given import Country, Email, Given, Name, TimeZone, is_given


class Contact(Given):
    """The contact of a request; what the sender left out is None or the default."""

    name: Name | None = None
    email: Email | None = None
    phone: Name | None = None
    method: Literal["phone", "email"] = "phone"
    cc: tuple[Email, ...] = Field(default=(), strict=False)
    language: Name = "ja"
    time_zone: TimeZone = "Asia/Tokyo"
    country: Country = "JP"

    @field_validator("cc", mode="before")
    @classmethod
    def _drop_blanks_of_list(cls, value: object) -> object:
        return [part for part in value if is_given(part)] if isinstance(value, list) else value
