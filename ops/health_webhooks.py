"""Whether single receivers get what is told: webhooks that fail, deliveries that were given up."""

from __future__ import annotations

from collections.abc import Iterator

from ledger import delivery_list, webhooks
from ledger.deliveries import Outcome
from ledger.store import Store
from ops.check import Check, judged
from workers.bootstrap import Settings

UNSIGNED = "without TORITSUGI_WEBHOOK_SECRET, reply_to.webhook serves senders with a secret only"

FAILING = (
    "a failing one is tried again by itself: see to its receiver, toritsugi webhooks test NAME"
)
DISABLED = (
    "a disabled one gets nothing: toritsugi webhooks test NAME, then"
    " toritsugi webhooks enable NAME --why TEXT"
)


def examine_webhooks(settings: Settings, store: Store) -> Iterator[Check]:
    hooks = store.read(webhooks.everyone)
    off = [f"{one.name} ({one.disabled_why})" for one in hooks if one.disabled_at is not None]
    ill = [one.name for one in hooks if one.failing_since is not None and one.disabled_at is None]
    found = [f"{len(hooks)} registered"]
    found += [f"disabled: {', '.join(off)}"] if off else []
    found += [f"failing: {', '.join(ill)}"] if ill else []
    found += [] if settings.webhook_secret is not None else [UNSIGNED]
    remedy = "; ".join(words for words, names in ((FAILING, ill), (DISABLED, off)) if names)
    yield judged("webhooks", "; ".join(found), remedy, ok=not off and not ill)
    number = store.read(delivery_list.counts).get(Outcome.GIVEN_UP, 0)
    remedy = "deliveries list --state given_up says why; then deliveries retry"
    yield judged("deliveries", f"{number} were given up", remedy, ok=not number)
