"""Who gets the answers to a request by mail: only those whom we know to be its partner's.

Whoever files may name any address to answer to; without this, they could have us write to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.letters import Correspondent

MAIL = "mail"
"""The way in whose senders are proven."""
AUTOMATIC = frozenset(
    {
        "mailer-daemon", "postmaster", "hostmaster", "abuse", "root", "daemon", "bounce", "bounces",
        "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "nobody",
        "listserv", "majordomo", "mailman",
    }
)  # fmt: skip
_LISTS = ("-request", "-bounces", "-owner")
_SCHEME = "mailto:"


class Nobody(Exception):
    """No address may be written to; `code` says why not the one that was asked for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def addressee(found: Correspondent, own: frozenset[str], is_agent: Callable[[str], bool]) -> str:
    """Give the address asked for, else that of whom wrote the mail; raise `Nobody`."""
    refusals = []
    for address in _asked(found):
        refusal = _refusal(address, found, own, is_agent)
        if refusal is None:
            return address
        refusals.append(refusal)
    raise Nobody(refusals[0] if refusals else "no_address")


def _asked(found: Correspondent) -> Iterator[str]:
    email = (found.body.get("reply_to") or {}).get("email")
    if email:
        yield email
    if (sender := _sender(found)) is not None:
        yield sender


def _sender(found: Correspondent) -> str | None:
    proven = found.channel == MAIL and found.source.startswith(_SCHEME)
    return found.source.removeprefix(_SCHEME) if proven else None


def _refusal(
    address: str, found: Correspondent, own: frozenset[str], is_agent: Callable[[str], bool]
) -> str | None:
    address = address.strip().lower()
    local, _, domain = address.rpartition("@")
    if address in own:
        return "own_address"
    if local in AUTOMATIC or local.endswith(_LISTS):
        return "automatic_address"
    theirs = address == _sender(found) or _within(domain, found.domain) or is_agent(address)
    return None if theirs else "foreign_address"


def _within(domain: str, theirs: str | None) -> bool:
    theirs = (theirs or "").strip().lower()
    return bool(theirs) and (domain == theirs or domain.endswith(f".{theirs}"))
