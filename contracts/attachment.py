"""A file that belongs to a request, in the message or behind an address. Never fetches it."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from contracts.given import Given, Name, WebAddress


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("base64", "must be base64 without line breaks") from None
    return text


class Attachment(Given):
    """A file by content (base64) or by address."""

    name: Name | None = None
    content_type: Name | None = None
    content: Annotated[str, AfterValidator(_base64)] | None = None
    url: WebAddress | None = None

    def octets(self) -> bytes | None:
        """Content decoded, or None when there is only an address."""
        return None if self.content is None else base64.b64decode(self.content)
