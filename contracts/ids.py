"""Numbers that are derived, never drawn: the same input always gets the same number.

Never looks at a clock or a random source, so a repeat, or a re-send after a restored backup, finds
the number it had.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_REQUEST_ID = re.compile(rf"TR-[{_CROCKFORD}]{{{_LENGTH}}}")


def request_id(source: str, sender_id: str) -> str:
    # A JSON list keeps ("a", "bc") and ("ab", "c") apart.
    key = json.dumps([source, sender_id], separators=(",", ":"))
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:10], "big")
    digits = [_CROCKFORD[(number >> shift) & 31] for shift in range(5 * _LENGTH - 5, -1, -5)]
    return "TR-" + "".join(digits)


def is_request_id(text: str) -> bool:
    return _REQUEST_ID.fullmatch(text) is not None


def content_hash(data: dict[str, Any]) -> str:
    """Hash of the data as sent; the order of keys does not count, everything else does."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
