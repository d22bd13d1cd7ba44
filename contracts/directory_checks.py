"""What no single field shows: names given twice, contracts that do not exist, balances left out.

Works on values as read, whatever their types, so that these faults are listed beside all others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from contracts.directory import CONTRACT_KINDS, UNCOUNTED_KINDS
from contracts.directory_faults import Path

Finding = tuple[Path, str]
Entry = tuple[Path, dict[str, Any]]
Namer = Callable[[Path], str]


def check_directory(value: object) -> Iterator[Finding]:
    partners = list(_entries(value, (), "partners"))
    yield from _twice(partners, "id", "is the id of another partner, too; keep one of them")
    everyones: list[Entry] = []
    for path, partner in partners:
        contracts = list(_entries(partner, path, "contracts"))
        everyones += contracts
        yield from _of_partner(path, partner, contracts)
    yield from _twice(everyones, "access_id", "is the Access ID of another contract, too")


def _of_partner(path: Path, partner: dict[str, Any], contracts: list[Entry]) -> Iterator[Finding]:
    agents = list(_entries(partner, path, "agents"))
    customers = list(_entries(partner, path, "customers"))
    yield from _twice(agents, "sign_in", "is another agent's sign-in, too; keep one of them")
    yield from _twice(customers, "tenant", "is another customer's tenant, too; keep one of them")
    yield from _twice(contracts, "name", "is the name of another contract, too; rename one")
    names = {contract.get("name") for _, contract in contracts if _is_text(contract.get("name"))}
    for at, agent in agents:
        yield from _unknown_links(at, agent, names)
    for at, contract in contracts:
        yield from _balance(at, contract)
        yield from _ids(at, contract)


def _entries(holder: object, path: Path, name: str) -> Iterator[Entry]:
    listed = holder.get(name) if isinstance(holder, dict) else None
    for at, entry in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(entry, dict):
            yield (*path, name, at), entry


def _twice(entries: list[Entry], field: str, words: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, entry in entries:
        value = entry.get(field)
        if not _is_text(value):
            continue
        folded = "".join(unicodedata.normalize("NFKC", value).split()).casefold()
        if folded in seen:
            yield (*path, field), words
        seen.add(folded)


def _unknown_links(path: Path, agent: dict[str, Any], names: set[Any]) -> Iterator[Finding]:
    links = agent.get("linked_contracts")
    for at, link in enumerate(links if isinstance(links, list) else []):
        if _is_text(link) and link not in names:
            words = "names no contract of this partner; add the contract or remove the link"
            yield (*path, "linked_contracts", at), words


def _balance(path: Path, contract: dict[str, Any]) -> Iterator[Finding]:
    kind, incidents = contract.get("kind"), contract.get("incidents")
    if kind not in CONTRACT_KINDS:
        return
    if kind in UNCOUNTED_KINDS and incidents is not None:
        yield (*path, "incidents"), f"is not counted for the kind {kind}; remove it"
    if kind not in UNCOUNTED_KINDS and incidents is None:
        yield (*path, "incidents"), f"is missing; the kind {kind} needs its opening balance"


def _ids(path: Path, contract: dict[str, Any]) -> Iterator[Finding]:
    # The ids are sent out after the activation (C-7): not before it has a contract any.
    if contract.get("activation", "active") != "active":
        return
    for name in ("access_id", "contract_id"):
        if contract.get(name) is None:
            yield (*path, name), "is missing; an active contract has one"


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())
