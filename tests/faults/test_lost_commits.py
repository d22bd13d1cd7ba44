"""P1: the connection to PostgreSQL ends around a COMMIT, and nobody saw how it went."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.store import DatabaseError
from tests.faults.lives import lead
from tests.faults.proxy import Fault, How, Proxy, before_postgresql
from tests.faults.world import ENDS, FAULTS, World, samples
from workers.failpoints import POINTS, Reach

UNITS = {
    "record": ("record.written", "plain"),
    "claim": ("step.fetched", "plain"),
    "verdict": ("assess.decided", "plain"),
    "refusal": ("assess.decided", "refused"),
    "intention": ("submit.reserved", "plain"),
    "address": ("submit.before_call", "azure"),
    "absence": ("submit.looked_up", "order-lost"),
    "found": ("submit.looked_up", "answer-lost"),
    "outcome": ("outcome.written", "plain"),
    "mark": ("publish.sent", "plain"),
}
"""Each unit of work that matters: the place after which its COMMIT is the next, and who gets there.

`address` is that of an order that Azure has taken; `absence` and `found` are what a look-up tells.
"""
AROUND = {"before": How.CUT, "during": How.SWALLOW, "after": How.SEVER}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_commits_are_cut_off(world: World, unit: str) -> None:
    """P1: done or not, each unit of work is found as it is by its key, and goes on from there."""
    place, name = UNITS[unit]
    with before_postgresql(world.database_url) as (proxy, url), world.app(database_url=url) as app:
        for when, how in AROUND.items():
            for rule in FAULTS:
                world.fault(**rule)
            world.send(when, samples()[name])
            reach, faults = striking(proxy, how, place)
            lead(replace(app, reach=reach), world, away=(DatabaseError,))
            assert [fault.struck for fault in faults] == [1], (when, proxy.log)

    assert world.states() == dict.fromkeys(AROUND, ENDS[name])
    assert world.broken() == []


def striking(proxy: Proxy, how: How, place: str) -> tuple[Reach, list[Fault]]:
    """Give what strikes at the first COMMIT after `place`, and what it struck."""
    assert place in POINTS
    faults: list[Fault] = []

    def reach(name: str, _request: str = "") -> None:
        if name == place and not faults:
            done = b"" if how is How.CUT else b"COMMIT"
            faults.append(proxy.arm(how, b"COMMIT", reply=done))

    return reach, faults
