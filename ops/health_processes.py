"""Whether a process of each kind runs, on whatever machine, by the signs of life in the ledger."""

from __future__ import annotations

from collections import Counter

from ledger import leases
from ledger.store import Store
from ops.check import Check, judged
from workers.processes import PROCESSES

REMEDY = "toritsugi up runs one of each; else start those of the Procfile"


def examine_processes(store: Store) -> Check:
    numbers = Counter(owner.partition("@")[0] for owner in store.read(leases.running))
    says = [f"{numbers[kind]} {kind}" for kind in PROCESSES if numbers[kind]]
    if missing := [kind for kind in PROCESSES if not numbers[kind]]:
        says.append(f"no {', no '.join(missing)}")
    return judged("processes", ", ".join(says), REMEDY, ok=not missing)
