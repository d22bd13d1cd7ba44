"""Whether requests can be stored, for whoever balances the load."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ledger.clock import moment
from workers.app import App
from workers.listeners.http import shapes


def router(app: App) -> APIRouter:
    """Give the route over an app's parts."""
    routes = APIRouter(tags=["health"])

    @routes.get("/healthz", responses=shapes.WELL)
    def health() -> Response:
        """Tell whether requests can be stored."""
        app.store.read(moment)
        return JSONResponse({"status": "ok"})

    return routes
