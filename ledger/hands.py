"""Whether a request is in somebody's hands: what claims, sweeps and looks at the ledger share."""

from __future__ import annotations

from sqlalchemy import or_

from ledger.clock import now
from ledger.tables import requests

FREE = or_(requests.c.lease_until.is_(None), requests.c.lease_until < now())
HELD = requests.c.lease_until >= now()
