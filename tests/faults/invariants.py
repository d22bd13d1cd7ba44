"""I1 to I7 of the fault catalogue, looked at from outside: plain SQL and the portals' own account.

Asks nothing of the code under test, so that a fault in it cannot hide itself. Changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, text

from tests.plain import http

ENDS = {"incomplete", "held", "rejected", "submitted", "handed_over", "uncertain", "failed",
        "cancelled", "closed"}  # fmt: skip
WITH_TICKET = {"submitted", "closed"}
PERHAPS = {"uncertain", "handed_over"}
PROMISED = {"uncertain", "handed_over"}
"""Ends in which a promise still stands."""
RESULTS = {"incomplete", "held", "rejected", "submitted", "uncertain", "failed", "cancelled"}
DEDUCTED = "toritsugi.incident.deducted.v1"

QUERIES = {
    "requests": "SELECT id, state, sequence, incidents, contract, lease_until FROM requests",
    "history": "SELECT request, origin, state FROM history ORDER BY position",
    "tickets": "SELECT request, system, number FROM tickets",
    "contracts": "SELECT id, counted, balance, reserved FROM contracts",
    "reservations": "SELECT id, request, contract, amount, state FROM reservations",
    "entries": "SELECT id, request, contract, kind, amount FROM entries",
    "outbox": "SELECT id, request, sequence, type, published_at FROM outbox ORDER BY position",
    "deliveries": "SELECT event, ended_at, outcome FROM deliveries ORDER BY position",
    "open_attempts": "SELECT request FROM attempts WHERE outcome IS NULL",
}
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outside:
    """What somebody sees who trusts nobody: the rows, the portals' tickets, the events received."""

    rows: Mapping[str, Rows]
    portal: Rows
    received: Sequence[Mapping[str, Any]]
    """Events as a receiver read them off the stream, repeats included."""

    def of(self, table: str, request: str) -> list[Mapping[str, Any]]:
        return [row for row in self.rows[table] if row["request"] == request]

    def held_for(self, request: str) -> list[Mapping[str, Any]]:
        """Give the tickets that the portals hold under the request's key."""
        ours = {request.lower(), f"toritsugi-{request}".lower()}
        return [one for one in self.portal if str(one["key"]).lower() in ours]


def look(database_url: str, sandbox_url: str, received: Sequence[bytes] = ()) -> Outside:
    """Look at everything once."""
    engine = create_engine(database_url)
    rows = rows_of(engine)
    engine.dispose()
    portal = http().get(f"{sandbox_url}/_sandbox/tickets").json()["tickets"]
    return Outside(rows, portal, [orjson.loads(body) for body in received])


def rows_of(engine: Engine) -> Mapping[str, Rows]:
    """Read what the ledger holds."""
    with engine.connect() as db:
        return {
            name: [dict(row) for row in db.execute(text(sql)).mappings()]
            for name, sql in QUERIES.items()
        }


def undelivered(found: Outside, came: Sequence[Mapping[str, Any]]) -> list[str]:
    """I6, I7 as a single receiver sees them, and no delivery is left open."""
    opened = [
        f"{one['event']} is not sent" for one in found.rows["deliveries"] if one["ended_at"] is None
    ]
    return [*opened, *received(Outside(found.rows, found.portal, came))]


def broken(found: Outside, *, published: bool = True) -> list[str]:
    """Give every invariant that does not hold, in a sentence each; none is what all hope for."""
    checks = [ends, tickets, account, paid, results, order, *([received] if published else [])]
    return [f"{check.__name__}: {words}" for check in checks for words in check(found)]


def ends(found: Outside) -> Iterator[str]:
    """I1, I5: every request has come to rest, along moves that join, and nothing is left open."""
    for request in found.rows["requests"]:
        moves = found.of("history", request["id"])
        if request["state"] not in ENDS or request["lease_until"] is not None:
            yield f"{request['id']} does not rest: {request['state']}"
        if [moves[0]["origin"], moves[-1]["state"]] != [None, request["state"]]:
            yield f"{request['id']} is {request['state']}, its history says otherwise"
        if any(one["state"] != other["origin"] for one, other in pairwise(moves)):
            yield f"{request['id']}: its history has a gap"
    for attempt in found.rows["open_attempts"]:
        yield f"{attempt['request']} has an open attempt"


