r"""The name under which an order's ticket is kept at Azure: the same for every attempt.

Forbidden there: `< > % & : \ ? /`, control characters, names of digits only, names that start
with `tmp-`, more than 255 characters; upper and lower case are one.
"""

from __future__ import annotations

import hashlib
import re

PREFIX = "toritsugi-"
_PLAIN = re.compile(r"[0-9A-Za-z._-]{1,200}")
_FOREIGN = re.compile(r"[^0-9a-z._-]+")


def ticket_name(key: str) -> str:
    """Two keys never share a name: what the portal cannot tell apart is told apart by a digest."""
    folded = key.lower()
    if _PLAIN.fullmatch(key) and key in (folded, key.upper()):
        return PREFIX + folded
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{PREFIX}{_FOREIGN.sub('-', folded)[:180]}-{digest}"


def key_of(name: str) -> str | None:
    """Give the key, a request's number, that made the name; None for a name that is not ours."""
    key = name[len(PREFIX) :].upper()
    return key if ticket_name(key) == name.lower() else None
