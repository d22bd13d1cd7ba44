"""A form on its way from the first page to its number. Holds nothing of what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from ledger.clock import moment
from ledger.store import DatabaseError
from rules.verdict import Outcome, Text
from workers.listeners.buckets import Buckets
from workers.listeners.form import attaching, body, sending
from workers.listeners.form.checking import Checked, check
from workers.listeners.form.draft import Draft
from workers.listeners.form.entrance import Entrance, tell_away
from workers.listeners.form.fields import FIELDS
from workers.listeners.form.pages import product_names
from workers.listeners.form.words import PAGE, REFUSALS, required_words
from workers.record import Receipt

log = structlog.get_logger()

CHECKS_PER_S, BURST_S = 1.0, 60.0
"""How many checks one address may ask for on average, and how many seconds' worth at once."""
ID_COST = 6.0
"""What a check with ids costs: so many others."""
GOES = frozenset({Outcome.ELIGIBLE, Outcome.HELD})
"""Outcomes with which a form is sent without asking once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a page says above the form."""

    errors: Mapping[str, Text]
    alert: Text | None = None
    anyway: bool = False
    """Whether it may be sent as it is."""
    reused: Mapping[str, str] | None = None
    """The request that was sent under the form's key before: number and address."""


NOTHING = Said(errors={})


class Filling:
    """Takes a form one step on with each post."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._app = entrance.app
        # Ids must not be found out by trying. Whoever has checked much may send all the same.
        self._pace = Buckets(CHECKS_PER_S, BURST_S)
        self._sends = Buckets(CHECKS_PER_S, BURST_S)

    async def open(self, request: Request) -> Response:
        """Give an empty form with a fresh key."""
        if (refusal := self._entrance.stranger(request)) is not None:
            return refusal
        draft = Draft(key=body.new_key(), lang=body.language_of(request))
        return await run_in_threadpool(self._page, draft, None)

    async def take(self, request: Request, *, only_check: bool = False) -> Response:
        """Do what the pressed button says with the form that was posted."""
        read = await self._entrance.read(request)
        if isinstance(read, Response):
            return read
        draft = await body.draft_of(read, body.language_of(request, read))
        if pick := body.text_of(read, "pick"):
            draft = replace(draft, values={**draft.values, "product": pick})
        go = "check" if only_check else body.text_of(read, "go")
        client = "" if request.client is None else request.client.host
        return await run_in_threadpool(self._taken, draft, go, client)

    def _taken(self, draft: Draft, go: str, client: str) -> Response:
        try:
            if go in {"send", "anyway"}:
                return self._send(draft, client, anyway=go == "anyway")
            return self._check(draft, go, client)
        except DatabaseError as error:
            tell_away(error)
            away = Said(errors={}, alert=PAGE["away"])
            return self._page(draft, None, away, status=503)

    def _check(self, draft: Draft, go: str, client: str) -> Response:
        if self._pace.wait_s(client, ID_COST if draft.secrets else 1.0):
            log.warning("form.refused", code="too_fast")
            return self._entrance.pages.refuse(429, "too_fast", draft.lang)
        checked = check(self._app, replace(draft, files=()))
        stays = go == "next" and checked.asked is None
        errors = self._errors(draft, checked) if stays else checked.faults
        return self._page(draft, checked, Said(errors=errors))

    def _send(self, draft: Draft, client: str, *, anyway: bool) -> Response:
        if draft.secrets and self._sends.wait_s(client, ID_COST):
            # What is sent and not taken tells as much of ids as a check does.
            log.warning("form.refused", code="too_fast")
            slower = Said(errors={}, alert=REFUSALS["too_fast"][1])
            return self._page(draft, None, slower, status=429)
        checked = check(self._app, draft)
        errors = self._errors(draft, checked)
        may_go = anyway or (checked.verdict.outcome in GOES and not errors)
        incoming = checked.incoming
        if incoming is None or checked.asked is None or attaching.NAME in errors:
            return self._page(draft, checked, Said(errors=errors), status=422)
        if not may_go:
            return self._page(draft, checked, Said(errors=errors, anyway=True), status=422)
        return self._sent(draft, checked, sending.send(self._app, incoming))

    def _sent(self, draft: Draft, checked: Checked, receipt: Receipt) -> Response:
        if receipt.accepted and receipt.request is not None:
            return self._entrance.lead(receipt.request, draft.lang)
        log.warning("form.refused", code=receipt.fault and receipt.fault.code)
        if receipt.verdict == "reused" and receipt.request is not None:
            address = self._entrance.address(receipt.request, draft.lang)
            first = Said(errors={}, reused={"number": receipt.request, "address": address})
            return self._page(replace(draft, key=body.new_key()), checked, first, status=409)
        unstorable = Said(errors={}, alert=PAGE["refused"])
        return self._page(draft, checked, unstorable, status=422)

    def _errors(self, draft: Draft, checked: Checked) -> dict[str, Text]:
        """Give what is wrong with each field, in the order of the page."""
        found = {name: required_words(FIELDS[name]) for name in checked.missing}
        found |= {one.field: one.message for one in checked.reasons if one.field is not None}
        found |= {**checked.faults, **attaching.faults(self._app, draft)}
        if draft.for_customer and draft.needs_product and not draft.value("customer").strip():
            found["customer"] = required_words(FIELDS["customer"])
        return {name: found[name] for name in (*FIELDS, attaching.NAME) if name in found}

    def _page(
        self, draft: Draft, checked: Checked | None, said: Said = NOTHING, *, status: int = 200
    ) -> Response:
        return self._entrance.pages.show(
            "form.html",
            status,
            lang=draft.lang,
            draft=draft,
            checked=checked,
            errors=said.errors,
            said=said,
            retype=bool(draft.secrets or draft.files),
            products=self._products(draft.lang),
            limits=attaching.limits(self._app),
        )

    def _products(self, lang: str) -> list[Mapping[str, str]]:
        """Give what may be chosen; nothing while the database is away: names can be typed."""
        try:
            day = self._app.day(self._app.store.read(moment))
        except DatabaseError:
            return []
        return product_names(self._app.book, day, lang)
