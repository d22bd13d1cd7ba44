"""The Azure carrier passes the suite, and waits for operations with bounded patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapters.errors import OutcomeUnknown, Refused
from adapters.portals.azure.client import LARGEST_PAGE, AzurePortal
from adapters.portals.azure.clients import Access
from adapters.portals.azure.credentials import LoopbackToken
from adapters.portals.azure.names import ticket_name
from adapters.portals.azure.patience import Manners
from adapters.portals.port import Order, Portal
from sandbox.azure.operations import Rhythm
from sandbox.azure.plans import Plans
from sandbox.server import SandboxServer
from sandbox.settings import Settings
from tests.adapters.orders import AZURE, CONTACT, NOW, TOKEN, clock
from tests.adapters.portal_suite import LIMITS, Carrier, Outside, PortalSuite, found, nothing
from tests.plain import http
from tests.sandbox.cast import properties

PROMPT = Manners(patience_s=5.0, poll_s=0.01, visible_after_s=0.0)
FREE = "1f0c7a52-0000-4000-8000-00000000f4ee"


def make(
    base_url: str, manners: Manners = PROMPT, monotonic: Callable[[], float] = time.monotonic
) -> AzurePortal:
    """Carry through the official client."""
    token = LoopbackToken(TOKEN)
    access = Access(
        credential_for=token.credential_for,
        base_url=f"{base_url}/azure",
        authentication_policy=token.policy,
        limits=LIMITS,
    )
    return AzurePortal(access, clock=clock, manners=manners, monotonic=monotonic)


class TestAzurePortal(PortalSuite):
    carrier = Carrier(
        portal="azure",
        make=make,
        order=AZURE,
        refused=replace(AZURE, contact=replace(CONTACT, phone=None)),
        refused_code="InvalidParameterValue",
        one_sign_in=False,
    )

    def test_no_subscription(self, order: Order, portal: Portal, outside: Outside) -> None:
        """An order without a subscription goes to the operations without one."""
        ticket = portal.file(replace(order, subscription_id=None), nothing)
        assert outside.numbers() == [ticket.number]
        assert portal.find(order) is None

    def test_what_azure_got(self, server: SandboxServer, order: Order, portal: Portal) -> None:
        """Azure is told the service, the sender's words and the contact in its own words."""
        portal.file(replace(order, problem_type="起動できない"), nothing)
        path = f"subscriptions/{order.subscription_id}/providers/Microsoft.Support/supportTickets"
        got = (
            http()
            .get(
                f"{server.azure_url}/{path}/toritsugi-{order.key.lower()}",
                params={"api-version": "2024-04-01"},
                headers={"Authorization": f"Bearer {TOKEN}"},
            )
            .json()["properties"]
        )
        assert got["serviceDisplayName"] == "Virtual Machine running Windows"
        assert got["description"].startswith("Problem type: 起動できない\n\nIt stopped on Friday")
        contact = got["contactDetails"]
        assert (contact["firstName"], contact["lastName"]) == ("花子", "佐藤")
        assert contact["preferredTimeZone"] == "Tokyo Standard Time"
        assert (contact["country"], contact["preferredSupportLanguage"]) == ("JPN", "ja-jp")

    def test_list_of_many_pages(
        self, server: SandboxServer, order: Order, portal: Portal, outside: Outside
    ) -> None:
        """A long list is followed to its end, a page repeated where one fails."""
        keys = {f"{order.key}-{number}" for number in range(2 * LARGEST_PAGE + 1)}
        scope = f"/subscriptions/{order.subscription_id}"
        for key in keys:
            server.sandbox.azure.create(scope, ticket_name(key), properties())
        list(server.sandbox.azure.tickets(scope))
        outside.fault("drop_before", "list")
        listing = portal.list_tickets([order.scope], NOW)
        assert listing is not None
        assert keys == {held.key for held in listing.held if held.key.startswith(order.key)}

    def test_list_shows_ours_alone(
        self, server: SandboxServer, order: Order, portal: Portal
    ) -> None:
        """Tickets that somebody else filed in the subscription are not listed."""
        scope = f"/subscriptions/{order.subscription_id}"
        for name in (f"desk-{order.key}", "toritsugi-ticket with blanks"):
            server.sandbox.azure.create(scope, name, properties())
        list(server.sandbox.azure.tickets(scope))
        listing = portal.list_tickets([order.scope], NOW)
        assert listing is not None
        assert not [held for held in listing.held if order.key in held.key or " " in held.key]

    def test_list_of_several_places(self, order: Order, portal: Portal) -> None:
        """Each subscription is asked once, whoever opens it, and so is what has none."""
        without = replace(order, key=f"{order.key}-2", subscription_id=None)
        filed = {portal.file(each, nothing).number for each in (order, without)}
        by_customer = replace(order.scope, customer="fabrikam.example")
        listing = portal.list_tickets([by_customer, order.scope, without.scope], NOW)
        assert listing is not None
        ours = [held.number for held in listing.held if held.key.startswith(order.key)]
        assert (len(ours), set(ours)) == (2, filed)

    def test_unknown_service(self, order: Order, portal: Portal, outside: Outside) -> None:
        """A product that Azure does not list is refused with the closest names, unsent."""
        with pytest.raises(Refused) as caught:
            portal.file(replace(order, product_name="Virtuous Netwerk"), nothing)
        assert caught.value.code == "unknown_service"
        assert "Virtual Network" in caught.value.message
        assert outside.creations() == 0

    def test_operation_failed(self, order: Order, portal: Portal, outside: Outside) -> None:
        """What Azure refuses after it took the order is refused in Azure's words."""
        outside.fault({"operation_failed": "InvalidSupportPlan", "message": "Plan is Free."})
        with pytest.raises(Refused) as caught:
            portal.file(order, nothing)
        assert (caught.value.code, caught.value.message) == ("InvalidSupportPlan", "Plan is Free.")
        assert portal.find(order) is None

    def test_operation_broke(self, order: Order, portal: Portal, outside: Outside) -> None:
        """Azure's own trouble in an operation is looked up, not taken for a refusal."""
        outside.fault({"operation_failed": "InternalServerError"})
        with pytest.raises(OutcomeUnknown) as caught:
            portal.file(order, nothing)
        assert not caught.value.ill
        assert portal.find(order) is None

    @pytest.mark.parametrize(
        "fault",
        [{"status": 500}, {"status": 429, "retry_after": 0}, "drop_before", "html", "cut_body"],
        ids=str,
    )
    def test_poll_trouble(
        self, order: Order, portal: Portal, outside: Outside, fault: object
    ) -> None:
        """Passing trouble while waiting is waited out."""
        outside.fault(fault, "poll", 2)
        ticket = portal.file(order, nothing)
        assert outside.numbers() == [ticket.number]

    @pytest.mark.parametrize("status", [404, 410])
    def test_operation_gone(
        self, order: Order, portal: Portal, outside: Outside, status: int
    ) -> None:
        """An operation that Azure has forgotten leaves a ticket that is looked up."""
        outside.fault({"status": status}, "poll", None)
        ticket = portal.file(order, nothing)
        assert outside.numbers() == [ticket.number]

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            ("revoked", ("unauthorized", False)),
            ({"status": 429, "retry_after": 60}, ("still_running", True)),
        ],
        ids=str,
    )
    def test_poll_given_up(
        self, order: Order, portal: Portal, outside: Outside, fault: object, said: tuple[str, bool]
    ) -> None:
        """After the 202 no trouble says 'file again': the ticket may be there."""
        outside.fault(fault, "poll", None)
        with pytest.raises(OutcomeUnknown) as caught:
            portal.file(order, nothing)
        assert (caught.value.code, caught.value.ill) == said
        assert caught.value.named is caught.value.ill
        outside.mend()
        assert found(portal, order) is not None

    def test_trouble_after_success(self, order: Order, portal: Portal, outside: Outside) -> None:
        """A look-up that fails once the order is taken is an unknown outcome, too."""
        noted: list[str] = []

        def note(token: str) -> None:
            noted.append(token)
            outside.fault("revoked", "lookup", None)

        with pytest.raises(OutcomeUnknown) as caught:
            portal.file(order, note)
        outside.mend()
        assert caught.value.code == "unauthorized"
        assert portal.resume(order, noted[0]).number in outside.numbers()

    @pytest.mark.parametrize(
        "token", ["https://evil.example/operationsStatus/1", "http://127.0.0.1:1/x", "", "no url"]
    )
    def test_foreign_token(self, order: Order, portal: Portal, token: str) -> None:
        """Our sign-in is shown to no other host than the portal's."""
        with pytest.raises(OutcomeUnknown) as caught:
            portal.resume(order, token)
        assert caught.value.code == "foreign_address"


