"""What bodies and answers look like, for the OpenAPI document and for nothing else."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from contracts.event_parts import PlanNews, Reason
from contracts.states import State
from workers.listeners.http.formats import BATCH, DATA, EVENT
from workers.listeners.http.problems import PROBLEM

NUMBER = "TR-7Q2M4V8XK0ZB1C3D"


class _Shape(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Taken(_Shape):
    """The request is stored; nothing is lost from here on."""

    request: str
    """Its number."""
    state: State
    status: str
    """Where to ask how it fares."""


class Problem(_Shape):
    """Why nothing was done, and what to do (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    """For machines; never changes its meaning."""
    detail: str
    place: str | None = None
    """Of the first fault, within the message."""
    quarantine: str | None = None
    """Under which number the message is kept."""


class Item(_Shape):
    """What became of one event of a batch."""

    status: int
    body: Taken | Problem


class Ticket(_Shape):
    """What the request became at its portal."""

    system: str
    number: str
    url: str | None
    severity: str
    first_response_due: AwareDatetime | None


class Standing(_Shape):
    """Where a request stands."""

    request: str
    state: State
    partner: str | None
    product: str | None
    route: str | None
    received_at: AwareDatetime
    updated_at: AwareDatetime
    outcome: str | None
    reasons: list[Reason]
    notices: list[str]
    plan: PlanNews | None
    ticket: Ticket | None
    code: str | None
    """The leading reason or error."""


class Health(_Shape):
    """Requests can be stored."""

    status: str


SHAPES: tuple[type[BaseModel], ...] = (Taken, Problem, Item, Standing, Health)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _said(
    description: str, kind: str, name: str, headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "description": description,
        "content": {kind: {"schema": _ref(name)}},
        "headers": headers or {},
    }


def _problem(description: str, code: str, status: int, **headers: str) -> dict[str, Any]:
    example = {"type": "about:blank", "status": status, "code": code, "title": "", "detail": "…"}
    told = {
        name.replace("_", "-"): {"description": words, "schema": {"type": "string"}}
        for name, words in headers.items()
    }
    found = _said(description, PROBLEM, "Problem", headers=told)
    found["content"][PROBLEM]["example"] = example
    return found


LOCATION = {"Location": {"description": "Where to ask.", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Changes with each move.", "schema": {"type": "string"}}}
EXAMPLE_DATA = {
    "partner": "4612345",
    "agent": "sato@contoso.example",
    "product": "exchange-server/2016",
    "title": "Mail flow stopped",
    "description": "Since 9:00 no mail leaves the queue.",
    "severity": "B",
}
EXAMPLE_EVENT = {
    "specversion": "1.0",
    "type": "toritsugi.request.v1",
    "source": "urn:toritsugi:sender:helpdesk",
    "id": "4711",
    "data": EXAMPLE_DATA,
}
SECURED: dict[str, Any] = {"security": [{}, {"key": []}, {"signature": []}]}
EVERY: dict[int | str, dict[str, Any]] = {
    401: _problem("Nobody is known to have sent this.", "unauthorised", 401),
    429: _problem("Too much at a time.", "too_many", 429, Retry_After="Seconds to wait."),
    503: _problem(
        "The database is away; send it again.", "database_away", 503, Retry_After="Seconds."
    ),
}
POSTED: dict[int | str, dict[str, Any]] = {
    **EVERY,
    200: _said("Sent before: it stands where it stands.", DATA, "Answer", headers=LOCATION),
    202: _said("Stored.", DATA, "Answer", headers=LOCATION),
    207: _said("The events of a batch fared differently.", DATA, "Items"),
    400: _problem("It cannot be read.", "not_json", 400),
    403: _problem("It is not the sender's to send.", "foreign_partner", 403),
    404: _problem("It completes a request that there is not.", "unknown_request", 404),
    408: _problem("The body did not arrive in time.", "too_slow", 408),
    409: _problem("The key was used for another content.", "id_reused", 409),
    413: _problem("Too large.", "too_large", 413),
    415: _problem("In a form that is not known here.", "unknown_format", 415),
    422: _problem("Its data does not fit.", "invalid_data", 422),
}
"""A batch whose events all fared alike is answered with their status, and a list."""
for _status in (400, 403, 404, 409, 413, 422):
    POSTED[_status]["content"][DATA] = {"schema": _ref("Items")}
SHOWN: dict[int | str, dict[str, Any]] = {
    **EVERY,
    200: _said("Where it stands.", DATA, "Standing", headers=ETAG),
    304: {"description": "The client knows it.", "headers": ETAG},
    404: _problem("There is none, or it is another's.", "unknown_request", 404),
    422: _problem("A parameter does not fit.", "invalid_parameter", 422),
}
WELL: dict[int | str, dict[str, Any]] = {
    200: _said("Requests can be stored.", DATA, "Health"),
    503: EVERY[503],
}
POST: dict[str, Any] = {
    **SECURED,
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "With bare data: the sender's own number of the request.",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            EVENT: {"schema": _ref("RequestEvent"), "example": EXAMPLE_EVENT},
            BATCH: {
                "schema": {"type": "array", "items": _ref("RequestEvent")},
                "example": [EXAMPLE_EVENT],
            },
            DATA: {"schema": _ref("RequestData"), "example": EXAMPLE_DATA},
        },
    },
}
"""Data alone is a CloudEvent in binary mode, too, if its attributes come as `ce-` headers."""
