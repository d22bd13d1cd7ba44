"""Post a support request, and ask where it stands: answered only after it is stored."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from ledger import views
from workers.app import App
from workers.listeners.http.answering import answer, answer_all, status_of
from workers.listeners.http.formats import BATCH
from workers.listeners.http.problems import problem
from workers.listeners.http.reading import body, content_type, read
from workers.record import record

KEPT_BYTES = 4
"""How many times the size limit is still read, so that what is too large can be kept."""


def router(app: App) -> APIRouter:
    """Give the routes over an app's parts."""
    routes = APIRouter(prefix="/v1/requests")

    @routes.post("", status_code=202)
    async def post_request(request: Request) -> Response:
        """Take a support request: a CloudEvent, a batch of them, or bare data with a key."""
        raw = await body(request, app.limits.message_bytes * KEPT_BYTES)
        if raw is None:
            return problem(413, "too_large", "far too large; send attachments by their address")
        batch = read(request, raw, app.limits.message_bytes)
        if isinstance(batch, Response):
            return batch
        receipts = await run_in_threadpool(record, app, "http", batch)
        return answer_all(receipts) if content_type(request) == BATCH else answer(receipts[0])

    @routes.get("/{number}")
    def get_request(number: str) -> Response:
        """Tell where a request stands."""
        story = app.store.read(lambda db: views.story(db, number))
        if story is None:
            return problem(404, "unknown_request", f"there is no request {number}")
        return JSONResponse(status_of(story))

    return routes
