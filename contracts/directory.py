"""The directory: which partners there are, who files for them, for whom, and on which contracts.

Access ID and Contract ID are never shown when a contract is printed or dumped.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_core import PydanticCustomError

ContractKind = Literal[
    "scs_unlimited",
    "scs_10",
    "scs_5",
    "asfp",
    "gold_20",
    "silver_15",
    "maps_10",
    "pay_per_incident",
    "pcs_50",
    "pcs_2",
]
Membership = Literal[
    "gold",
    "silver",
    "action_pack",
    "solutions_partner",
    "success_expanded",
    "success_core",
    "launch",
    "none",
]
CONTRACT_KINDS: tuple[ContractKind, ...] = get_args(ContractKind)
UNCOUNTED_KINDS: frozenset[ContractKind] = frozenset({"scs_unlimited", "asfp"})
MASKED = "***"
_DAY = re.compile(r"(?a)\d{4}-\d\d-\d\d")


def _unblanked(secret: SecretStr) -> SecretStr:
    """Fold full width and drop blanks (C-1); zeros in front stay (C-2)."""
    folded = "".join(unicodedata.normalize("NFKC", secret.get_secret_value()).split())
    if not folded:
        raise PydanticCustomError("blank", "must not be empty")
    if "*" in folded:
        raise PydanticCustomError("masked", "is masked; export the directory with its secrets")
    return SecretStr(folded)


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else value
    except ValueError:
        return value


Name = Annotated[str, Field(min_length=1, max_length=250)]
SecretId = Annotated[SecretStr, AfterValidator(_unblanked)]
Day = Annotated[date, BeforeValidator(_day)]


class _Entry(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, value: Any) -> Any:  # noqa: ANN401 (whatever the file holds)
        if not isinstance(value, dict):
            return value
        return {name: part for name, part in value.items() if part is not None}


class Agent(_Entry):
    """A user of the partner who signs in and files requests."""

    sign_in: Name
    roles: tuple[Name, ...] = Field(default=(), strict=False)
    azure_subscriptions: tuple[Name, ...] = Field(default=(), strict=False)
    linked_contracts: tuple[Name, ...] = Field(default=(), strict=False)


class Customer(_Entry):
    """A tenant the partner may file for."""

    tenant: Name
    name: Name | None = None
    domains: tuple[Name, ...] = Field(default=(), strict=False)
    delegated_admin: Literal["default", "active", "requested", "declined", "none"] = "default"


class Contract(_Entry):
    """A support benefit; `incidents` is the opening balance of a counted kind."""

    name: Name
    kind: ContractKind
    access_id: SecretId | None = None
    contract_id: SecretId | None = None
    activation: Literal["active", "requested", "none"] = "active"
    expires_on: Day
    incidents: Annotated[int, Field(ge=0)] | None = None


class Partner(_Entry):
    """A member organisation with all that belongs to it."""

    id: Name
    name: Name
    domain: Name | None = None
    type: Literal["csp_direct", "csp_indirect_provider", "csp_indirect_reseller", "advisor"]
    membership: Membership = "none"
    partner_features: bool = False
    agents: tuple[Agent, ...] = Field(default=(), strict=False)
    customers: tuple[Customer, ...] = Field(default=(), strict=False)
    contracts: tuple[Contract, ...] = Field(default=(), strict=False)


class Directory(_Entry):
    """All partners of one file."""

    partners: tuple[Partner, ...] = Field(strict=False)