def tickets(found: Outside) -> Iterator[str]:
    """I2: one ticket at the portal if it is submitted, none if it is refused, never two."""
    for request in found.rows["requests"]:
        there = [one["number"] for one in found.held_for(request["id"])]
        here = [one["number"] for one in found.of("tickets", request["id"])]
        if len(there) > 1 or (there != here and request["state"] not in PERHAPS):
            yield f"{request['id']} is {request['state']}: portal {there}, ledger {here}"
        if (request["state"] in WITH_TICKET) != bool(here):
            yield f"{request['id']} is {request['state']} and has the tickets {here}"
    known = {one["number"] for one in found.rows["tickets"]}
    perhaps = [one["id"] for one in found.rows["requests"] if one["state"] in PERHAPS]
    known |= {one["number"] for request in perhaps for one in found.held_for(request)}
    for one in found.portal:
        if one["number"] not in known:
            yield f"the portal holds {one['number']} under {one['key']}, the ledger does not"


def account(found: Outside) -> Iterator[str]:
    """I3: balances are the sums of their entries, promises those of requests under way."""
    for contract in found.rows["contracts"]:
        of = contract["id"]
        total = sum(one["amount"] for one in found.rows["entries"] if one["contract"] == of)
        pending = [
            one
            for one in found.rows["reservations"]
            if (one["contract"], one["state"]) == (of, "pending")
        ]
        promised = sum(one["amount"] for one in pending)
        if (contract["balance"], contract["reserved"]) != (total, promised):
            yield f"{of}: {dict(contract)}, entries {total}, promises {promised}"
        if contract["counted"] and contract["balance"] < contract["reserved"]:
            yield f"{of} is oversold: {dict(contract)}"


def paid(found: Outside) -> Iterator[str]:
    """I3: whoever has a ticket has paid for it, once; whoever has none was promised nothing."""
    for request in found.rows["requests"]:
        yield from _paid(found, request)


def _paid(found: Outside, request: Mapping[str, Any]) -> Iterator[str]:
    kinds = Counter(one["kind"] for one in found.of("entries", request["id"]))
    states = Counter(one["state"] for one in found.of("reservations", request["id"]))
    due = request["state"] in WITH_TICKET and request["incidents"] > 0
    if kinds["post"] != due or kinds["refund"] > kinds["post"]:
        yield f"{request['id']} is {request['state']} and has the entries {dict(kinds)}"
    if states["posted"] != kinds["post"]:
        yield f"{request['id']} was posted {kinds['post']} times, promised {dict(states)}"
    if states["pending"] > (request["state"] in PROMISED):
        yield f"{request['id']} is {request['state']} and still promised {dict(states)}"


def results(found: Outside) -> Iterator[str]:
    """I4, I6: an event for each result and each posting, and all are published."""
    for request in found.rows["requests"]:
        told = Counter(_kind(one["type"]) for one in found.of("outbox", request["id"]))
        came = Counter(one["state"] for one in found.of("history", request["id"]))
        posted = [one for one in found.of("entries", request["id"]) if one["kind"] == "post"]
        for state in RESULTS:
            if told[state] != came[state]:
                yield f"{request['id']} was {state} {came[state]} times, said {told[state]} times"
        if came["submitted"] > 1:
            yield f"{request['id']} was submitted {came['submitted']} times"
        if told["accepted"] != 1 or told["deducted"] != len(posted):
            yield f"{request['id']}: {dict(told)}, postings {len(posted)}"
    for letter in found.rows["outbox"]:
        if letter["published_at"] is None:
            yield f"{letter['type']} of {letter['request']} was not published"


def order(found: Outside) -> Iterator[str]:
    """I7: a request's events are numbered 1, 2, 3 … and written in that order."""
    for request in found.rows["requests"]:
        numbers = [one["sequence"] for one in found.of("outbox", request["id"])]
        if numbers != list(range(1, request["sequence"] + 1)):
            yield f"{request['id']}: {numbers}, and the last is said to be {request['sequence']}"


def received(found: Outside) -> Iterator[str]:
    """I6, I7 as a receiver sees them: every event came, first seen in order, ids are stable."""
    first: dict[str, list[int]] = defaultdict(list)
    seen: dict[str, Mapping[str, Any]] = {}
    for event in found.received:
        if event["id"] not in seen and "sequence" in event:
            first[event["subject"]].append(event["sequence"])
        if seen.setdefault(event["id"], event) != event:
            yield f"{event['id']} came with two contents"
    for request, numbers in first.items():
        if numbers != sorted(set(numbers)):
            yield f"{request}: its events came as {numbers}"
    for letter in found.rows["outbox"]:
        if letter["id"] not in seen:
            yield f"{letter['type']} of {letter['request']} never came"


def _kind(event_type: str) -> str:
    return event_type.removesuffix(".v1").rpartition(".")[2]
