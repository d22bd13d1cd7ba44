"""The support request: `data` of an event of type `toritsugi.request.v1`.

Every field may be missing: what is missing makes a request incomplete, which the rules decide; a
wrong type or an unknown choice is an error with its place. Access ID and Contract ID are never
shown, dumped or printed; `secrets` is the one way to read them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from contracts.attachment import Attachment
from contracts.contact import Contact
from contracts.given import Email, Given, Name, Text, WebAddress
from contracts.rfc3339 import parse_time
from contracts.unknown_fields import unknown_fields

REQUEST_TYPE = "toritsugi.request.v1"
SECRET_NAMES = ("access_id", "contract_id")

Kind = Literal["technical", "subscription", "billing", "quota", "advisory", "membership"]
Route = Literal["azure", "office", "onprem"]
Severity = Literal["A", "B", "C"]


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_time(value)
    except ValueError as fault:
        raise PydanticCustomError("moment", "{words}", {"words": str(fault)}) from None


def _with_zone(value: object) -> object:
    value = _moment(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise PydanticCustomError("moment", "has no time zone; add Z or an offset")
    return value


Moment = Annotated[datetime, BeforeValidator(_with_zone)]


class Consents(Given):
    """What the sender agreed to; `services_agreement` None means that nothing was said."""

    services_agreement: bool | None = None
    advanced_diagnostics: bool = False


class ReplyTo(Given):
    """Where answers go besides the event stream."""

    email: Email | None = None
    webhook: WebAddress | None = None


class SupportRequest(Given):
    """A request as its sender wrote it, checked for form only."""

    kind: Kind = "technical"
    partner: Name | None = None
    agent: Name | None = None
    customer: Name | None = None
    product: Name | None = None
    route: Route | None = None
    entry: Literal["partner_center", "partner_admin_center"] | None = None
    title: Annotated[str, Field(max_length=250)] | None = None
    description: Annotated[str, Field(max_length=30_000)] | None = None
    problem_type: Text | None = None
    category: Text | None = None
    severity: Severity | None = None
    started_at: Moment | None = None
    subscription_id: Name | None = None
    resource_id: Text | None = None
    contract: Name | None = None
    access_id: SecretStr | None = None
    contract_id: SecretStr | None = None
    payment: Literal["contract", "pay_per_incident"] = "contract"
    contact: Contact = Contact()
    usage: Literal["it_professional"] = "it_professional"
    attachments: tuple[Attachment, ...] = Field(default=(), strict=False)
    consents: Consents = Consents()
    reply_to: ReplyTo = ReplyTo()
    extra: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _collect_unknown(cls, value: Any) -> Any:  # noqa: ANN401 (whatever the sender wrote)
        if not isinstance(value, dict):
            return value
        return {**value, "extra": unknown_fields(value, cls.model_fields, _PARTS)}

    def public(self) -> dict[str, Any]:
        """Give the request as JSON values without its secrets; validates back to itself."""
        return self.model_dump(mode="json", exclude_none=True, exclude=set(SECRET_NAMES))

    def given(self) -> dict[str, Any]:
        """Give only what the sender wrote, without secrets: no default fills it up."""
        return self.model_dump(
            mode="json", exclude_none=True, exclude_unset=True, exclude=set(SECRET_NAMES)
        )

    def secrets(self) -> dict[str, str]:
        """Access ID and Contract ID in clear, those that were given."""
        found = ((name, getattr(self, name)) for name in SECRET_NAMES)
        return {name: secret.get_secret_value() for name, secret in found if secret is not None}


_PARTS = {
    "contact": Contact.model_fields,
    "consents": Consents.model_fields,
    "reply_to": ReplyTo.model_fields,
    "attachments": Attachment.model_fields,
}
