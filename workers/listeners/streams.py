"""The streams of requests by name, and what an entry says of its sender.

All share one stream, and each sender has its own. Only the sender's user of Redis may write to
that, so that the stream says who sent what. An entry of the shared stream may be signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from contracts.incoming import Incoming, Parsed
from workers.admittance import NOBODY, Claim, Signed


def own_stream(shared: str, sender: str) -> str:
    return f"{shared}:{sender}"


def claim(entry: bytes, fields: Mapping[bytes, bytes], item: Parsed, owner: str | None) -> Claim:
    """Give who sent an entry: the stream's owner, or who signed it; else nobody."""
    if owner is not None:
        return Claim(name=owner)
    if b"signature" not in fields:
        return NOBODY
    own = item.outcome.id if isinstance(item.outcome, Incoming) else item.outcome.sender_id
    signed = Signed(
        id=_text(fields, b"id") or own or "",
        timestamp=_text(fields, b"timestamp"),
        signature=_text(fields, b"signature"),
        body=item.raw,
        at=_added_at(entry),
    )
    return Claim(name=_text(fields, b"sender"), signed=signed)


def _text(fields: Mapping[bytes, bytes], name: bytes) -> str:
    # No database keeps U+0000, and PostgreSQL is not even asked for it.
    return fields.get(name, b"").decode(errors="replace").replace("\0", "\ufffd")


def _added_at(entry: bytes) -> datetime | None:
    """Read the moment out of an entry's id; None for one that no clock has made.

    An entry may have waited long before it is read: its signature had to be fresh when it came.
    """
    try:
        return datetime.fromtimestamp(int(entry.partition(b"-")[0]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
