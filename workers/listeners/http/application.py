"""The HTTP application: who answers which address. Decides nothing.

Refusals are problem details (RFC 9457) with the place of the fault, and what was refused is kept.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from fastapi import APIRouter, FastAPI, Request, Response

from ledger.store import DatabaseError
from workers.app import App
from workers.listeners.form import router as form
from workers.listeners.http import health, requests
from workers.listeners.http.problems import problem

log = structlog.get_logger()

ROUTERS: tuple[Callable[[App], APIRouter], ...] = (
    health.router,
    requests.router,
    form.router,
    # Pages for people come here, each as `router(app)` of a package beside this one, such as
    # `workers.listeners.form`. They import nothing of this package: that would be a knot.
)


def create(app: App) -> FastAPI:
    """Make the HTTP application over an app's parts."""
    api = FastAPI(title="Toritsugi", version="1", docs_url=None, redoc_url=None)
    for router in ROUTERS:
        api.include_router(router(app))
    api.add_exception_handler(DatabaseError, _away)
    return api


async def _away(_: Request, error: Exception) -> Response:
    log.error("database.away", error=type(error).__name__)
    return problem(
        503,
        "database_away",
        "perhaps not stored; send it again under the same id, which is safe",
    )
