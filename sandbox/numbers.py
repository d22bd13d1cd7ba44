"""Ticket numbers as Microsoft prints them. Knows no portal and keeps no count.

Recorded 2020 (Azure CLI `support` recordings): 120011621000159 = 1, date 200116, series 21,
running number 000159. Partner Center's service requests show the same 15 digits.
"""

from __future__ import annotations

from datetime import UTC, datetime

#: The two digits after the date; a series of its own for each portal keeps numbers apart.
SERIES = {"azure": 21, "office": 31, "onprem": 41, "partner_portal": 51}


def ticket_number(portal: str, count: int, at: float) -> str:
    """Print the `count`-th number of a portal; beyond a million the series digits move on."""
    overflow, running = divmod(count, 1_000_000)
    day = datetime.fromtimestamp(at, UTC).strftime("%y%m%d")
    return f"1{day}{SERIES[portal] + overflow % 10:02d}{running:06d}"
