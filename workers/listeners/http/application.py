"""The HTTP application: who answers which address. Decides nothing.

Refusals are problem details (RFC 9457) with the place of the fault, and what was refused is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ledger.store import DatabaseError
from workers.app import App
from workers.listeners.form import router as form
from workers.listeners.http import health, problems, requests
from workers.listeners.http.document import describe
from workers.listeners.http.heads import HeadsToo
from workers.listeners.http.problems import CLOSE, Refusal, problem
from workers.listeners.http.waiting import Waiting

log = structlog.get_logger()

PAGES: tuple[Callable[[App], APIRouter], ...] = (
    form.router,
    # Pages for people come here, each as `router(app)` of a package beside this one, such as
    # `workers.listeners.form`. They import nothing of this package: that would be a knot.
)


def create(app: App, waiting: Waiting | None = None) -> FastAPI:
    """Make the HTTP application over an app's parts."""
    api = _interface(app, waiting or Waiting(app))
    for page in PAGES:
        api.include_router(page(app), include_in_schema=False)
    return api


def _interface(app: App, waiting: Waiting) -> FastAPI:
    """Make what is for machines."""
    api = FastAPI(title="Toritsugi", version="1", docs_url=None, redoc_url=None)
    api.include_router(health.router(app))
    api.include_router(requests.router(app, waiting))
    api.add_exception_handler(DatabaseError, _away)
    api.add_exception_handler(Refusal, problems.of_refusal)
    api.add_exception_handler(HTTPException, problems.of_address)
    api.add_exception_handler(RequestValidationError, problems.of_query)
    api.add_exception_handler(Exception, _broke)
    api.add_middleware(HeadsToo)
    api.openapi = lambda: describe(api)  # type: ignore[method-assign]
    return api


def document() -> dict[str, Any]:
    """Give the OpenAPI document; nothing is needed for it, and nothing is called."""
    nothing = cast("App", _Nothing())
    found: dict[str, Any] = _interface(nothing, Waiting(nothing)).openapi()
    return found


class _Nothing:
    """Stands for the parts where routes are described and never called."""

    def __getattr__(self, _name: str) -> _Nothing:
        return self


async def _away(_: Request, error: Exception) -> Response:
    log.error("database.away", error=type(error).__name__)
    return problem(
        503,
        "database_away",
        "perhaps not stored; send it again under the same id, which is safe",
        {"Retry-After": "5"},
    )


async def _broke(_: Request, error: Exception) -> Response:
    log.error("http.broke", error=type(error).__name__)
    words = "a fault of ours; perhaps not stored: send it again under the same id, which is safe"
    return problem(500, "broke", words, CLOSE)
