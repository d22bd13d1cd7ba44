"""The bridge's errors: RFC 9457 problem details with a `code` beside. Never says a secret."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from starlette.responses import Response

WORDS = {400: "invalid_request", 401: "unauthorized", 403: "forbidden", 429: "throttled"}


def problem(status: int, code: str | None, detail: str | None, **more: object) -> Response:
    """Leave `type` out: RFC 9457 reads that as about:blank, the title being the phrase."""
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    body: dict[str, object] = {
        "title": title,
        "status": status,
        "code": code or WORDS.get(status, "unavailable"),
    }
    return Response(
        orjson.dumps(body | {"detail": detail or title} | more),
        status,
        {"WWW-Authenticate": "Bearer"} if status == 401 else None,
        "application/problem+json",
    )
