"""Note when an attempt was first looked up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.clock import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("looked_at", Instant(), nullable=True))
