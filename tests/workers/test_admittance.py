from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.inbound.event import parse_event
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ledger import senders
from tests.builders import onprem_data
from tests.driving import Driver, event
from tests.senders import DESK, key_of, secret_of, sign
from workers.admittance import NOBODY, Claim, Signed, admit_sender, admit_senders
from workers.app import App


@pytest.fixture(name="app")
def _app(driver: Driver) -> App:
    return replace(driver.app, registered=True)


def message(source: str = DESK, **data: Any) -> Parsed:
    """Give a message as it was read."""
    (item,) = parse_event(event(onprem_data(**data), source=source))
    return item


def code(item: Parsed) -> str | None:
    """Give why it is refused; None when it is let in."""
    return item.outcome.code if isinstance(item.outcome, Malformed) else None


def signed(secret: str, item: Parsed, late_s: float = 0, **other: Any) -> Claim:
    """Give the claim of a message that desk signed."""
    timestamp, signature = sign(secret, "1", item.raw, late_s=late_s)
    return Claim(name="desk", signed=replace(Signed("1", timestamp, signature, item.raw), **other))


def test_nobody_is_let_in_only_where_it_is_open(driver: Driver, app: App) -> None:
    """The same message passes where it is open, and is unauthorised where it is not."""
    item = message()
    assert admit_sender(driver.app, NOBODY, item) is item
    assert code(admit_sender(app, NOBODY, item)) == "unauthorised"


@pytest.mark.parametrize("claim", [NOBODY, Claim("guest")], ids=["nobody", "a stranger"])
def test_nobody_sends_as_a_registered_sender(driver: Driver, claim: Claim) -> None:
    """Where it is open, too: a source is its sender's, and stays so when that is let in no more."""
    key_of(driver.app)
    for _ in range(2):
        assert code(admit_sender(driver.app, claim, message())) == "foreign_source"
        assert code(admit_sender(driver.app, claim, message("urn:erp"))) is None
        with suppress(senders.NotRegistered):  # the second time
            driver.app.store.write(lambda db: senders.revoke(db, "desk", who="a", why="b"))


def test_what_is_refused_keeps_its_bytes_and_its_key(app: App) -> None:
    """Whoever records it can say whose it is, and feed it in again."""
    item = message()
    refused = admit_sender(app, NOBODY, item)
    assert isinstance(refused.outcome, Malformed)
    assert (refused.raw, refused.outcome.source, refused.outcome.sender_id) == (item.raw, DESK, "1")


def test_a_key_lets_its_sender_in(app: App) -> None:
    """The right key passes; another, or one that was revoked, does not."""
    key = key_of(app)
    assert code(admit_sender(app, Claim(key=key), message())) is None
    assert code(admit_sender(app, Claim(key=key + "x"), message())) == "unauthorised"
    app.store.write(lambda db: senders.revoke(db, "desk", who="sato", why="its key was lost"))
    assert code(admit_sender(app, Claim(key=key), message())) == "unauthorised"


def test_a_sender_stays_within_its_own(app: App) -> None:
    """Another source and another partner are refused, each under its name."""
    claim = Claim(key=key_of(app))
    assert code(admit_sender(app, claim, message("urn:erp"))) == "foreign_source"
    assert code(admit_sender(app, claim, message(partner="999"))) == "foreign_partner"


def test_a_shown_key_counts_where_it_is_open_too(driver: Driver) -> None:
    """Who proves itself is held to what is its own, wherever it is."""
    claim = Claim(key=key_of(driver.app))
    assert code(admit_sender(driver.app, claim, message(partner="999"))) == "foreign_partner"
    assert code(admit_sender(driver.app, Claim(key="tsk_no"), message())) == "unauthorised"


def test_the_carrier_vouches_for_a_name(driver: Driver, app: App) -> None:
    """A name that a server vouches for is enough; an unknown one only where it is open."""
    key_of(app)
    assert code(admit_sender(app, Claim("desk"), message())) is None
    assert code(admit_sender(app, Claim("desk"), message("urn:erp"))) == "foreign_source"
    assert code(admit_sender(app, Claim("guest"), message())) == "unauthorised"
    assert code(admit_sender(driver.app, Claim("guest"), message("urn:guest"))) is None


def test_a_signature_lets_its_sender_in(app: App) -> None:
    """Over just these bytes, under just this id, with just this secret."""
    secret, item = secret_of(app), message()
    claim = signed(secret, item)
    assert claim.signed is not None
    assert code(admit_sender(app, claim, item)) is None
    several = replace(claim.signed, signature=f"v1,AAAA {claim.signed.signature}")
    assert code(admit_sender(app, replace(claim, signed=several), item)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": b"{}"}, {"body": b"\xff"}, {"id": "2"}, {"signature": "v1,AAAA"},
        {"signature": "v1"}, {"signature": ""}, {"signature": "v1,ｱ"}, {"timestamp": ""},
        {"timestamp": "１"}, {"timestamp": "9" * 40}, {"timestamp": "soon"},
    ],
    ids=str,
)  # fmt: skip
def test_a_signature_that_does_not_fit_lets_nobody_in(app: App, wrong: dict[str, Any]) -> None:
    """Whatever is changed in it."""
    secret, item = secret_of(app), message()
    assert code(admit_sender(app, signed(secret, item, **wrong), item)) == "unauthorised"


def test_a_name_without_a_secret_is_not_proven_by_a_signature(app: App) -> None:
    """Who shows a key elsewhere, or is not known, cannot sign."""
    key, item = key_of(app), message()
    secret = secret_of(app, "erp", "urn:erp")
    assert code(admit_sender(app, signed(secret, item), item)) == "unauthorised"
    assert key
    unknown = replace(signed(secret, item), name="nobody")
    assert code(admit_sender(app, unknown, item)) == "unauthorised"


def test_a_signature_holds_for_five_minutes(app: App) -> None:
    """By the time at which it was handed over, however long it waited since."""
    secret, item = secret_of(app), message()
    assert code(admit_sender(app, signed(secret, item, late_s=280), item)) is None
    assert code(admit_sender(app, signed(secret, item, late_s=320), item)) == "unauthorised"
    assert code(admit_sender(app, signed(secret, item, late_s=-320), item)) == "unauthorised"
    then = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251  (the sender's clock)
    waited = signed(secret, item, late_s=3600, at=then)
    assert code(admit_sender(app, waited, item)) is None


def test_a_batch_is_told_apart(app: App) -> None:
    """Each message by itself, in order; what could not be read stays so for who is let in."""
    claim = Claim(key=key_of(app))
    (broken,) = parse_event(b"{")
    found = admit_senders(app, [(claim, message()), (NOBODY, message()), (claim, broken)])
    assert [code(one) for one in found] == [None, "unauthorised", "not_json"]
