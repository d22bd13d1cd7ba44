"""Files at Azure: a PUT under a name made from the order's key, then patience.

Azure takes an order (202) before it judges it: refusals come from the operation. Nothing is said
about a second PUT under one name, so a ticket is looked for before each, and a PUT is never
repeated here. From the 202 on every trouble is an unknown outcome, never 'try again'.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError, ClientAuthenticationError, ResourceNotFoundError
from azure.mgmt.support.models import SupportTicketDetails
from azure.mgmt.support.operations import (
    SupportTicketsNoSubscriptionOperations,
    SupportTicketsOperations,
)

from adapters.errors import OutcomeUnknown
from adapters.portals.azure import mapping
from adapters.portals.azure.catalogue import Catalogue
from adapters.portals.azure.clients import Access, Clients
from adapters.portals.azure.faults import Faults, already_taken, failed, proves_absence
from adapters.portals.azure.names import ticket_name
from adapters.portals.azure.operation import TakenOperation
from adapters.portals.azure.pages import Pages
from adapters.portals.azure.patience import Manners, Patience, Pause
from adapters.portals.azure.survey import survey
from adapters.portals.azure.wire import read_operation
from adapters.portals.port import Held, Listing, Order, Scope, Ticket
from adapters.repeats import reads

T = TypeVar("T")
LARGEST_PAGE = 100


class AzurePortal:
    """The Azure support API; used by many threads at once."""

    lookup_is_proof = True

    def __init__(
        self,
        access: Access,
        *,
        clock: Callable[[], datetime],
        manners: Manners | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manners = manners or Manners()
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._reads = reads(self._stopping)
        self._host = urlsplit(access.base_url)
        self._faults = Faults(clock, access.limits.named_wait_s)
        self._files_for = access.files_for
        self._clients = Clients(access)
        self._catalogue = Catalogue(self._read, monotonic, self._manners.catalogue_ttl_s)

    @property
    def visible_after_s(self) -> float:
        return self._manners.visible_after_s

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        found = self.find(order)
        if found is not None:
            return found
        choice = self._catalogue.choose(self._clients.client(order.scope), order)
        taken = self._put(order, mapping.details(order, choice))
        if taken.address is not None:
            note(taken.address)
        return self._finish(order, taken)

    def resume(self, order: Order, token: str) -> Ticket:
        """Go on waiting; the token is the operation's address, from before a restart perhaps."""
        if not self._is_ours(token):
            raise OutcomeUnknown("foreign_address", "The operation's address is not this portal's.")
        taken = TakenOperation()
        with already_taken():
            # Given a token the client sends no PUT, but its signature asks for a body.
            self._tickets(order.scope).begin_create(
                ticket_name(order.key), io.BytesIO(), polling=taken, continuation_token=token
            )
        return self._finish(order, taken)

    def find(self, order: Order) -> Ticket | None:
        found = self._read(lambda: self._get(order))
        return None if found is None else mapping.ticket(found, order, self._manners.portal_url)

    def list_tickets(self, scopes: Sequence[Scope], since: datetime) -> Listing:
        ours = filter(lambda scope: self._files_for(scope.partner), scopes)
        return survey(ours, lambda scope: list(self._listed(scope, since)))

    def close(self) -> None:
        """Give up connections and end all waits; sign-ins belong to whoever made them."""
        self._stopping.set()
        self._clients.close()

    def _put(self, order: Order, details: SupportTicketDetails) -> TakenOperation:
        taken = TakenOperation()
        try:
            self._tickets(order.scope).begin_create(ticket_name(order.key), details, polling=taken)
        except (AzureError, ValueError) as error:
            judged = self._faults.after_create(error)
            if isinstance(judged, OutcomeUnknown):
                judged.look_after_s = self._manners.visible_after_s
            # The client's words may quote the answer; ours have been looked through.
            raise judged from None
        return taken

    def _finish(self, order: Order, taken: TakenOperation) -> Ticket:
        """Wait for the operation, then for the ticket to be seen."""
        patience = Patience(self._manners.patience_s, self._monotonic, self._stopping)
        with already_taken():
            if taken.address is not None:
                self._await_operation(taken, patience)
            while True:
                found = self.find(order)
                if found is not None:
                    return found
                self._pause(patience, Pause(self._manners.poll_s), "not_visible_yet")

    def _await_operation(self, taken: TakenOperation, patience: Patience) -> None:
        while True:
            pause = self._look(taken)
            if pause is None:
                return
            self._pause(patience, pause, "still_running")

    def _look(self, taken: TakenOperation) -> Pause | None:
        """Ask once: None when done or gone, else how long to wait. Raises when it failed."""
        try:
            answer = taken.look()
        except ClientAuthenticationError as error:
            raise self._faults.after_read(error) from None
        except AzureError:
            return Pause(self._manners.poll_s, ill=True)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            return self._faults.after_poll(answer, self._manners.poll_s)
        operation = read_operation(answer.status_code, answer.text())
        if operation.state == "failed":
            raise failed(operation.failure.code, operation.failure.message)
        if operation.state == "succeeded":
            return None
        named = self._faults.named_wait(answer)
        return Pause(self._manners.poll_s if named is None else named)

    def _pause(self, patience: Patience, pause: Pause, code: str) -> None:
        if not patience.wait(pause.seconds):
            words = "Azure has taken the order and is not done with it."
            raise OutcomeUnknown(
                code, words, look_after_s=pause.seconds, named=pause.named, ill=pause.ill
            )

    def _get(self, order: Order) -> SupportTicketDetails | None:
        try:
            return self._tickets(order.scope).get(ticket_name(order.key))
        except ResourceNotFoundError as error:
            if proves_absence(error):
                return None
            raise

    def _listed(self, scope: Scope, since: datetime) -> Iterator[Held]:
        """Go through the list page by page, a page repeated where it has to be."""
        created = f"CreatedDate ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        pages = Pages(self._tickets(scope).list(top=LARGEST_PAGE, filter=created))
        while pages.more:
            yield from filter(None, map(mapping.held, self._read(pages.next)))

    def _read(self, ask: Callable[[], T]) -> T:
        """Read, with short repeats. Raises only `TryLater`, beside what `ask` itself decides."""

        def once() -> T:
            try:
                return ask()
            except (AzureError, ValueError) as error:
                raise self._faults.after_read(error) from None

        return self._reads(once)

    def _tickets(
        self, scope: Scope
    ) -> SupportTicketsOperations | SupportTicketsNoSubscriptionOperations:
        client = self._clients.client(scope)
        if scope.subscription_id:
            return client.support_tickets
        return client.support_tickets_no_subscription

    def _is_ours(self, address: str) -> bool:
        """Tell whether our sign-in may be shown there: the portal's host, or one below it."""
        parts = urlsplit(address)
        ours = self._host.hostname or ""
        theirs = parts.hostname or ""
        below = theirs == ours or theirs.endswith(f".{ours}")
        return below and (parts.scheme, parts.port) == (self._host.scheme, self._host.port)
