"""Files and looks up tickets over the bridge, for any portal behind it.

The bridge promises that one `Idempotency-Key` gives one ticket, and that its look-up sees a
ticket as soon as it exists: an empty look-up is therefore proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from adapters.answers import UNREACHABLE_S
from adapters.errors import OutcomeUnknown, PortalError, Refused, TryLater
from adapters.portals.bridge import mapping
from adapters.portals.bridge.wire import PortalName, TicketOrder, WireTicket, WireTickets
from adapters.portals.port import Held, Listing, Order, Scope, Ticket, Unasked
from adapters.transport import Transport

TICKETS = "/v1/tickets"


class BridgePortal:
    """One portal behind the bridge; `to_wire` decides what it gets to know."""

    lookup_is_proof = True
    visible_after_s = 0.0

    def __init__(
        self, portal: PortalName, transport: Transport, to_wire: Callable[[Order], TicketOrder]
    ) -> None:
        self.portal = portal
        self._transport = transport
        self._to_wire = to_wire

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        """Create the ticket; the answer comes at once, so `note` is never called."""
        del note
        return mapping.ticket(self._create(order), order)

    def resume(self, order: Order, token: str) -> Ticket:
        """Look for the ticket: the bridge gives no tokens, so none of its own comes back here."""
        del token
        found = self.find(order)
        if found is None:
            raise OutcomeUnknown("not_found", "The bridge has no ticket under this key.")
        return found

    def find(self, order: Order) -> Ticket | None:
        answer = self._transport.read(
            TICKETS,
            params={"key": order.key},
            parse=WireTickets.model_validate_json,
            secrets=_secrets(order),
        )
        ours = [wire for wire in answer.tickets if wire.key == order.key]
        return mapping.ticket(ours[0], order) if ours else None

    def list_tickets(self, scopes: Sequence[Scope], since: datetime) -> Listing | None:
        """List page by page; a bridge has one list for everyone."""
        del scopes
        held: list[Held] = []
        params = {"portal": self.portal, "created_since": since.astimezone(UTC).isoformat()}
        try:
            while (page := self._page(params)) is not None:
                held += [
                    Held(one.key, one.number) for one in page.tickets if one.portal == self.portal
                ]
                if page.next is None:
                    return Listing(tuple(held))
                params = {**params, "cursor": page.next}
        except TryLater as error:
            return Listing(tuple(held), (Unasked(None, error),))
        return None

    def close(self) -> None:
        self._transport.close()

    def _page(self, params: Mapping[str, str]) -> WireTickets | None:
        page = self._transport.read_if_offered(
            TICKETS, params=params, parse=WireTickets.model_validate_json
        )
        if page is not None and page.next is not None and page.next == params.get("cursor"):
            words = "The bridge's list leads back to the same page."
            raise TryLater("broken_answer", words, after_s=UNREACHABLE_S)
        return page

    def _create(self, order: Order) -> WireTicket:
        try:
            return self._transport.create(
                TICKETS,
                content=self._to_wire(order).model_dump_json().encode(),
                key=order.key,
                parse=lambda body: _ours(WireTicket.model_validate_json(body), order),
                secrets=_secrets(order),
            )
        except Refused as refused:
            if refused.status != HTTPStatus.CONFLICT:
                raise
            raise self._conflict(order, refused) from None

    def _conflict(self, order: Order, refused: Refused) -> PortalError:
        """Judge 'this key was used with another content': a ticket may well exist under it."""
        try:
            absent = self.find(order) is None
        except TryLater:
            absent = False
        kind = Refused if absent else OutcomeUnknown
        return kind("idempotency_conflict", refused.message)


def _ours(wire: WireTicket, order: Order) -> WireTicket:
    """Refuse to read an answer about another order as one to this."""
    if wire.key != order.key:
        raise ValueError("the answer names another key")
    return wire


def _secrets(order: Order) -> tuple[str, ...]:
    plan = order.plan
    return tuple(filter(None, (plan.access_id, plan.contract_id))) if plan else ()
