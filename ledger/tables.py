"""All tables on one page, a sentence each where the name does not say it.

Every moment is an `Instant` (milliseconds, database time). `*_sealed` is opened by the vault only;
`*_print` is the keyed fingerprint under which a secret is found.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ledger.clock import Instant
from ledger.conventions import NAMES, Position, some_rows

metadata = MetaData(naming_convention=NAMES)

# ---- The directory: who may ask, for whom, and on which contract --------------------------------

partners = Table(
    "partners",
    metadata,
    Column("id", String, primary_key=True),  # MPN partner id
    Column("name", String, nullable=False),
    Column("domain", String),
    Column("type", String, nullable=False),
    Column("membership", String, nullable=False),
    Column("partner_features", Boolean, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("partner", ForeignKey("partners.id"), primary_key=True),
    Column("sign_in", String, primary_key=True),  # lower case
    Column("roles", JSON, nullable=False),
    Column("azure_subscriptions", JSON, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("partner", ForeignKey("partners.id"), primary_key=True),
    Column("tenant", String, primary_key=True),  # lower case
    Column("name", String),
    Column("domains", JSON, nullable=False),
    Column("delegated_admin", String, nullable=False),
)

contracts = Table(
    "contracts",
    metadata,
    Column("id", String, primary_key=True),  # partner/name
    Column("partner", ForeignKey("partners.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("access_id_sealed", LargeBinary),
    Column("access_id_print", String),
    Column("contract_id_sealed", LargeBinary),
    Column("contract_id_print", String),
    Column("activation", String, nullable=False),
    Column("expires_on", Date),
    Column("counted", Boolean, nullable=False),
    Column(
        "balance", Integer, nullable=False
    ),  # incidents that are neither deducted nor given back
    Column("reserved", Integer, nullable=False),  # of these, promised to requests under way
    UniqueConstraint("partner", "name"),
    CheckConstraint("reserved >= 0", name="reserved_not_negative"),
    CheckConstraint("NOT counted OR balance >= reserved", name="never_oversold"),
)

links = Table(  # the one-time tie of a contract to a sign-in
    "links",
    metadata,
    Column("partner", String, primary_key=True),
    Column("sign_in", String, primary_key=True),
    Column("contract", ForeignKey("contracts.id"), primary_key=True),
    Column("linked_at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["partner", "sign_in"], ["agents.partner", "agents.sign_in"], ondelete="CASCADE"
    ),
)

# ---- Requests and what happened to them ----------------------------------------------------------

requests = Table(
    "requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("sender_id", String, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("queue", String, nullable=False),  # which workers are hinted
    Column("due_at", Instant),  # when a machine has something to do; null: nobody but a person has
    Column("hinted_at", Instant),
    Column("lease_until", Instant),
    Column("lease_owner", String),
    Column("fence", Integer, nullable=False, server_default="0"),  # goes up with each claim
    Column("deliveries", Integer, nullable=False, server_default="0"),  # claims without progress
    Column("attempts", Integer, nullable=False, server_default="0"),  # spent at the portal
    Column("decisions", Integer, nullable=False, server_default="0"),  # verdicts so far
    Column("sequence", Integer, nullable=False, server_default="0"),  # of the last event
    Column("partner", String),
    Column("agent", String),
    Column("customer", String),
    Column("product", String),
    Column("title", String),
    Column("severity", String, nullable=False, server_default="C"),
    Column("route", String),
    Column("code", String),  # leading reason or error, for lists and filters
    Column("contract", ForeignKey("contracts.id")),  # the plan's, once decided
    Column("incidents", Integer, nullable=False, server_default="0"),
    Column("traceparent", String),
    Column("body", JSON, nullable=False),  # the request's data without its secrets
    Column("access_id_sealed", LargeBinary),
    Column("contract_id_sealed", LargeBinary),
    Column("verdict", JSON(none_as_null=True)),
    Column("received_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("source", "sender_id"),
)
some_rows("ix_requests_due", requests.c.due_at, where=requests.c.due_at.is_not(None))
Index("ix_requests_state", requests.c.state, requests.c.received_at, requests.c.id)
Index("ix_requests_received", requests.c.received_at, requests.c.id)
Index("ix_requests_partner", requests.c.partner, requests.c.received_at, requests.c.id)

inbox = Table(  # the bytes of every accepted message, as they came
    "inbox",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("raw_sealed", LargeBinary, nullable=False),
)

completions = Table(  # messages that brought an incomplete request what it lacked
    "completions",
    metadata,
    Column("source", String, primary_key=True),
    Column("sender_id", String, primary_key=True),
    Column("request", ForeignKey("requests.id"), nullable=False, index=True),
    Column("content_hash", String, nullable=False),
    Column("raw_sealed", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("request", ForeignKey("requests.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("origin", String),
    Column("state", String, nullable=False),
    Column("why", String, nullable=False),
    Column("who", String, nullable=False),
)

attempts = Table(  # the intention before an outside call, the outcome after it
    "attempts",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("portal", String, nullable=False),
    Column("key", String, nullable=False),  # what the portal knows the order by
    Column("token", Text),  # where to go on waiting, once the portal has taken the order
    Column("lookups", Integer, nullable=False, server_default="0"),  # that told nothing
    Column("started_at", Instant, nullable=False),
    Column("looked_at", Instant),  # first, by someone other than who made the call
    Column("finished_at", Instant),
    Column("outcome", String),  # filed | later | refused | absent | unknown; null: open
    Column("code", String),
    Column("message", Text),
)
some_rows("uq_attempts_open", attempts.c.request, where=attempts.c.outcome.is_(None), unique=True)

tickets = Table(
    "tickets",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("system", String, nullable=False),
    Column("number", String, nullable=False),
    Column("url", String),
    Column("severity", String, nullable=False),
    Column("first_response_due", Instant),
    Column("filed_at", Instant, nullable=False),
    UniqueConstraint("system", "number"),
)

parkings = Table(  # portals that are ill; while one is parked, nobody but its probe calls it
    "parkings",
    metadata,
    Column("name", String, primary_key=True),  # of the portal: a route
    Column("failures", Integer, nullable=False),  # in a row
    Column("last", ForeignKey("requests.id")),  # the request that met the last of them
    Column("code", String, nullable=False),  # what was met last
    Column("parked_until", Instant),  # null: it fails, and is not parked yet
    Column("probe", ForeignKey("requests.id")),  # the one request that may try it
)

# ---- The account ---------------------------------------------------------------------------------

reservations = Table(
    "reservations",
    metadata,
    Column("id", String, primary_key=True),  # given by the caller
    Column("contract", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("request", ForeignKey("requests.id"), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("state", String, nullable=False),  # pending | posted | void
    Column("reserved_at", Instant, nullable=False),
    Column("settled_at", Instant),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("state IN ('pending', 'posted', 'void')", name="state_known"),
)
some_rows(
    "uq_reservations_live", reservations.c.request, where=text("state <> 'void'"), unique=True
)

entries = Table(  # append-only; the sum of a contract's amounts is its balance
    "entries",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),  # given by the caller
    Column("contract", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("request", ForeignKey("requests.id"), index=True),
    Column("kind", String, nullable=False),  # opening | adjustment | post | refund
    Column("amount", Integer, nullable=False),  # a posting's is negative
    Column("balance", Integer, nullable=False),  # after it
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("why", String, nullable=False),
    CheckConstraint("kind IN ('opening', 'adjustment', 'post', 'refund')", name="kind_known"),
    CheckConstraint("kind <> 'post' OR amount < 0", name="a_post_takes"),
    CheckConstraint("kind <> 'refund' OR amount > 0", name="a_refund_gives"),
)
some_rows(
    "uq_entries_once",
    entries.c.request,
    entries.c.kind,
    where=text("kind IN ('post', 'refund')"),
    unique=True,
)

# ---- Messages ------------------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),  # the event's id
    Column("request", ForeignKey("requests.id")),
    Column("sequence", Integer),
    Column("type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the CloudEvent, as it is sent
    Column("created_at", Instant, nullable=False),
    Column("published_at", Instant),  # on the stream
    Column("exchanged_at", Instant),  # on the exchange; with the stream where there is none
    Column("routed_at", Instant),  # when its deliveries were made out: once, whatever is replayed
    UniqueConstraint("request", "sequence"),
)
some_rows("ix_outbox_unpublished", outbox.c.position, where=outbox.c.published_at.is_(None))
some_rows("ix_outbox_unexchanged", outbox.c.position, where=outbox.c.exchanged_at.is_(None))
some_rows("ix_outbox_unrouted", outbox.c.position, where=outbox.c.routed_at.is_(None))

webhooks = Table(  # whom events are sent to that did not ask for it in a request
    "webhooks",
    metadata,
    Column("name", String, primary_key=True),
    Column("url_sealed", LargeBinary, nullable=False),  # an address may hold a token
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("types", JSON, nullable=False),  # of events; none: all
    Column("partners", JSON, nullable=False),  # none: all
    Column("created_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("disabled_at", Instant),
    Column("disabled_why", String),
)

deliveries = Table(  # one event to one receiver, in the order of the request's events
    "deliveries",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("event", ForeignKey("outbox.id"), nullable=False),
    Column("request", ForeignKey("requests.id"), index=True),
    Column("way", String, nullable=False),  # webhook | mail
    Column("receiver", String, nullable=False),  # `hook:NAME`, or `reply`: who sent the request
    Column("line", String, nullable=False),  # one receiver, or one sender: carried in turn
    Column("due_at", Instant),  # null: it is over, or its webhook is disabled
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String),
    Column("lease_until", Instant),
    Column("ended_at", Instant),
    Column("outcome", String),  # sent | given_up | dropped
    Column("code", String),  # of the last error
    Column("message", Text),
    UniqueConstraint("event", "way", "receiver"),
)
some_rows(
    "ix_deliveries_open",
    deliveries.c.line,
    deliveries.c.due_at,
    deliveries.c.position,
    where=deliveries.c.ended_at.is_(None),
)

senders = Table(  # systems that may send requests, for their own partners only
    "senders",
    metadata,
    Column("name", String, primary_key=True),
    Column("source", String, nullable=False, unique=True),  # the only one its events may name
    Column("partners", JSON, nullable=False),
    Column("key_hash", String, unique=True),  # of its API key; null: it has none
    Column("secret_sealed", LargeBinary),  # what it signs with; null: it does not sign
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_by", String),
    Column("revoked_why", String),
    Column("who", String, nullable=False),
)

mails = Table(  # every mail that came or went, as it was; stored before anybody looks into it
    "mails",
    metadata,
    Column("id", String, primary_key=True),  # made from its bytes: the same mail is kept once
    Column("way", String, nullable=False),  # in | out
    Column("message_id", String, index=True),
    Column("receiver_print", String),  # of the address that a letter of ours goes to
    Column("request", ForeignKey("requests.id"), index=True),
    Column("state", String, nullable=False),  # kept | recorded | attached | ignored | quarantined
    Column("why", String),
    Column("raw_sealed", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)
some_rows(
    "ix_mails_receiver",
    mails.c.receiver_print,
    mails.c.at,
    where=mails.c.receiver_print.is_not(None),
)

mailboxes = Table(  # each numbering of a folder's mails that we have seen
    "mailboxes",
    metadata,
    Column("name", String, primary_key=True),  # whose, where, and which folder
    Column("uid_validity", BigInteger, primary_key=True),
    Column("first_uid", BigInteger, nullable=False),  # a mail of this number or above is ours
    Column("at", Instant, nullable=False),
)

quarantine = Table(  # what could not be read, kept as it came
    "quarantine",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("raw_sealed", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("place", String),
    Column("source", String),
    Column("sender_id", String),
    Column("received_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String),  # released | dropped
    Column("request", ForeignKey("requests.id")),  # that it became when it was released
    Column("repaired_sealed", LargeBinary),  # what was fed in instead; null: it as it came
    Column("who", String),
    Column("why", String),
)

seal = Table(  # one row: which key the secrets here were sealed with
    "seal",
    metadata,
    Column("fingerprint", String, primary_key=True),
)

leases = Table(  # roles that one process at a time fills, such as the publisher's
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("until", Instant, nullable=False),
)
