"""Post a support request, and ask where it stands: answered only after it is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ledger import views
from ledger.views import Story
from workers.app import App
from workers.listeners.http import shapes
from workers.listeners.http.answering import answer, answer_all, knows, standing, tagged
from workers.listeners.http.door import Door
from workers.listeners.http.formats import BATCH
from workers.listeners.http.problems import Refusal
from workers.listeners.http.reading import content_type
from workers.listeners.http.waiting import LONGEST_S, Waiting
from workers.record import Receipt, record

Wait = Annotated[
    float,
    Query(ge=0, le=LONGEST_S, description="Seconds to wait until the request moves on."),
]
Known = Annotated[
    str, Header(description="The ETag that the client knows: it waits for another, or gets 304.")
]


def router(app: App, waiting: Waiting) -> APIRouter:
    """Give the routes over an app's parts."""
    routes = APIRouter(prefix="/v1/requests", tags=["requests"])
    door = Door(app)

    @routes.post("", status_code=202, responses=shapes.POSTED, openapi_extra=shapes.POST)
    async def post_request(request: Request) -> Response:
        """Take a support request: a CloudEvent, a batch of them, or bare data with a key."""
        items = await door.take(request)
        receipts = await run_in_threadpool(record, app, "http", items)
        apart = content_type(request) == BATCH and not any(map(_unauthorised, receipts))
        return answer_all(receipts) if apart else answer(receipts[0])

    @routes.get("/{number}", responses=shapes.SHOWN, openapi_extra=shapes.SECURED)
    async def get_request(
        request: Request, number: str, wait: Wait = 0, if_none_match: Known = ""
    ) -> Response:
        """Tell where a request stands, now or as soon as it has moved on."""
        sender = await door.reader(request, number)
        source = None if sender is None else sender.source
        story = await run_in_threadpool(_story, app, number, source)
        first = story.line.version
        if wait and (not if_none_match or knows(if_none_match, first)):
            await waiting.moved(number, first, wait)
            story = await run_in_threadpool(_story, app, number, source)
        if knows(if_none_match, story.line.version):
            return Response(status_code=304, headers=tagged(story.line.version))
        return standing(story)

    return routes


def _unauthorised(receipt: Receipt) -> bool:
    """Whether nothing was looked into, as nobody is known to have sent it."""
    return receipt.fault is not None and receipt.fault.code == "unauthorised"


def _story(app: App, number: str, source: str | None) -> Story:
    """Read where the request stands; raise `Refusal` where there is none that this one may see."""
    story = app.store.read(lambda db: views.story(db, number))
    if story is None or source not in (None, story.line.source):
        raise Refusal(404, "unknown_request", "you have no request of this number")
    return story