class TestSlowAzure:
    """An Azure whose operations take more looks than one call has patience for."""

    @pytest.fixture
    def server(self) -> Iterator[SandboxServer]:
        """Answer 'in progress' ten times; one subscription has a plan that is too low."""
        settings = Settings(rhythm=Rhythm(looks=10), plans=Plans(by_subscription={FREE: "Free"}))
        with SandboxServer(settings, NOW.timestamp) as server:
            yield server

    def test_patience(self, server: SandboxServer) -> None:
        """The token is noted before the wait; another process goes on with it to the ticket."""
        hasty = make(server.base_url, replace(PROMPT, patience_s=0.02))
        noted: list[str] = []
        with pytest.raises(OutcomeUnknown) as caught:
            hasty.file(AZURE, noted.append)
        assert caught.value.code == "still_running"
        assert caught.value.look_after_s == PROMPT.poll_s
        assert not caught.value.ill
        hasty.close()
        after = make(server.base_url)
        ticket = after.resume(AZURE, noted[0])
        assert ticket == after.find(AZURE)
        after.close()
        outside = Outside(server, "azure", AZURE.key)
        assert outside.creations() == 1
        outside.close()

    @pytest.mark.parametrize("fault", ["drop_before", {"status": 500}], ids=str)
    def test_patience_with_an_ill_one(self, server: SandboxServer, fault: object) -> None:
        """An operation that cannot be asked after shows that Azure is ill, not that it is slow."""
        outside = Outside(server, "azure", AZURE.key)
        outside.fault(fault, "poll", None)
        hasty = make(server.base_url, replace(PROMPT, patience_s=0.02))
        with pytest.raises(OutcomeUnknown) as caught:
            hasty.file(AZURE, nothing)
        assert (caught.value.code, caught.value.ill) == ("still_running", True)
        hasty.close()
        outside.close()

    def test_refused_later(self, server: SandboxServer) -> None:
        """A plan that is too low is told by the operation, to the process that went on, too."""
        order = replace(AZURE, subscription_id=FREE)
        hasty = make(server.base_url, replace(PROMPT, patience_s=0.0))
        noted: list[str] = []
        with pytest.raises(OutcomeUnknown):
            hasty.file(order, noted.append)
        hasty.close()
        after = make(server.base_url)
        with pytest.raises(Refused) as caught:
            after.resume(order, noted[0])
        assert caught.value.code == "InvalidSupportPlan"
        after.close()

    def test_close_ends_waits(self, server: SandboxServer) -> None:
        """Closing ends a wait at once; the order stays taken."""
        portal = make(server.base_url, Manners(patience_s=600.0, poll_s=300.0))
        taken = threading.Event()
        with ThreadPoolExecutor(1) as threads:
            filing = threads.submit(portal.file, AZURE, lambda _: taken.set())
            assert taken.wait(10)
            portal.close()
            with pytest.raises(OutcomeUnknown):
                filing.result(10)

    def test_no_note_no_wait(self, server: SandboxServer) -> None:
        """A token that cannot be kept stops the call; the order is found by its key."""

        def broken(token: str) -> None:
            raise LookupError(token)

        portal = make(server.base_url)
        with pytest.raises(LookupError):
            portal.file(AZURE, broken)
        assert next(filter(None, (portal.find(AZURE) for _ in range(20))), None) is not None
        portal.close()
