"""A draft before the rules: what they say of it, what they ask for, what cannot be read of it.

Without side effects: nothing is stored, and no value of a draft is logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.codec import from_data
from contracts.incoming import Incoming
from contracts.malformed import Malformed
from rules.case import open_case
from rules.verdict import Reason, Text, Verdict
from workers.app import App
from workers.listeners.form.asking import STEERING, Asked, asked, missing, sent
from workers.listeners.form.draft import Draft
from workers.listeners.form.fields import FIELDS
from workers.listeners.form.words import fault_words
from workers.paper import Paper, on_paper

SOURCE = "urn:toritsugi:form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found out about a draft."""

    verdict: Verdict
    asked: Asked | None
    faults: Mapping[str, Text]
    """Fields that cannot be read, with what to do about each."""
    product: Text | None
    """The product, if it was recognised."""
    suggestions: tuple[Text, ...] = ()
    """Products to choose from, where what was typed names none."""
    incoming: Incoming | None = field(default=None, repr=False)
    """The request, unless a field cannot be read."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Give what is still to be filled in, in the order of the page."""
        found = set(missing(self.verdict)) - self.faults.keys()
        return tuple(name for name in FIELDS if name in found)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give the reasons that are not about something still to be filled in."""
        return tuple(one for one in self.verdict.reasons if one.code != "missing")


def check(app: App, draft: Draft) -> Checked:
    """Hear the rules on a draft as it stands."""
    bare, _, _ = _heard(app, replace(draft, files=()), STEERING)
    case = open_case(bare.facts, app.book.products, app.book.benefits)
    wanted = asked(case, bare.verdict)
    names = STEERING if wanted is None else sent(wanted)
    whole, incoming, faults = _heard(app, draft, names)
    known = case.product or case.family
    return Checked(
        verdict=whole.verdict,
        asked=wanted,
        faults=faults,
        product=None if known is None else known.name,
        suggestions=() if wanted is not None else _suggestions(app, draft, whole),
        incoming=None if faults else incoming,
    )


def _heard(
    app: App, draft: Draft, names: tuple[str, ...]
) -> tuple[Paper, Incoming, dict[str, Text]]:
    """Decide on these fields, leaving out those that cannot be read."""
    faults: dict[str, Text] = {}
    while True:
        data = draft.data([name for name in names if name not in faults], app.zone)
        attached: dict[str, Any] = {"attachments": draft.attachments()} if draft.files else {}
        try:
            incoming = from_data({**data, **attached}, SOURCE, draft.key)
        except Malformed as error:
            found = faults_of(draft, error)
            if not found.keys() - faults.keys():
                raise
            faults.update(found)
            continue
        return on_paper(app, incoming.request), incoming, faults


def faults_of(draft: Draft, error: Malformed) -> dict[str, Text]:
    """Give the fields that a fault's places stand for."""
    places = (one.place.removeprefix("data.").partition("[")[0] for one in error.faults)
    return {name: fault_words(FIELDS[name], draft.value(name)) for name in places if name in FIELDS}


def _suggestions(app: App, draft: Draft, paper: Paper) -> tuple[Text, ...]:
    typed, day = draft.value("product"), paper.facts.day
    if not typed.strip() or not draft.needs_product:
        return ()
    entry = app.book.products.find(typed)
    members = getattr(entry, "members", None)
    if members is not None:
        return tuple(one.name for one in members if one.is_released(day))[:SUGGESTED]
    return app.book.products.closest(typed, day, NEAREST)


NEAREST = 5
SUGGESTED = 24
"""Of a family: Azure has more, and its list is searched instead."""
