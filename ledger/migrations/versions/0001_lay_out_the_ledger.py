"""Lay out the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.clock import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "partners",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("membership", sa.String(), nullable=False),
        sa.Column("partner_features", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("sender_id", sa.String(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "seal",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_seal")),
    )
    op.create_table(
        "agents",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("sign_in", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("azure_subscriptions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner"], ["partners.id"], name=op.f("fk_agents_partner_partners")
        ),
        sa.PrimaryKeyConstraint("partner", "sign_in", name=op.f("pk_agents")),
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("access_id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("access_id_print", sa.String(), nullable=True),
        sa.Column("contract_id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contract_id_print", sa.String(), nullable=True),
        sa.Column("activation", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT counted OR balance >= reserved", name=op.f("ck_contracts_never_oversold")
        ),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_contracts_reserved_not_negative")),
        sa.ForeignKeyConstraint(
            ["partner"], ["partners.id"], name=op.f("fk_contracts_partner_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("partner", "name", name=op.f("uq_contracts_partner_name")),
    )
    op.create_table(
        "customers",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("delegated_admin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner"], ["partners.id"], name=op.f("fk_customers_partner_partners")
        ),
        sa.PrimaryKeyConstraint("partner", "tenant", name=op.f("pk_customers")),
    )
    op.create_table(
        "links",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("sign_in", sa.String(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.id"], name=op.f("fk_links_contract_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["partner", "sign_in"],
            ["agents.partner", "agents.sign_in"],
            name=op.f("fk_links_partner_sign_in_agents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("partner", "sign_in", "contract", name=op.f("pk_links")),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sender_id", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("hinted_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deliveries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decisions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("partner", sa.String(), nullable=True),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("severity", sa.String(), server_default="C", nullable=False),
        sa.Column("route", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("contract", sa.String(), nullable=True),
        sa.Column("incidents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("traceparent", sa.String(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("access_id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contract_id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.id"], name=op.f("fk_requests_contract_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("source", "sender_id", name=op.f("uq_requests_source_sender_id")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(
            "ix_requests_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index("ix_requests_partner", ["partner", "received_at", "id"], unique=False)
        batch_op.create_index("ix_requests_received", ["received_at", "id"], unique=False)
        batch_op.create_index("ix_requests_state", ["state", "received_at", "id"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("lookups", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_attempts_request_requests")
        ),
        sa.PrimaryKeyConstraint("request", "number", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(
            "uq_attempts_open",
            ["request"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "completions",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sender_id", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_completions_request_requests")
        ),
        sa.PrimaryKeyConstraint("source", "sender_id", name=op.f("pk_completions")),
    )
    with op.batch_alter_table("completions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_completions_request"), ["request"], unique=False)

    op.create_table(
        "entries",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("kind <> 'post' OR amount < 0", name=op.f("ck_entries_a_post_takes")),
        sa.CheckConstraint(
            "kind <> 'refund' OR amount > 0", name=op.f("ck_entries_a_refund_gives")
        ),
        sa.CheckConstraint(
            "kind IN ('opening', 'adjustment', 'post', 'refund')",
            name=op.f("ck_entries_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.id"], name=op.f("fk_entries_contract_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_entries_request_requests")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_entries")),
        sa.UniqueConstraint("id", name=op.f("uq_entries_id")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_contract"), ["contract"], unique=False)
        batch_op.create_index(batch_op.f("ix_entries_request"), ["request"], unique=False)
        batch_op.create_index(
            "uq_entries_once",
            ["request", "kind"],
            unique=True,
            sqlite_where=sa.text("kind IN ('post', 'refund')"),
            postgresql_where=sa.text("kind IN ('post', 'refund')"),
        )

    op.create_table(
        "history",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_history_request_requests")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_request"), ["request"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_inbox_request_requests")
        ),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_inbox")),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_outbox_request_requests")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
        sa.UniqueConstraint("request", "sequence", name=op.f("uq_outbox_request_sequence")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_unpublished",
            ["position"],
            unique=False,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "reservations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reserved_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'posted', 'void')", name=op.f("ck_reservations_state_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reservations_amount_positive")),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.id"], name=op.f("fk_reservations_contract_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_reservations_request_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    with op.batch_alter_table("reservations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reservations_contract"), ["contract"], unique=False)
        batch_op.create_index(
            "uq_reservations_live",
            ["request"],
            unique=True,
            sqlite_where=sa.text("state <> 'void'"),
            postgresql_where=sa.text("state <> 'void'"),
        )

    op.create_table(
        "tickets",
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("first_response_due", Instant(), nullable=True),
        sa.Column("filed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_tickets_request_requests")
        ),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_tickets")),
        sa.UniqueConstraint("system", "number", name=op.f("uq_tickets_system_number")),
    )
