"""A person's word on one request: its ticket was found or is not there, or it is called off."""

from __future__ import annotations

from dataclasses import dataclass

from ledger import requests
from ops import actions
from ops.answer import Answer
from ops.opening import opened
from ops.output import line
from ops.problem import bad_input
from workers.app import App
from workers.settle import Word


@dataclass(frozen=True, slots=True)
class Ticket:
    """What was said of the ticket: its number, or that there is none."""

    number: str | None
    absent: bool
    url: str | None = None


def settle(request: str, ticket: Ticket, who: str | None, why: str) -> Answer:
    """Settle an uncertain request; raise `Problem` when it is none."""
    if ticket.absent == (ticket.number is not None):
        raise bad_input("say either --found NUMBER or --absent, as the portal shows it")
    if ticket.number is not None and not ticket.number.strip():
        raise bad_input("--found needs the ticket's number, as the portal shows it")
    if ticket.absent and ticket.url is not None:
        raise bad_input("--url is of a ticket: say it with --found NUMBER")
    number, word = ticket.number and ticket.number.strip(), word_of(who, why)
    with opened() as app:
        actions.settle(app, request, number=number, url=ticket.url, word=word)
        return _stands(app, request)


def cancel(request: str, who: str | None, why: str) -> Answer:
    """Call a request off; raise `Problem` when it is too late."""
    word = word_of(who, why)
    with opened() as app:
        actions.cancel(app, request, word)
        return _stands(app, request)


def word_of(who: str | None, why: str) -> Word:
    if not why.strip():
        raise bad_input("--why must say something: it is what others will go by")
    return Word(who or actions.whoami(), why.strip())


def _stands(app: App, request: str) -> Answer:
    state = app.store.read(lambda db: requests.state(db, request))
    return Answer({"request": request, "state": state}, lambda _columns: [line(request, state)])
