"""Names of tickets and communications: what is allowed. Pure.

Recorded 2024 (Azure CLI `support` recordings, checkNameAvailability): forbidden are < > % & : ? and
both slashes, and control characters; not all digits, not starting with tmp-, at most 255 characters
(260 in 2020).
"""

from __future__ import annotations

import re

from sandbox.azure.refusal import NameRefusal

FORBIDDEN = re.compile(r"[<>%&:\\?/\x00-\x1f\x7f]")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LONGEST = 255
TYPES = {
    "Microsoft.Support/supportTickets",
    "Microsoft.Support/communications",
    # Recorded 2024: the `az` extension asks for workspaces, though the published enum lacks them.
    "Microsoft.Support/fileWorkspaces",
}


def allowed(name: str) -> bool:
    wrong = (
        not name
        or len(name) > LONGEST
        or name.isdigit()
        or name.lower().startswith("tmp-")
        or FORBIDDEN.search(name)
    )
    return not wrong


def complaint(name: str) -> str:
    return (
        f"Name {name} is invalid. It may not contain <, >, %, &, :, \\, ? or / nor control "
        f"characters, be all digits, start with 'tmp-', or exceed {LONGEST} characters."
    )


def check_ticket_name(name: str) -> None:
    if not allowed(name):
        raise NameRefusal("ResourceNameInvalid", complaint(name))


def check_communication_name(name: str) -> None:
    """Refuse GUIDs too; recorded 2020 as InvalidData, 2023 and 2024 as ResourceNameInvalid."""
    if not allowed(name) or GUID.fullmatch(name):
        raise NameRefusal("ResourceNameInvalid", "Communication resource name is invalid.")
