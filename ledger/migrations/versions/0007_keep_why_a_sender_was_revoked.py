"""Keep why a sender was revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("senders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revoked_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("revoked_why", sa.String(), nullable=True))
