"""What was missing arrives: an incomplete request takes the new fields and is decided again.

Only the sender of a request completes it, and only while it is incomplete. Each message completes
once; its bytes are kept as those of the request are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, case, func, insert, select, update

from contracts.malformed import MalformedCode
from contracts.merging import merged
from ledger.clock import moment, now
from ledger.requests import ASSESS, TELL, history_line
from ledger.states import State, check
from ledger.tables import completions, requests
from ledger.vault import Vault


@dataclass(frozen=True, slots=True)
class Completion:
    """A message that brings fields of a request; `given` holds nothing but those, or nothing."""

    request: str
    source: str
    sender_id: str
    content_hash: str
    raw: bytes = field(repr=False)
    given: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class NotTaken(Exception):
    """The message completes nothing; `code` and the words say why."""

    def __init__(self, code: MalformedCode, words: str) -> None:
        super().__init__(words)
        self.code: MalformedCode = code


KNOWN = select(completions.c.content_hash).where(
    completions.c.source == bindparam("by"), completions.c.sender_id == bindparam("key")
)
KEEP = insert(completions).values(at=now()).inline()
TAKEN = select(func.count()).where(completions.c.request == bindparam("of"))
OPEN = select(
    requests.c.source,
    requests.c.state,
    requests.c.body,
    requests.c.access_id_sealed,
    requests.c.contract_id_sealed,
).where(requests.c.id == bindparam("of"))
TAKE = (
    update(requests)
    .where(requests.c.id == bindparam("of"), requests.c.state == State.INCOMPLETE)
    .values(
        state=State.RECEIVED,
        queue=ASSESS,
        due_at=now(),
        hinted_at=case((bindparam("hinted", type_=Boolean), now()), else_=None),
        fence=requests.c.fence + 1,
        code=None,
        updated_at=now(),
        body=bindparam("new_body", type_=requests.c.body.type),
        access_id_sealed=bindparam("new_access_id", type_=requests.c.access_id_sealed.type),
        contract_id_sealed=bindparam("new_contract_id", type_=requests.c.contract_id_sealed.type),
        **{
            name: bindparam(f"new_{name}", type_=requests.c[name].type)
            for name in ("partner", "agent", "customer", "product", "title", "severity")
        },
    )
)


def has_completed(db: Connection, source: str, sender_id: str) -> bool:
    """Whether the message of this key was taken before."""
    return db.execute(KNOWN, {"by": source, "key": sender_id}).first() is not None


def taken(db: Connection, request: str) -> int:
    """Give how many messages were taken for the request since it was filed."""
    return int(db.execute(TAKEN, {"of": request}).scalar_one())


def complete(db: Connection, vault: Vault, completion: Completion, *, hinted: bool) -> bool:
    """Give the fields to the request and make it due; False for a message that did so before.

    Raises `NotTaken`.
    """
    key = {"by": completion.source, "key": completion.sender_id}
    before = db.execute(KNOWN, key).scalar_one_or_none()
    if before is not None:
        if before != completion.content_hash:
            raise NotTaken("id_reused", "was used for another content; send this under a new id")
        return False
    values = _values(vault, completion, _incomplete(db, completion))
    if not db.execute(TAKE, {**values, "hinted": hinted}).rowcount:
        raise NotTaken("not_incomplete", f"{completion.request} takes no more fields")
    _keep(db, vault, completion)
    return True


def _incomplete(db: Connection, completion: Completion) -> Any:
    """Give the request's row, if it is the sender's and still incomplete."""
    row = db.execute(OPEN, {"of": completion.request}).one_or_none()
    if row is None or row.source != completion.source:
        raise NotTaken("unknown_request", f"you have no request {completion.request}")
    if row.state != State.INCOMPLETE:
        raise NotTaken(
            "not_incomplete",
            f"{completion.request} is {row.state} and takes no more fields; send a new request",
        )
    check(State.INCOMPLETE, State.RECEIVED)
    return row


def _values(vault: Vault, completion: Completion, row: Any) -> dict[str, Any]:
    body = merged(row.body, completion.given)
    sealed = {name: vault.seal(clear.encode()) for name, clear in completion.secrets.items()}
    return {
        "of": completion.request,
        "new_body": body,
        "new_access_id": sealed.get("access_id", row.access_id_sealed),
        "new_contract_id": sealed.get("contract_id", row.contract_id_sealed),
        "new_severity": body.get("severity", "C"),
        **{
            f"new_{name}": body.get(name)
            for name in ("partner", "agent", "customer", "product", "title")
        },
    }


def _keep(db: Connection, vault: Vault, completion: Completion) -> None:
    db.execute(
        KEEP,
        {
            "source": completion.source,
            "sender_id": completion.sender_id,
            "request": completion.request,
            "content_hash": completion.content_hash,
            "raw_sealed": vault.seal(completion.raw),
        },
    )
    fields = any(completion.given.values()) or completion.secrets
    brings = "completed" if fields else "no field named"
    line = history_line(
        completion.request,
        moment(db),
        State.INCOMPLETE,
        State.RECEIVED,
        f"{brings} by {completion.sender_id}",
        completion.source,
    )
    db.execute(TELL, [line])
