"""What is answered of a request that was posted, and of one that is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from ledger.states import State
from ledger.views import Story
from workers.listeners.http.problems import STATUSES, problem
from workers.record import Receipt


def answer(receipt: Receipt) -> Response:
    if receipt.fault is not None:
        status = STATUSES.get(receipt.fault.code, 400)
        where, kept = receipt.fault.place, receipt.quarantine
        code, words = receipt.fault.code, receipt.fault.message
        return problem(status, code, words, place=where, quarantine=kept)
    address = f"/v1/requests/{receipt.request}"
    body = {"request": receipt.request, "state": receipt.state, "status": address}
    status = 200 if receipt.verdict == "repeat" else 202
    return JSONResponse(body, status_code=status, headers={"Location": address})


def answer_all(receipts: Sequence[Receipt]) -> Response:
    """Answer a batch item by item; 207 when the items fared differently."""
    answers = [answer(receipt) for receipt in receipts]
    statuses = {answer.status_code for answer in answers}
    items = [
        {"status": answer.status_code, "body": orjson.loads(bytes(answer.body))}
        for answer in answers
    ]
    return JSONResponse(items, status_code=statuses.pop() if len(statuses) == 1 else 207)


def standing(story: Story) -> Response:
    return JSONResponse(status_of(story), headers=tagged(story.line.version))


def tagged(version: str) -> dict[str, str]:
    """Give the headers by which a client says later which state it knows."""
    return {"ETag": f'W/"{version}"', "Cache-Control": "no-store"}


def knows(if_none_match: str, version: str) -> bool:
    """Whether the client names just this state in its If-None-Match."""
    given = (one.strip().removeprefix("W/").strip('"') for one in if_none_match.split(","))
    return version in given


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
