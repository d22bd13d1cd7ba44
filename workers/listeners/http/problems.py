"""Refusals as problem details (RFC 9457): what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

PROBLEM = "application/problem+json"
STATUSES = {
    "too_large": 413,
    "id_reused": 409,
    "not_incomplete": 409,
    "invalid_data": 422,
    "unknown_request": 404,
    "unauthorised": 401,
    "foreign_source": 403,
    "foreign_partner": 403,
}
"""Of what a message is refused for; 400 for any other."""
WORDS = {
    404: ("no_such_address", "there is nothing at this address; GET /openapi.json lists what is"),
    405: ("no_such_method", "this address takes another method; see the Allow header"),
}
CLOSE = {"Connection": "close"}
"""What is answered before a message was read to its end leaves a connection of no use."""
HEADERS = {401: {"WWW-Authenticate": 'Bearer realm="toritsugi"'}}


class Refusal(Exception):
    """Ends the handling of a message: it is answered with a problem, and nothing else is done."""

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


def problem(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: str | None,
) -> Response:
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "code": code}
    given = {name: value for name, value in more.items() if value}
    return JSONResponse(
        {**body, "detail": detail, **given},
        status_code=status,
        headers={**HEADERS.get(status, {}), **(headers or {})},
        media_type=PROBLEM,
    )


async def of_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101  (what it is registered for)
    return problem(error.status, error.code, error.detail, error.headers)


async def of_address(_: Request, error: Exception) -> Response:
    """Answer what the framework refuses: an address or a method that there is not."""
    assert isinstance(error, HTTPException)  # noqa: S101  (as above)
    code, words = WORDS.get(error.status_code, ("refused", str(error.detail)))
    return problem(error.status_code, code, words, error.headers)


async def of_query(_: Request, error: Exception) -> Response:
    """Answer a parameter that does not fit; its value is not repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (as above)
    faults = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()]
    return problem(422, "invalid_parameter", "; ".join(faults))
