"""What every carrier does alike: one suite, run against each simulated portal over real HTTP."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar

import httpx
import pytest

from adapters.answers import BUSY_S, SHORTEST_NAMED_S
from adapters.certificates import certificates
from adapters.errors import OutcomeUnknown, PortalError, Refused, TryLater
from adapters.portals.port import Held, Listing, Order, Portal, Ticket
from adapters.retry_after import HOUR_S
from adapters.transport import Limits
from sandbox.server import SandboxServer
from tests.adapters.orders import NOW, SECRETS
from tests.adapters.scripted import closed_port

LIMITS = Limits(connect_s=2.0, read_s=1.0)
LOOKS = 5
NUMBERS = count(1)

# What the simulated portal does, and what a carrier makes of it.
WAITS = [
    ({"status": 429, "retry_after": 7}, 7.0, True),
    ({"status": 429, "retry_after": {"date": 90}}, 90.0, True),
    ({"status": 429, "retry_after": "past"}, SHORTEST_NAMED_S, True),
    ({"status": 429, "retry_after": "absurd"}, HOUR_S, True),
    ({"status": 429, "retry_after": "missing"}, BUSY_S, False),
    ({"status": 429, "retry_after": "tomorrow"}, BUSY_S, False),
    ({"status": 503, "retry_after": 7}, 7.0, True),
    ("maintenance", 30.0, True),
]
UNKNOWN = [{"status": 500}, {"status": 502}, {"status": 504}, "drop_before", "html"]
LIST_TROUBLE = [{"status": 429, "retry_after": 3}, {"status": 500}, "html", "revoked", "cut_body"]
LOOKUP_TROUBLE = [
    {"status": 429, "retry_after": 3},
    {"status": 400},
    {"status": 404, "code": "SubscriptionNotFound"},
    {"status": 500},
    "drop_before",
    "html",
    "revoked",
    "read_only",
    "cut_body",
]


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier under test: how it is made, what it files, and what its portal refuses."""

    portal: str
    make: Callable[[str], Portal]
    order: Order
    refused: Order
    refused_code: str
    one_sign_in: bool = True
    """Whether everybody's orders go under the same sign-in."""


class Outside:
    """The simulated portal as somebody sees it who is not the carrier."""

    def __init__(self, server: SandboxServer, portal: str, key: str) -> None:
        self._http = httpx.Client(base_url=f"{server.base_url}/_sandbox", verify=certificates())
        self._portal = portal
        self._key = key.lower()

    def fault(self, fault: object, operation: str = "create", times: int | None = 1) -> None:
        """Have the portal go wrong."""
        rule = {"portal": self._portal, "operation": operation, "times": times, "fault": fault}
        self._http.post("/faults", json={"rules": [rule]}).raise_for_status()

    def mend(self) -> None:
        """Have it go right again."""
        self._http.delete("/faults").raise_for_status()

    def close(self) -> None:
        """Look away."""
        self._http.close()

    def numbers(self) -> list[str]:
        """List the tickets that this test's keys made."""
        listed: list[dict[str, Any]] = self._http.get("/tickets").json()["tickets"]
        return [ticket["number"] for ticket in listed if self._key in ticket["key"].lower()]

    def creations(self) -> int:
        """Count the creations that were asked for."""
        calls = self._http.get("/journal").json()["calls"]
        ours = [call for call in calls if self._key in str(call["key"]).lower()]
        return sum(call["operation"] == "create" for call in ours)


def found(portal: Portal, order: Order) -> Ticket | None:
    """Look as long as a portal may take to show what it took."""
    return next(filter(None, (portal.find(order) for _ in range(LOOKS))), None)


def nothing(token: str) -> None:
    """Note nothing."""
    del token


