"""The parts of which our events are made: reasons, tickets, plans, errors.

What a person or a portal wrote is masked here once more, so that no event carries a secret.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override

from contracts.redaction import redact, redact_text
from contracts.request import Severity

Shown = Annotated[str, AfterValidator(redact_text)]
Extra = Annotated[dict[str, Any], AfterValidator(redact)]


class Part(BaseModel):
    """A part of an event; what a newer version adds is left out by an older reader."""

    OMITTED: ClassVar[frozenset[str]] = frozenset()
    """Fields that are left out when they are empty; all others are always written."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    @model_serializer(mode="wrap")
    def _without_empty(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = serialize(self)
        omitted = {name: fields.pop(name) for name in self.OMITTED}
        return {**fields, **{name: value for name, value in omitted.items() if value}}

    @classmethod
    @override
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Promise every field that is always written, also those with a default."""
        found = handler.resolve_ref_schema(handler(core_schema))
        names = [name for name in found.get("properties", {}) if name not in cls.OMITTED]
        return {**found, "required": names}


class Words(Part):
    """The same sentence in both languages."""

    ja: str
    en: str


class Reason(Part):
    """Why a request was decided as it was: a failing rule, its clause, and the way on."""

    OMITTED: ClassVar[frozenset[str]] = frozenset({"field"})

    rule: str
    code: str
    outcome: Literal["incomplete", "held", "rejected"]
    field: str | None = None
    """Dotted name of the field to supply."""
    message: Words
    remedy: Words
    section: str


class TicketNews(Part):
    """The ticket at the portal."""

    system: str
    number: str
    url: str | None = None
    severity: Severity
    first_response_due: AwareDatetime | None = None


class PlanNews(Part):
    """What pays for the ticket."""

    kind: str
    contract: str | None = None


class ErrorNews(Part):
    """What went wrong at the portal."""

    code: str
    message: Shown
    retryable: bool = False


class UnreadableNews(Part):
    """What is wrong with a message, and where in it."""

    code: str
    message: Shown
    place: str = ""
