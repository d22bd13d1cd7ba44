"""Roles of edition 2026 by the permission they carry, as the directory writes them.

Tables only. Read on 2026-11-22 in Microsoft's own pages: what each Entra role may do
(https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference), and
who may file for Azure (https://learn.microsoft.com/azure/azure-portal/supportability/how-to-create-azure-support-request).
"""

from __future__ import annotations

PARTNER_CENTER = frozenset({"admin_agent", "full_administration", "helpdesk_agent", "sales_agent"})
"""Roles in the partner's own tenant: they carry no permission in a customer's."""

TICKETS_IN_MICROSOFT_365 = frozenset(
    {
        "billing_administrator",
        "dynamics_365_administrator",
        "exchange_administrator",
        "global_administrator",
        "helpdesk_administrator",
        "intune_administrator",
        "power_platform_administrator",
        "security_administrator",
        "service_support_administrator",  # the least of them
        "sharepoint_administrator",
        "teams_administrator",
        "user_administrator",
    }
)
"""Carry `microsoft.office365.supportTickets/allEntities/allTasks`."""

ENTRA = TICKETS_IN_MICROSOFT_365 | {
    "directory_readers",  # the least of all
    "directory_writers",
    "global_reader",
    "license_administrator",
    "reports_reader",
    "security_reader",
}
"""May stand in a relationship: any of them will do beside a role on the Azure subscription."""

TICKETS_IN_AZURE = frozenset(
    {
        "contributor",
        "owner",
        "support_request_contributor",  # the least of them
    }
)
"""Roles on an Azure subscription that carry `Microsoft.Support/supportTickets/write`."""
