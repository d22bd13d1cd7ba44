"""Registered webhooks: added, listed, tried, switched off and on, removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from ledger import webhooks
from ledger.clock import moment
from ledger.webhooks import Hook
from ops import actions, webhook_actions
from ops.answer import Answer
from ops.answers.events import short_type, type_of
from ops.moment import local
from ops.opening import opened
from ops.output import add as add_row
from ops.output import line, table
from ops.problem import Problem, bad_input
from ops.webhook_actions import NotTaken
from workers import bootstrap
from workers.settle import Word

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

HERE = (
    "tried from here, by this shell's TORITSUGI_WEBHOOK_HOSTS ({}); events are sent by the clock"
    " process, which goes by its own"
)


@dataclass(frozen=True, slots=True)
class Added:
    """A webhook that was registered, with its secret in clear."""

    name: str
    types: Sequence[str]
    partners: Sequence[str]
    secret: str = field(repr=False)

    def document(self) -> dict[str, Any]:
        return {
            "webhook": self.name,
            "types": self.types,
            "partners": self.partners,
            "signing_secret": self.secret,
        }

    def page(self) -> str:
        """Give the lines for people; the last time that anybody sees the secret."""
        what = ", ".join(map(short_type, self.types)) or "every event"
        whose = f" of {', '.join(self.partners)}" if self.partners else ""
        said = f"{self.name} gets {what}{whose}, from now on."
        return f"{said}\nSecret to check signatures with, shown this once: {self.secret}\n"


def add(
    name: str, url: str, types: Sequence[str], partners: Sequence[str], who: str | None
) -> Added:
    """Register a webhook; raise `Problem` when it cannot be."""
    if not NAME.fullmatch(name):
        raise bad_input(f"{name}: a name has up to 40 small letters, digits and hyphens")
    chosen = [type_of(one) for one in dict.fromkeys(types)]
    hosts = bootstrap.webhook_hosts(bootstrap.read_settings())
    with opened(makes=True) as app:
        hook = Hook(name, chosen, list(dict.fromkeys(partners)), app.store.read(moment))
        secret = webhook_actions.add(app, hosts, hook, url, who=who or actions.whoami())
    return Added(hook.name, hook.types, hook.partners, secret)


def listing() -> Answer:
    """List every webhook; addresses and secrets are not shown."""
    with opened() as app:
        found, zone = app.store.read(webhooks.everyone), app.zone
    return Answer({"items": [asdict(one) for one in found]}, lambda _columns: _pages(found, zone))


def trial(name: str) -> Answer:
    """Send a test event at once, and say by whose settings."""
    hosts = bootstrap.read_settings().webhook_hosts
    here = HERE.format(", ".join(hosts) or "none")
    with opened(delivers=True) as app:
        try:
            event = webhook_actions.try_out(app, name)
        except NotTaken as error:
            raise Problem(f"{error.message}; {here}") from None
    document = {"webhook": name, "event": event, "webhook_hosts": hosts}
    return Answer(document, lambda _columns: [line(f"{name} took {event}"), line(here)])


def enable(name: str, who: str | None, why: str) -> Answer:
    with opened() as app:
        number = webhook_actions.enable(app, name, _word(who, why))
    words = f"{name} is enabled; {number} deliveries are due for it"
    return Answer({"webhook": name, "deliveries": number}, lambda _columns: [line(words)])


def disable(name: str, who: str | None, why: str) -> Answer:
    with opened() as app:
        webhook_actions.disable(app, name, _word(who, why))
    words = f"{name} is disabled; what is open waits until it is enabled"
    return Answer({"webhook": name, "disabled": True}, lambda _columns: [line(words)])


def remove(name: str, who: str | None, why: str) -> Answer:
    with opened() as app:
        number = webhook_actions.remove(app, name, _word(who, why))
    words = f"{name} is removed; {number} open deliveries were dropped"
    return Answer({"webhook": name, "dropped": number}, lambda _columns: [line(words)])


def _word(who: str | None, why: str) -> Word:
    return Word(who or actions.whoami(), why.strip())


def _pages(found: Sequence[Hook], zone: ZoneInfo) -> Iterator[RenderableType]:
    if not found:
        yield line("No webhook is registered; toritsugi webhooks add NAME URL adds one.")
        return
    shown = table("webhook!", "events", "partners", "fares", zone=zone)
    for one in found:
        types, partners = map(short_type, one.types), ", ".join(one.partners)
        add_row(shown, one.name, ", ".join(types) or "all", partners or "all", _fares(one, zone))
    yield shown


def _fares(hook: Hook, zone: ZoneInfo) -> str:
    if hook.disabled_at is not None:
        return f"disabled {local(hook.disabled_at, zone)}: {hook.disabled_why}"
    if hook.failing_since is not None:
        return f"fails since {local(hook.failing_since, zone)}"
    return "well"
