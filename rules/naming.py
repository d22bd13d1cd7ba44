"""Which contracts a request names, by name or by ids (clauses C-2 and C-9).

Compares fingerprints only; never sees an id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rules.asking import is_given
from rules.facts import Contract, GivenId, Request

IDS = ("access_id", "contract_id")

Fits = Callable[[GivenId, str | None], bool]
"""Whether an id as given stands for the fingerprint on record."""


def identity(contract: Contract) -> tuple[str, ...]:
    """Tell contracts apart, the name first: what order they come in is settled by this."""
    ids = (contract.access_id or "", contract.contract_id or "")
    state = (contract.activation, str(contract.expires_on), str(contract.available))
    return (contract.name, contract.kind, *ids, *state)


def given_ids(request: Request) -> Mapping[str, GivenId]:
    both = {"access_id": request.access_id, "contract_id": request.contract_id}
    return {field: given for field, given in both.items() if given is not None}


def is_named(request: Request) -> bool:
    return is_given(request.contract) or bool(given_ids(request))


def by_name(request: Request, contracts: tuple[Contract, ...]) -> tuple[Contract, ...]:
    """Give the contracts the name leaves open: all of them where none is given."""
    if not is_given(request.contract):
        return contracts
    wanted = (request.contract or "").strip()
    return tuple(contract for contract in contracts if contract.name == wanted)


def named(request: Request, contracts: tuple[Contract, ...]) -> tuple[Contract, ...]:
    """Give the contracts that fit everything the request says: name and every id."""
    return by_ids(request, by_name(request, contracts), exactly)


def by_ids(request: Request, contracts: tuple[Contract, ...], fits: Fits) -> tuple[Contract, ...]:
    given = given_ids(request)
    return tuple(
        contract
        for contract in contracts
        if all(fits(id_, recorded(contract, field)) for field, id_ in given.items())
    )


def lacking_zeros(request: Request, contracts: tuple[Contract, ...]) -> tuple[str, ...]:
    """Give the fields whose id fits only after zeros are put in front; none if all is well."""
    if named(request, contracts):
        return ()
    meant = by_ids(request, by_name(request, contracts), loosely)
    given = given_ids(request).items()
    pool = meant[:1] or contracts
    return tuple(field for field, id_ in given if _lacks_zeros(field, id_, pool))


def _lacks_zeros(field: str, id_: GivenId, pool: tuple[Contract, ...]) -> bool:
    on_record = [recorded(contract, field) for contract in pool]
    exact = any(exactly(id_, fingerprint) for fingerprint in on_record)
    return not exact and any(loosely(id_, fingerprint) for fingerprint in on_record)


def recorded(contract: Contract, field: str) -> str | None:
    return contract.access_id if field == "access_id" else contract.contract_id


def exactly(given: GivenId, fingerprint: str | None) -> bool:
    return given.exact == fingerprint


def loosely(given: GivenId, fingerprint: str | None) -> bool:
    return exactly(given, fingerprint) or fingerprint in given.padded
