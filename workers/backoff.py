"""How long to wait before the next attempt: doubling, with jitter, up to a most."""

from __future__ import annotations

import math

from workers.app import App


def backoff_s(app: App, spent: int) -> float:
    """Give seconds to wait after `spent` attempts: half of the doubling wait, plus chance."""
    full = min(math.ldexp(app.limits.retry_first_s, min(spent, 32)), app.limits.retry_most_s)
    return full * (0.5 + app.jitter() / 2)
