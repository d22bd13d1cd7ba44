"""The proof of the account, from its rows alone: what does not add up is listed, never mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from ledger.states import State
from ledger.tables import contracts, entries, outbox, requests, reservations, tickets

Figure = ColumnElement[Any]
PROMISED = (State.QUEUED, State.SUBMITTING, State.HANDED_OVER, State.UNCERTAIN)
TICKETED = (State.SUBMITTED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that does not add up: which check, where, and both figures."""

    check: str
    where: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and what does not add up."""

    contracts: int
    entries: int
    tickets: int
    discrepancies: Sequence[Discrepancy]

    @property
    def clean(self) -> bool:
        return not self.discrepancies


def verify(db: Connection) -> Proof:
    """Prove balances, promises, postings, refunds and their events from the rows."""
    wrong = [
        Discrepancy(name, row.place, row.expected, row.found)
        for name, check in CHECKS.items()
        for row in db.execute(check())
    ]
    return Proof(
        contracts=_count(db, contracts),
        entries=_count(db, entries),
        tickets=_count(db, tickets),
        discrepancies=[*wrong, *_running(db)],
    )


def _count(db: Connection, table: Any) -> int:
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def _balance() -> Select[Any]:
    total = _sum(entries.c.amount, entries.c.contract == contracts.c.id)
    return _where(contracts.c.id, total, contracts.c.balance)


def _promised() -> Select[Any]:
    pending = and_(reservations.c.contract == contracts.c.id, reservations.c.state == "pending")
    return _where(contracts.c.id, _sum(reservations.c.amount, pending), contracts.c.reserved)


def _posted() -> Select[Any]:
    """Each reservation has a posting of its amount if it is posted, and none otherwise."""
    due = case((reservations.c.state == "posted", reservations.c.amount), else_=0)
    post = and_(
        entries.c.kind == "post",
        entries.c.request == reservations.c.request,
        entries.c.contract == reservations.c.contract,
    )
    live = reservations.c.state != "void"
    return _where(reservations.c.id, due, -_sum(entries.c.amount, post)).where(live)


def _paid() -> Select[Any]:
    """Each ticket has the posting that its plan asks for, once."""
    due = case((requests.c.incidents > 0, 1), else_=0)
    return _where(tickets.c.request, due, _number("post", tickets.c.request)).join(
        requests, requests.c.id == tickets.c.request
    )


def _for_a_ticket() -> Select[Any]:
    """Each posting belongs to a ticket."""
    same = tickets.c.request == entries.c.request
    there = select(func.count()).select_from(tickets).where(same).scalar_subquery()
    return _where(entries.c.id, literal(1), there).where(entries.c.kind == "post")


def _refunded() -> Select[Any]:
    """Each refund gives back what a posting took."""
    post = entries.alias("post")
    same = and_(
        post.c.kind == "post",
        post.c.request == entries.c.request,
        post.c.contract == entries.c.contract,
    )
    taken = select(func.coalesce(func.sum(-post.c.amount), 0)).where(same).scalar_subquery()
    return _where(entries.c.id, taken, entries.c.amount).where(entries.c.kind == "refund")


def _once(kind: str) -> Callable[[], Select[Any]]:
    """Each request has one posting, and one refund, at most."""

    def check() -> Select[Any]:
        number = func.count()
        return (
            select(
                entries.c.request.label("place"),
                literal(1).label("expected"),
                number.label("found"),
            )
            .where(entries.c.kind == kind)
            .group_by(entries.c.request)
            .having(number > 1)
        )

    return check


def _under_way() -> Select[Any]:
    """Each promise that still stands belongs to a request that may yet get a ticket."""
    pending = and_(
        reservations.c.state == "pending",
        requests.c.id == reservations.c.request,
        requests.c.state.not_in(PROMISED),
    )
    return _where(reservations.c.id, literal(0), reservations.c.amount).where(pending)


def _has_ticket() -> Select[Any]:
    """Each request that is said to have a ticket has one."""
    same = tickets.c.request == requests.c.id
    there = select(func.count()).select_from(tickets).where(same).scalar_subquery()
    due = case((requests.c.state.in_(TICKETED), 1), else_=0)
    return _where(requests.c.id, due, there)


def _told(kind: str, event: str) -> Callable[[], Select[Any]]:
    """Each posting and each refund has its event, once."""

    def check() -> Select[Any]:
        same = and_(outbox.c.request == entries.c.request, outbox.c.type == event)
        events = select(func.count()).select_from(outbox).where(same).scalar_subquery()
        return _where(entries.c.id, literal(1), events).where(entries.c.kind == kind)

    return check


CHECKS: dict[str, Callable[[], Select[Any]]] = {
    "balance is the sum of entries": _balance,
    "reserved is the sum of promises": _promised,
    "a settled promise is posted once": _posted,
    "a ticket is paid once": _paid,
    "a posting has its ticket": _for_a_ticket,
    "a refund gives back a posting": _refunded,
    "a request is posted once": _once("post"),
    "a request is refunded once": _once("refund"),
    "a promise belongs to a request under way": _under_way,
    "a submitted request has its ticket": _has_ticket,
    "a posting has its event": _told("post", "toritsugi.incident.deducted.v1"),
    "a refund has its event": _told("refund", "toritsugi.incident.refunded.v1"),
}


def _running(db: Connection) -> Iterator[Discrepancy]:
    """Each entry's balance is the one before it plus its amount."""
    total: dict[str, int] = {}
    lines = select(entries.c.id, entries.c.contract, entries.c.amount, entries.c.balance)
    for line in db.execute(lines.order_by(entries.c.position).execution_options(yield_per=1000)):
        total[line.contract] = total.get(line.contract, 0) + line.amount
        if total[line.contract] != line.balance:
            yield Discrepancy("entries run on", line.id, total[line.contract], line.balance)


def _where(place: Figure, expected: Figure, found: Figure) -> Select[Any]:
    """Select the places where the two figures differ."""
    return select(place.label("place"), expected.label("expected"), found.label("found")).where(
        expected != found
    )


def _sum(amount: Figure, condition: Figure) -> Figure:
    return select(func.coalesce(func.sum(amount), 0)).where(condition).scalar_subquery()


def _number(kind: str, request: Figure) -> Figure:
    same = and_(entries.c.kind == kind, entries.c.request == request)
    return select(func.count()).select_from(entries).where(same).scalar_subquery()
