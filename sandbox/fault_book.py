"""The fault rules in force and how often each was used. Counts outlive a restart.

The first rule that fits a call and is not used up is taken. Decides only; answers nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from sandbox.call import Call
from sandbox.fault_kinds import Fault
from sandbox.faults import Rule, read_rule
from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Count:
    """What is kept of a rule: its source and how often it was used; cleared ones stay known."""

    id: str
    source: dict[str, Any]
    used: int = 0
    cleared: bool = False


class FaultBook:
    """All rules in force and their counts."""

    def __init__(self, store: Store, script: Iterable[Mapping[str, Any]] = ()) -> None:
        self._store = store
        self._counts = {record["id"]: Count(**record) for record in store.load("fault")}
        self._rules = {count.id: read_rule(count.source) for count in self._counts.values()}
        self._enter_script(script)
        store.commit()

    def add(self, script: Iterable[Mapping[str, Any]]) -> None:
        """Enter rules behind those there are; all of them or, if one is unreadable, none."""
        sources = [(source, read_rule(source)) for source in script]
        for source, _ in sources:
            self._enter(f"{digest(source)}+{len(self._counts)}", source)

    def clear(self) -> None:
        for count in list(self._counts.values()):
            self._keep(replace(count, cleared=True))

    def take(self, call: Call) -> Fault | None:
        """Give the fault for this call, if any; taking it counts."""
        for key, rule in self._rules.items():
            count = self._counts[key]
            if live(rule, count) and rule.fits(call):
                self._keep(replace(count, used=count.used + 1))
                return rule.fault
        return None

    def listing(self) -> list[dict[str, Any]]:
        return [
            {**count.source, "used": count.used, "live": live(self._rules[count.id], count)}
            for count in self._counts.values()
            if not count.cleared
        ]

    def _enter_script(self, script: Iterable[Mapping[str, Any]]) -> None:
        """Enter the rules of the file; those it held at an earlier start and no more are out."""
        seen: list[str] = []
        ids = set()
        for source in script:
            # The n-th copy of the same text in a file is the same rule after a restart.
            seen.append(digest(source))
            ids.add(f"{seen[-1]}-{seen.count(seen[-1])}")
            self._enter(f"{seen[-1]}-{seen.count(seen[-1])}", source)
        for count in list(self._counts.values()):
            if "-" in count.id and count.id not in ids:
                self._keep(replace(count, cleared=True))

    def _enter(self, key: str, source: Mapping[str, Any]) -> None:
        if key not in self._counts:
            self._rules[key] = read_rule(source)
            self._keep(Count(key, dict(source)))

    def _keep(self, count: Count) -> None:
        self._counts[count.id] = count
        self._store.put("fault", count.id, count)


def live(rule: Rule, count: Count) -> bool:
    return not count.cleared and (rule.times is None or count.used < rule.times)


def digest(source: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(dict(source), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
