"""Refusals as problem details (RFC 9457): what is wrong, where, and what to do."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Response
from fastapi.responses import JSONResponse

STATUSES = {
    "too_large": 413,
    "id_reused": 409,
    "not_incomplete": 409,
    "invalid_data": 422,
    "unknown_request": 404,
}


def problem(status: int, code: str, detail: str, **more: str | None) -> Response:
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "code": code}
    given = {name: value for name, value in more.items() if value}
    return JSONResponse(
        {**body, "detail": detail, **given},
        status_code=status,
        media_type="application/problem+json",
    )
