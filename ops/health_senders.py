"""Whether what may send is what the operator meant: who is let in, and where from."""

from __future__ import annotations

from ledger import senders
from ledger.store import Store
from ops.check import Check, fine, wrong
from workers import bootstrap
from workers.bootstrap import Settings, SettingsError

REGISTER = "toritsugi senders add, or TORITSUGI_SENDERS=open to let anyone in"


def examine_senders(settings: Settings, store: Store) -> Check:
    where = f"{settings.http_host}:{settings.http_port}"
    try:
        bootstrap.assert_guarded(settings, store)
    except SettingsError:
        says = f"{where} is reached from elsewhere, no sender is registered: HTTP does not start"
        return wrong("senders", says, REGISTER)
    if not bootstrap.registered_only(settings):
        return fine("senders", f"open: whoever reaches {where} or Redis may send for any partner")
    number = len(store.read(senders.active))
    if not number:
        return wrong("senders", "registered: and none is, so that nobody can send", REGISTER)
    return fine("senders", f"registered: {number} may send, each for its own partners")
