"""Whether the stream of events can be trimmed, or a group that nobody reads for keeps it whole."""

from __future__ import annotations

import redis

from adapters.outbound.trimming import held
from ops.check import Check, fine, wrong
from workers.bootstrap import Settings

NAME = "events stream"


def examine_stream(client: redis.Redis, settings: Settings) -> Check:
    """Raise what Redis raises."""
    stream = settings.events_stream
    groups = held(client, stream, settings.events_kept_s)
    if not groups:
        return fine(NAME, f"{client.xlen(stream)} entries, none held longer than it should be")
    names = ", ".join(groups)
    says = f"group {names} has not read what is older than {settings.events_kept_s:g} s"
    remedy = f"have its receiver read and XACK, or end it: XGROUP DESTROY {stream} {groups[0]}"
    return wrong(NAME, says, remedy)
