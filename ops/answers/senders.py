"""Who may send: let in, listed, let in no more."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from ledger import senders
from ledger.senders import SOURCE, Credentials, Registration, Sender
from ops import actions
from ops.answer import Answer
from ops.opening import opened
from ops.output import add as add_row
from ops.output import line, table
from ops.problem import bad_input
from workers.listeners.streams import own_stream
from workers.settle import Word

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sender as the operator named it."""

    name: str
    partners: tuple[str, ...]
    source: str | None
    signs: bool


@dataclass(frozen=True, slots=True)
class Added:
    """A sender that was let in, with what it proves itself with, in clear."""

    name: str
    source: str
    partners: tuple[str, ...]
    credentials: Credentials = field(repr=False)
    stream: str | None
    """The stream that only it may write to; None for one that signs."""

    def document(self) -> dict[str, Any]:
        return {
            "sender": self.name,
            "source": self.source,
            "partners": self.partners,
            "api_key": self.credentials.key,
            "signing_secret": self.credentials.secret,
            "stream": self.stream,
            "redis_acl": self.acl(),
        }

    def acl(self) -> str | None:
        """Give the Redis command that lets the sender write to its own stream and nothing else.

        Its password is the API key; the command holds only its hash.
        """
        if self.stream is None or self.credentials.key is None:
            return None
        digest = hashlib.sha256(self.credentials.key.encode()).hexdigest()
        return f"ACL SETUSER {self.name} reset on #{digest} ~{self.stream} +xadd +ping +hello"

    def page(self) -> str:
        """Give the lines for people; the last time that anybody sees the secret."""
        said = [f"{self.name} may send as {self.source} for {', '.join(self.partners)}."]
        if self.credentials.key is not None:
            said += [f"API key, shown this once: {self.credentials.key}"]
            said += [f"For its own stream {self.stream}, in redis-cli: {self.acl()}"]
        else:
            said += [f"Secret to sign with, shown this once: {self.credentials.secret}"]
        return "\n".join([*said, ""])


def add(wanted: Wanted, who: str | None) -> Added:
    """Let a sender in; raise `Problem` when it cannot be."""
    if not NAME.fullmatch(wanted.name):
        raise bad_input(f"{wanted.name}: a name has up to 40 small letters, digits and hyphens")
    if wanted.source is not None and not wanted.source.strip():
        raise bad_input("--source is empty: leave it out, or name the source of its events")
    new = Registration(
        name=wanted.name,
        source=(wanted.source or SOURCE + wanted.name).strip(),
        partners=tuple(dict.fromkeys(wanted.partners)),
        who=who or actions.whoami(),
    )
    with opened() as app:
        drawn = actions.add_sender(app, new, signs=wanted.signs)
        stream = None if wanted.signs else own_stream(app.requests_stream, new.name)
        return Added(new.name, new.source, new.partners, drawn, stream)


def revoke(name: str, who: str | None, why: str) -> Answer:
    """Let a sender in no more; raise `Problem` for one that is not let in."""
    with opened() as app:
        actions.revoke_sender(app, name, Word(who or actions.whoami(), why.strip()))
    words = f"{name} is let in no more; remove its user from Redis, too: ACL DELUSER {name}"
    return Answer({"sender": name, "revoked": True}, lambda _columns: [line(words)])


def listing() -> Answer:
    """List every sender, those that were revoked too."""
    with opened() as app:
        found, zone = app.store.read(senders.listing), app.zone
    return Answer({"items": [asdict(one) for one in found]}, lambda _columns: _pages(found, zone))


def _pages(found: Sequence[Sender], zone: ZoneInfo) -> Iterator[RenderableType]:
    if not found:
        yield line("No sender is registered; toritsugi senders add NAME --partner ID adds one.")
        return
    shown = table("sender!", "source!", "partners", "proof", "added", "revoked", zone=zone)
    for one in found:
        proof = "signature" if one.signs else "API key"
        added = f"{one.created_at.astimezone(zone):%Y-%m-%d}"
        add_row(
            shown, one.name, one.source, ", ".join(one.partners), proof, added, _revoked(one, zone)
        )
    yield shown


def _revoked(sender: Sender, zone: ZoneInfo) -> str | None:
    """Say when, by whom and why."""
    if sender.revoked_at is None:
        return None
    day = f"{sender.revoked_at.astimezone(zone):%Y-%m-%d}"
    return f"{day}: {sender.revoked_why} ({sender.revoked_by})" if sender.revoked_why else day
