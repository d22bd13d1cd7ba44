"""Park a portal that keeps failing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.clock import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "parkings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parked_until", Instant(), nullable=True),
        sa.Column("probe", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["last"], ["requests.id"], name=op.f("fk_parkings_last_requests")),
        sa.ForeignKeyConstraint(
            ["probe"], ["requests.id"], name=op.f("fk_parkings_probe_requests")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_parkings")),
    )
