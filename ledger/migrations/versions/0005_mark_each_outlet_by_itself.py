"""Mark each outlet by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.clock import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exchanged_at", Instant(), nullable=True))
        batch_op.create_index(
            "ix_outbox_unexchanged",
            ["position"],
            unique=False,
            sqlite_where=sa.text("exchanged_at IS NULL"),
            postgresql_where=sa.text("exchanged_at IS NULL"),
        )

    # What went out before there was an exchange does not come out of it now.
    op.execute("UPDATE outbox SET exchanged_at = published_at")
