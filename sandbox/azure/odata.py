"""The `$filter` of a list of tickets. Pure.

Azure support REST, 2024-04-01, Support Tickets - List: Status, ServiceId and
ProblemClassificationId with eq, CreatedDate with gt and ge, joined by and.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.azure.catalogue import last_part
from sandbox.azure.records import Ticket
from sandbox.azure.refusal import Refusal
from sandbox.clock import seconds_of

Test = Callable[[Ticket], bool]
TERM = re.compile(r"\s*(\w+)\s+(eq|gt|ge)\s+'?([^']*?)'?\s*", re.IGNORECASE)
AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def parse_filter(text: str | None) -> Test:
    tests = [parse_term(term) for term in AND.split(text)] if text else []
    return lambda ticket: all(test(ticket) for test in tests)


def parse_term(term: str) -> Test:
    found = TERM.fullmatch(term)
    if not found:
        raise unreadable(term)
    name, verb, value = found[1].lower(), found[2].lower(), found[3]
    if name == "createddate" and verb != "eq":
        return created(verb, value, term)
    if name == "status" and verb == "eq":
        return lambda ticket: ticket.status == value.lower()
    if name in ("serviceid", "problemclassificationid") and verb == "eq":
        member = {"serviceid": "serviceId"}.get(name, "problemClassificationId")
        return lambda ticket: last_part(ticket.asked[member]) == last_part(value)
    raise unreadable(term)


def created(verb: str, value: str, term: str) -> Test:
    try:
        bound = seconds_of(value)
    except ValueError as broken:
        raise unreadable(term) from broken
    # The service shows whole seconds, and compares what it shows.
    if verb == "gt":
        return lambda ticket: int(ticket.created_at) > bound
    return lambda ticket: int(ticket.created_at) >= bound


def unreadable(term: str) -> Refusal:
    return Refusal("InvalidParameterValue", f"The filter is not supported: {term}")
