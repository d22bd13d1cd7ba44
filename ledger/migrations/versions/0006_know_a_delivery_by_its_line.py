"""Know a delivery by its line, which is found without looking through the backlog of others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

FILL = """
UPDATE deliveries SET line = CASE WHEN receiver <> 'reply' THEN receiver
  ELSE way || ':' || (SELECT source FROM requests WHERE requests.id = deliveries.request) END
"""


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.String(), nullable=True))
        batch_op.drop_index("ix_deliveries_due")

    op.execute(FILL)
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("line", existing_type=sa.String(), nullable=False)

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_open",
            ["line", "due_at", "position"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
