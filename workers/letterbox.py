"""What is settled about the mailbox before a mail comes: whom it trusts, where mails are put."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.inbound.imap import Imap


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox:
    """A mailbox that requests come to."""

    name: str
    """Whose it is, where, and which folder: what is known of it is kept under this name."""
    connect: Callable[[], Imap]
    """Opens a connection that is signed in; raises `MailboxAway`."""
    trusts: str | None
    """The mail server whose word on senders is believed; None believes every sender."""
    own: frozenset[str]
    """Our own addresses: what comes from them is a loop."""
    domain: str | None
    """The domain of the Message-IDs that we write."""
    mail_bytes: int
    folder: str
    done: str
    quarantine: str
    ignored: str
    poll_s: float
    """How long a connection listens before it looks by itself."""
