"""What a mail of a proven sender asks for, or brings to a request that is there.

What the sender leaves out is filled in where there is no doubt: the partner of an agent who has
but one, and the one product that the text names. An answer that names no field completes nothing,
and has the request decided again all the same: its sender hears once more what is missing. Stores
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.inbound.mail import Answer, parse_answer, parse_mail
from contracts.codec import from_data, read_request
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Fault, Malformed
from ledger import correspondents
from ledger.completion import has_completed, taken
from ledger.correspondents import Matter
from ledger.states import State
from rules.mentions import mentioned
from workers.app import App

MOST_TAKEN = 20
"""So many answers, and words alone get none any more: a machine may write them."""


def asked(app: App, raw: bytes, sender: str, partners: tuple[str, ...], limit: int) -> Parsed:
    """Read a new request of this agent."""
    (parsed,) = parse_mail(raw, limit=limit)
    incoming = parsed.outcome
    if isinstance(incoming, Malformed):
        return Parsed(raw, incoming.known_as(f"mailto:{sender}", incoming.sender_id or "mail"))
    if fault := _not_theirs(app, incoming.data, partners):
        return Parsed(raw, fault.known_as(incoming.source, incoming.id))
    return Parsed(raw, filled_in(app, replace(incoming, source=f"mailto:{sender}"), partners))


def answered(
    app: App, raw: bytes, sender: str, partners: tuple[str, ...], matter: Matter
) -> Parsed | str:
    """Read what an answer completes, or say why it completes nothing."""
    by = f"mailto:{sender}"
    try:
        answer = parse_answer(raw)
        key = answer.key
        done = app.store.read(lambda db: has_completed(db, matter.source, key))
        if matter.state != State.INCOMPLETE and not done:
            return f"the request is {matter.state}"
        given = _given(app, answer, matter)
        if not given and not done and _taken(app, matter) >= MOST_TAKEN:
            return "names no field"
        if fault := _not_theirs(app, given, _partners(partners, matter)):
            return Parsed(raw, fault.known_as(by, key))
        return Parsed(raw, _completion(answer, given, matter))
    except Malformed as fault:
        return Parsed(raw, fault.known_as(by, fault.sender_id or "mail"))


def _taken(app: App, matter: Matter) -> int:
    return app.store.read(lambda db: taken(db, matter.request))


def _partners(partners: tuple[str, ...], matter: Matter) -> tuple[str, ...]:
    return partners if matter.partner is None else (*partners, matter.partner)


def _given(app: App, answer: Answer, matter: Matter) -> dict[str, Any]:
    given = dict(answer.given) or _lacking(answer.in_form, matter.body)
    if not given and not matter.body.get("product"):
        product = mentioned(app.book.products, answer.text)
        return {"product": product} if product else {}
    return given


def _lacking(given: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the request has: below stands what we wrote, too."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        there = body.get(name)
        if isinstance(value, dict) and isinstance(there, Mapping):
            value = _lacking(value, there)  # noqa: PLW2901  (what is left of it)
        elif there:
            continue
        if value not in ({}, None):
            found[name] = value
    return found


def _completion(answer: Answer, given: dict[str, Any], matter: Matter) -> Incoming:
    """Bring the fields under the request's own source: its parties speak for it."""
    data = {**given, "attachments": answer.attachments} if answer.attachments else given
    found = from_data(data, matter.source, answer.key)
    if answer.attachments:
        both = [*matter.body.get("attachments", []), *answer.attachments]
        request = read_request({**given, "attachments": both}, matter.source, answer.key)
        found = replace(found, request=request)
    return replace(found, subject=matter.request)


def _not_theirs(app: App, data: Mapping[str, Any], partners: tuple[str, ...]) -> Malformed | None:
    """Say what a mail asks for in the name of somebody else's partner."""
    partner, agent = data.get("partner"), data.get("agent")
    if partner and str(partner).strip() not in partners:
        words = "is not a partner of yours; leave it out, or ask that partner's agent to write"
        return Malformed("foreign_partner", Fault("data.partner", words))
    if agent:
        theirs = app.store.read(lambda db: correspondents.partners_of(db, str(agent)))
        if not set(theirs) & set(partners):
            words = "is not an agent of your partner; leave it out, or correct it"
            return Malformed("foreign_partner", Fault("data.agent", words))
    return None


def filled_in(app: App, incoming: Incoming, partners: tuple[str, ...]) -> Incoming:
    """Fill in the request, never the data: the same mail has the same content whatever we know."""
    request = incoming.request
    more: dict[str, Any] = {}
    if request.partner is None and len(partners) == 1:
        more["partner"] = partners[0]
    if request.product is None:
        product = mentioned(app.book.products, request.title or "", request.description or "")
        more |= {"product": product} if product else {}
    return replace(incoming, request=request.model_copy(update=more))
