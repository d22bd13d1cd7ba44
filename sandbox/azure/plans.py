"""Which support plan pays for a ticket, and whether it may. Pure.

Azure support REST, 2024-04-01, introduction: creating needs Pro Direct, Premier or Unified.
Lesser plans and plain CSP end in InvalidSupportPlan (azure-sdk-for-net issue 24662).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SUFFICIENT = {"prodirect", "premier", "unified"}
#: Azure support REST, 2024-04-01: highestcriticalimpact is for Premier customers.
HIGHEST = {"premier", "unified"}
#: Deduced: the spec's example of supportPlanId is base64 that begins with "Source:SCM,".
SOURCE = re.compile(rb"Source:([A-Za-z]+),")


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans by subscription id; who is not named has the default."""

    default: str = "ProDirect"
    by_subscription: Mapping[str, str] = field(default_factory=dict)

    def plan_of(self, subscription: str, plan_id: object, *, on_behalf: bool) -> str:
        """Deduced: a partner's auxiliary token brings the partner's own plan to a CSP customer."""
        named = source_of(plan_id)
        if named.lower() in ("free", "developer"):
            return named
        plan = self.by_subscription.get(subscription.lower(), self.default)
        return self.default if on_behalf and plan.lower() == "csp" else plan


def source_of(plan_id: object) -> str:
    try:
        found = SOURCE.match(base64.b64decode(str(plan_id or ""), validate=True))
    except (binascii.Error, ValueError):
        return ""
    return found.group(1).decode() if found else ""


def objection(plan: str, severity: str) -> str | None:
    """Why a plan does not pay for such a ticket."""
    if plan.lower() not in SUFFICIENT:
        return f"The support plan type is {plan}. Creating tickets needs a higher support plan."
    if severity == "highestcriticalimpact" and plan.lower() not in HIGHEST:
        return f"Severity highestcriticalimpact is not part of the support plan {plan}."
    return None
