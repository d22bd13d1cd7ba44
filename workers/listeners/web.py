"""The way in by HTTP: a request is answered only after it is stored. Decides nothing.

Refusals are problem details (RFC 9457) with the place of the fault, and what was refused is kept.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from typing_extensions import override

from adapters.inbound.event import parse_event
from contracts.codec import bare, parse_batch
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ledger import views
from ledger.clock import moment
from ledger.states import State
from ledger.store import DatabaseError
from ledger.views import Story
from workers.app import App
from workers.record import Receipt, record

log = structlog.get_logger()

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
DATA = "application/json"
SOURCE = "urn:toritsugi:http"
STATUSES = {
    "too_large": 413,
    "id_reused": 409,
    "not_incomplete": 409,
    "invalid_data": 422,
    "unknown_request": 404,
}
KEPT_BYTES = 4
"""How many times the size limit is still read, so that what is too large can be kept."""


def create(app: App) -> FastAPI:
    """Make the HTTP application over an app's parts."""
    api = FastAPI(title="Toritsugi", version="1", docs_url=None, redoc_url=None)

    @api.post("/v1/requests", status_code=202)
    async def post_request(request: Request) -> Response:
        """Take a support request: a CloudEvent, a batch of them, or bare data with a key."""
        raw = await _body(request, app.limits.message_bytes * KEPT_BYTES)
        if raw is None:
            return _problem(413, "too_large", "far too large; send attachments by their address")
        batch = _read(request, raw, app.limits.message_bytes)
        if isinstance(batch, Response):
            return batch
        receipts = await run_in_threadpool(record, app, "http", batch)
        return _answer_all(receipts) if _content_type(request) == BATCH else _answer(receipts[0])

    @api.get("/v1/requests/{number}")
    def get_request(number: str) -> Response:
        """Tell where a request stands."""
        story = app.store.read(lambda db: views.story(db, number))
        if story is None:
            return _problem(404, "unknown_request", f"there is no request {number}")
        return JSONResponse(status_of(story))

    @api.get("/healthz")
    def health() -> Response:
        """Tell whether requests can be stored."""
        app.store.read(moment)
        return JSONResponse({"status": "ok"})

    @api.exception_handler(DatabaseError)
    async def away(_: Request, error: Exception) -> Response:
        log.error("database.away", error=type(error).__name__)
        return _problem(
            503,
            "database_away",
            "perhaps not stored; send it again under the same id, which is safe",
        )

    return api


# ---- Reading -------------------------------------------------------------------------------------


async def _body(request: Request, most: int) -> bytes | None:
    """Read the body; None when it is larger than anything worth keeping."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _read(request: Request, raw: bytes, limit: int) -> list[Parsed] | Response:
    kind = _content_type(request)
    if kind == BATCH:
        return parse_batch(raw, limit=limit)
    if kind == EVENT:
        return parse_event(raw, limit=limit)
    if kind != DATA:
        return _problem(415, "unknown_format", f"send {EVENT}, {BATCH} or {DATA}")
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        words = "bare data needs an Idempotency-Key header: your own number of this request"
        return _problem(400, "no_key", words)
    return [_bare(raw, key, limit)]


def _bare(raw: bytes, key: str, limit: int) -> Parsed:
    try:
        return Parsed(raw, bare(raw, SOURCE, key, limit=limit))
    except Malformed as fault:
        return Parsed(raw, fault)


# ---- Answering -----------------------------------------------------------------------------------


def _answer(receipt: Receipt) -> Response:
    if receipt.fault is not None:
        status = STATUSES.get(receipt.fault.code, 400)
        more = {"place": receipt.fault.place, "quarantine": receipt.quarantine}
        return _problem(status, receipt.fault.code, receipt.fault.message, **more)
    address = f"/v1/requests/{receipt.request}"
    body = {"request": receipt.request, "state": receipt.state, "status": address}
    status = 200 if receipt.verdict == "repeat" else 202
    return JSONResponse(body, status_code=status, headers={"Location": address})


def _answer_all(receipts: Sequence[Receipt]) -> Response:
    """Answer a batch item by item; 207 when the items fared differently."""
    answers = [_answer(receipt) for receipt in receipts]
    statuses = {answer.status_code for answer in answers}
    items = [
        {"status": answer.status_code, "body": orjson.loads(bytes(answer.body))}
        for answer in answers
    ]
    return JSONResponse(items, status_code=statuses.pop() if len(statuses) == 1 else 207)


def _problem(status: int, code: str, detail: str, **more: str | None) -> Response:
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "code": code}
    given = {name: value for name, value in more.items() if value}
    return JSONResponse(
        {**body, "detail": detail, **given},
        status_code=status,
        media_type="application/problem+json",
    )


def status_of(story: Story) -> dict[str, Any]:
    """Give what a sender may know of its request."""
    over = story.line.state == State.CANCELLED  # what was decided before speaks of nothing now
    verdict = {} if over else story.verdict or {}
    return {
        "request": story.line.id,
        "state": story.line.state,
        "partner": story.line.partner,
        "product": story.line.product,
        "route": story.line.route,
        "received_at": story.line.received_at.isoformat(),
        "updated_at": story.line.updated_at.isoformat(),
        "outcome": verdict.get("outcome"),
        "reasons": verdict.get("reasons", []),
        "notices": verdict.get("notices", []),
        "plan": verdict.get("plan"),
        "ticket": story.ticket and jsonable_encoder(story.ticket),
        "code": story.line.code,
    }


# ---- Serving -------------------------------------------------------------------------------------


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it runs in."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(app: App, stopping: threading.Event) -> int:
    """Answer HTTP until told to stop."""
    config = uvicorn.Config(
        create(app), host=app.http_host, port=app.http_port, log_config=None, access_log=False
    )
    server = _Server(config)

    def stop() -> None:
        stopping.wait()
        server.should_exit = True

    threading.Thread(target=stop, name="stop", daemon=True).start()
    server.run()
    return 0 if stopping.is_set() else 1