class PortalSuite:
    """Subclass it and name the carrier."""

    carrier: ClassVar[Carrier]

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Iterator[SandboxServer]:
        """Simulate all portals."""
        with SandboxServer(clock=NOW.timestamp) as server:
            yield server

    @pytest.fixture
    def order(self) -> Order:
        """Name an order that no other test files."""
        return replace(self.carrier.order, key=f"R-{next(NUMBERS):04}")

    @pytest.fixture
    def outside(self, server: SandboxServer, order: Order) -> Iterator[Outside]:
        """Look from outside."""
        outside = Outside(server, self.carrier.portal, order.key)
        yield outside
        outside.mend()
        outside.close()

    @pytest.fixture
    def portal(self, server: SandboxServer) -> Iterator[Portal]:
        """Carry to the simulated portal."""
        portal = self.carrier.make(server.base_url)
        yield portal
        portal.close()

    def test_files(self, order: Order, portal: Portal, outside: Outside) -> None:
        """An order becomes one ticket, known by the portal's number."""
        ticket = portal.file(order, nothing)
        assert outside.numbers() == [ticket.number]
        assert (ticket.system, ticket.severity) == (self.carrier.portal, "B")
        assert ticket.first_response_due is not None
        assert ticket.first_response_due.tzinfo is not None
        assert ticket.url

    def test_severities(self, order: Order, portal: Portal) -> None:
        """Each severity comes back as it went."""
        for severity in ("A", "B", "C"):
            order = replace(order, key=f"{order.key}-{severity}", severity=severity)
            assert portal.file(order, nothing).severity == severity

    def test_same_key(self, order: Order, portal: Portal, outside: Outside) -> None:
        """One key gives one ticket, however often it is filed."""
        first, second = (portal.file(order, nothing) for _ in range(2))
        assert first == second
        assert len(outside.numbers()) == 1

    def test_other_key(self, order: Order, portal: Portal, outside: Outside) -> None:
        """Another key gives another ticket, though all else is the same."""
        portal.file(order, nothing)
        portal.file(replace(order, key=f"{order.key}-2"), nothing)
        assert len(outside.numbers()) == 2

    def test_find(self, order: Order, portal: Portal) -> None:
        """A ticket is found once it is filed, and not before."""
        assert portal.find(order) is None
        ticket = portal.file(order, nothing)
        assert portal.find(order) == ticket
        assert portal.find(replace(order, key=f"{order.key}-2")) is None

    def test_list(self, order: Order, portal: Portal, outside: Outside) -> None:
        """What was filed is listed under the keys it was filed under, and nothing else is."""
        orders = [replace(order, key=f"{order.key}-{number}") for number in range(2)]
        filed = [Held(each.key, portal.file(each, nothing).number) for each in orders]
        listing = portal.list_tickets([order.scope], NOW)
        assert listing is not None
        assert listing.unasked == ()
        assert sorted(outside.numbers()) == sorted(each.number for each in filed)
        ours = [each for each in listing.held if each.key.startswith(f"{order.key}-")]
        assert sorted(ours, key=lambda held: held.key) == filed

    def test_list_since(self, order: Order, portal: Portal) -> None:
        """What was created earlier is not listed."""
        portal.file(order, nothing)
        assert portal.list_tickets([order.scope], NOW + timedelta(days=1)) == Listing(())

    @pytest.mark.parametrize("fault", LIST_TROUBLE, ids=str)
    def test_list_that_is_not_answered(
        self, order: Order, portal: Portal, outside: Outside, fault: object
    ) -> None:
        """A list that cannot be had is told as such; it never says that nothing is there."""
        portal.file(order, nothing)
        outside.fault(fault, "list", None)
        listing = portal.list_tickets([order.scope], NOW)
        assert listing is not None
        assert [each.covers(order.scope) for each in listing.unasked] == [True]

    def test_resume(self, order: Order, server: SandboxServer, portal: Portal) -> None:
        """What was noted leads another process to the same ticket."""
        noted: list[str] = []
        ticket = portal.file(order, noted.append)
        other = self.carrier.make(server.base_url)
        assert other.resume(order, noted[0] if noted else "") == ticket
        other.close()

    def test_answer_lost(self, order: Order, portal: Portal, outside: Outside) -> None:
        """A ticket whose answer was lost is found by its key; nothing is sent twice."""
        outside.fault("drop_after")
        with pytest.raises(OutcomeUnknown):
            portal.file(order, nothing)
        ticket = found(portal, order)
        assert ticket is not None
        assert outside.numbers() == [ticket.number]
        assert outside.creations() == 1

    def test_answer_late(self, order: Order, portal: Portal, outside: Outside) -> None:
        """An answer that comes after the time limit is an unknown outcome, too."""
        outside.fault({"slow": 1.5})
        with pytest.raises(OutcomeUnknown):
            portal.file(order, nothing)
        assert found(portal, order) is not None
        assert outside.creations() == 1

    def test_answer_cut(self, order: Order, portal: Portal, outside: Outside) -> None:
        """An answer that is cut leads to the one ticket, at once or by its key."""
        outside.fault("cut_body")
        try:
            ticket: Ticket | None = portal.file(order, nothing)
        except OutcomeUnknown:
            ticket = found(portal, order)
        assert ticket is not None
        assert outside.numbers() == [ticket.number]
        assert outside.creations() == 1

    @pytest.mark.parametrize("fault", UNKNOWN, ids=str)
    def test_unknown(self, order: Order, portal: Portal, outside: Outside, fault: object) -> None:
        """Where a ticket may exist the outcome is unknown, and the creation is not repeated."""
        outside.fault(fault)
        with pytest.raises(OutcomeUnknown) as caught:
            portal.file(order, nothing)
        assert caught.value.ill
        assert outside.creations() == 1
        assert found(portal, order) is None

    @pytest.mark.parametrize(("fault", "after_s", "named"), WAITS, ids=str)
    def test_waits(
        self,
        order: Order,
        portal: Portal,
        outside: Outside,
        fault: object,
        after_s: float,
        *,
        named: bool,
    ) -> None:
        """A portal that asks for time is given it, in every spelling; then the order passes."""
        outside.fault(fault)
        with pytest.raises(TryLater) as caught:
            portal.file(order, nothing)
        assert (caught.value.named, caught.value.ill) == (named, True)
        assert caught.value.after_s == pytest.approx(after_s, abs=2)
        assert outside.numbers() == []
        assert outside.creations() == 1
        assert portal.file(order, nothing).number in outside.numbers()

    @pytest.mark.parametrize("fault", ["revoked", "read_only"])
    def test_credentials(self, order: Order, portal: Portal, outside: Outside, fault: str) -> None:
        """Broken credentials lose no order; where all have the same, the portal is ill for all."""
        outside.fault(fault)
        with pytest.raises(TryLater) as caught:
            portal.file(order, nothing)
        assert caught.value.code == "unauthorized"
        assert caught.value.ill is self.carrier.one_sign_in
        assert outside.numbers() == []

    def test_refused(self, order: Order, portal: Portal, outside: Outside) -> None:
        """A refusal names the portal's own code, and leaves no ticket; the portal is well."""
        refused = replace(self.carrier.refused, key=order.key)
        with pytest.raises(Refused) as caught:
            portal.file(refused, nothing)
        assert (caught.value.code, caught.value.ill) == (self.carrier.refused_code, False)
        assert outside.numbers() == []
        assert portal.find(refused) is None

    def test_nobody_listens(self, order: Order) -> None:
        """Without a connection nothing was sent: an order may be filed, or looked up, later."""
        portal = self.carrier.make(closed_port())
        with pytest.raises(TryLater) as filing:
            portal.file(order, nothing)
        with pytest.raises(TryLater) as looking:
            portal.find(order)
        assert filing.value.code == looking.value.code == "unreachable"
        assert filing.value.ill
        assert looking.value.ill
        portal.close()

    @pytest.mark.parametrize("fault", LOOKUP_TROUBLE, ids=str)
    def test_lookup_is_no_guess(
        self, order: Order, portal: Portal, outside: Outside, fault: object
    ) -> None:
        """A look-up that cannot be answered is asked again later; it never says 'not there'."""
        ticket = portal.file(order, nothing)
        outside.fault(fault, "lookup", None)
        with pytest.raises(TryLater):
            portal.find(order)
        outside.mend()
        assert portal.find(order) == ticket

    def test_lookup_is_repeated(self, order: Order, portal: Portal, outside: Outside) -> None:
        """A look-up stands two passing troubles."""
        ticket = portal.file(order, nothing)
        outside.fault("drop_before", "lookup", 1)
        outside.fault({"status": 500}, "lookup", 1)
        assert portal.find(order) == ticket

    def test_threads(self, order: Order, portal: Portal, outside: Outside) -> None:
        """Many threads file through one carrier; one key among them stays one ticket."""
        orders = [replace(order, key=f"{order.key}-{number % 4}") for number in range(8)]
        with ThreadPoolExecutor(4) as threads:
            tickets = list(threads.map(lambda each: self._settle(portal, each), orders))
        assert sorted(outside.numbers()) == sorted({ticket.number for ticket in tickets})
        assert len(outside.numbers()) == 4

    @pytest.mark.parametrize(
        "fault", [*UNKNOWN, "revoked", "drop_after", {"status": 422}, {"status": 429}], ids=str
    )
    def test_secrets(self, order: Order, portal: Portal, outside: Outside, fault: object) -> None:
        """No error tells a token or an id, not even in its traceback."""
        outside.fault(fault)
        with pytest.raises(PortalError) as caught:
            portal.file(order, nothing)
        error = caught.value
        told = "".join([*traceback.format_exception(error), repr(error), error.message, error.code])
        assert not [secret for secret in SECRETS if secret in told]

    def test_closing_twice(self, portal: Portal) -> None:
        """A carrier may be closed again, or unused."""
        portal.close()
        portal.close()

    def _settle(self, portal: Portal, order: Order) -> Ticket:
        """File, and look where the outcome is unknown, as a caller does."""
        try:
            return portal.file(order, nothing)
        except OutcomeUnknown:
            ticket = found(portal, order)
            assert ticket is not None
            return ticket
