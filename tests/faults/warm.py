"""Reads what every life reads, once, in the fork server that all of them come from.

Imported by nobody else: to import it is to do it.
"""

from __future__ import annotations

from adapters.certificates import certificates
from config.settings import Settings
from ledger.schema import newest
from workers.rulebook import released

certificates(trust_env=True)
certificates(trust_env=False)
newest()
released(Settings.model_fields["edition"].default)
