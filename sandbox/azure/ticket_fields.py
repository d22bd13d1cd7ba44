"""Faults in the properties of a ticket, new or changed. Pure.

Azure support REST, 2024-04-01, Support Tickets - Create and - Update; InvalidParameterValue with
one detail a fault, JsonDeserializationError for a body of the wrong shape (third-party clients).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.azure.catalogue import Catalogue
from sandbox.azure.contact_fields import contact_faults
from sandbox.azure.refusal import Refusal
from sandbox.clock import seconds_of

REQUIRED = ("title", "description", "serviceId", "problemClassificationId", "severity")
SEVERITIES = ("minimal", "moderate", "critical", "highestcriticalimpact")
CHANGEABLE = {
    "severity", "status", "contactDetails", "advancedDiagnosticConsent", "secondaryConsent",
    "directConnectEscalation",
}  # fmt: skip


def properties_of(document: object) -> dict[str, Any]:
    """Unwrap the body of a PUT."""
    properties = document.get("properties") if isinstance(document, Mapping) else None
    if not isinstance(properties, dict):
        raise Refusal("JsonDeserializationError", "The body holds no object named properties.")
    return properties


def check_new(asked: Mapping[str, Any], scope: str, catalogue: Catalogue) -> None:
    severity = str(asked.get("severity", "")).lower()
    faults = (
        *(f"{name} is required." for name in REQUIRED if not asked.get(name)),
        *choice_faults(asked),
        *catalogue_faults(asked, catalogue),
        *detail_faults(asked, scope, severity),
        *contact_faults(asked.get("contactDetails"), severity),
    )
    refuse(faults)


def check_change(changes: object) -> dict[str, Any]:
    """Take a PATCH: flat; one wrapped in properties, or with more in it, is not understood."""
    if not isinstance(changes, dict) or set(changes) - CHANGEABLE:
        raise Refusal("JsonDeserializationError", "The body has members that cannot be changed.")
    faults = [*choice_faults({"advancedDiagnosticConsent": "No"} | changes)]
    if str(changes.get("status", "open")).lower() not in ("open", "closed"):
        faults.append("status is open or closed.")
    if not isinstance(changes.get("contactDetails", {}), dict):
        faults.append("contactDetails is an object.")
    refuse(faults)
    return changes


def choice_faults(asked: Mapping[str, Any]) -> Iterator[str]:
    if str(asked.get("severity", "minimal")).lower() not in SEVERITIES:
        yield f"severity is one of {', '.join(SEVERITIES)}."
    # Required since 2024-04-01.
    if str(asked.get("advancedDiagnosticConsent")).lower() not in ("yes", "no"):
        yield "advancedDiagnosticConsent is Yes or No."


def catalogue_faults(asked: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    service = catalogue.service(asked.get("serviceId"))
    problem = catalogue.problem(asked.get("problemClassificationId"))
    if asked.get("serviceId") and service is None:
        yield "serviceId names no service."
    if service and asked.get("problemClassificationId"):
        known = problem and service.problems.get(problem.name) is problem
        if not known:
            yield "problemClassificationId names no problem of this service."


def detail_faults(asked: Mapping[str, Any], scope: str, severity: str) -> Iterator[str]:
    if severity == "minimal" and asked.get("require24X7Response") is True:
        yield "require24X7Response must be false for severity minimal."
    try:
        seconds_of(str(asked.get("problemStartTime") or "2024-04-01T00:00:00Z"))
    except ValueError:
        yield "problemStartTime is no ISO 8601 time."
    resource = (asked.get("technicalTicketDetails") or {}).get("resourceId")
    if resource and not str(resource).lower().startswith(f"{scope.lower()}/"):
        # The `az` extension checks the same: one ticket, one subscription.
        yield "technicalTicketDetails.resourceId is not of this subscription."


def refuse(faults: tuple[str, ...] | list[str]) -> None:
    if faults:
        raise Refusal("InvalidParameterValue", "The ticket has invalid properties.", tuple(faults))
