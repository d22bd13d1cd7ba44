"""A request's own page: where it stands, and what it still lacks. Decides nothing."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

import structlog
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from contracts.malformed import Malformed
from ledger import views
from ledger.states import State
from ledger.store import DatabaseError
from rules.verdict import Text
from workers.listeners.form import body, sending
from workers.listeners.form.checking import faults_of
from workers.listeners.form.draft import Draft
from workers.listeners.form.entrance import Entrance, tell_away
from workers.listeners.form.fields import FIELDS
from workers.listeners.form.standing import Standing, standing
from workers.listeners.form.words import PAGE, STATUS, required_words

log = structlog.get_logger()


class Following:
    """Shows a request to whoever holds its page's address."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._app = entrance.app

    async def look(self, request: Request, number: str) -> Response:
        """Show where a request stands."""
        if (refusal := self._entrance.stranger(request)) is not None:
            return refusal
        draft = Draft(key=body.new_key(), lang=body.language_of(request))
        token = request.query_params.get("token", "")
        return await run_in_threadpool(
            self._with, number, token, draft, lambda found: self._page(found, draft)
        )

    async def complete(self, request: Request, number: str) -> Response:
        """Take the missing fields of an incomplete request."""
        read = await self._entrance.read(request)
        if isinstance(read, Response):
            return read
        draft = await body.draft_of(read, body.language_of(request, read))
        token = body.text_of(read, "token")
        return await run_in_threadpool(
            self._with, number, token, draft, lambda found: self._completed(found, draft)
        )

    def _with(
        self, number: str, token: str, draft: Draft, go_on: Callable[[Standing], Response]
    ) -> Response:
        """Go on with a request, if there is one and the token opens it."""
        try:
            found = self._standing(number, token)
            if found is not None:
                return go_on(found)
        except DatabaseError as error:
            tell_away(error)
            return self._entrance.pages.refuse(503, "away", draft.lang)
        return self._entrance.pages.refuse(404, "not_found", draft.lang)

    def _standing(self, number: str, token: str) -> Standing | None:
        expected = sending.token_of(self._app, number)
        if not hmac.compare_digest(token.encode(), expected.encode()):
            return None
        story = self._app.store.read(lambda db: views.story(db, number))
        return None if story is None else standing(story)

    def _completed(self, found: Standing, draft: Draft) -> Response:
        if found.state != State.INCOMPLETE:
            return self._entrance.lead(found.number, draft.lang)
        typed = [name for name in found.asks if draft.value(name) or draft.secrets.get(name)]
        data = draft.data(typed, self._app.zone)
        if not data:
            errors = {name: required_words(FIELDS[name]) for name in found.asks}
            return self._page(found, draft, errors, status=422)
        try:
            receipt = sending.bring(self._app, found.number, draft.key, data)
        except Malformed as error:
            return self._page(found, draft, faults_of(draft, error), status=422)
        code = None if receipt.fault is None else receipt.fault.code
        if receipt.accepted or code == "not_incomplete":  # someone else was quicker
            return self._entrance.lead(found.number, draft.lang)
        log.warning("form.refused", code=code)
        return self._page(found, draft, alert=PAGE["refused"], status=422)

    def _page(
        self,
        found: Standing,
        draft: Draft,
        errors: Mapping[str, Text] | None = None,
        *,
        alert: Text | None = None,
        status: int = 200,
    ) -> Response:
        return self._entrance.pages.show(
            "status.html",
            status,
            lang=draft.lang,
            draft=draft,
            found=found,
            errors=errors or {},
            alert=alert,
            token=sending.token_of(self._app, found.number),
            said=STATUS,
        )
