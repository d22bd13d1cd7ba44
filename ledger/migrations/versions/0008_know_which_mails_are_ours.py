"""Know which mails are ours, and whom a letter went to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.clock import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("first_uid", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", "uid_validity", name=op.f("pk_mailboxes")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receiver_print", sa.String(), nullable=True))
        batch_op.create_index(
            "ix_mails_receiver",
            ["receiver_print", "at"],
            unique=False,
            sqlite_where=sa.text("receiver_print IS NOT NULL"),
            postgresql_where=sa.text("receiver_print IS NOT NULL"),
        )
