from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import pytest
import redis
from typing_extensions import override

from ledger import quarantine, senders, views
from ledger.senders import Credentials
from ops.answers.senders import Added
from tests.builders import onprem_data
from tests.driving import Driver, event
from tests.senders import DESK, key_of, secret_of, sign
from workers.listeners.stream import GROUP, StreamListener


@pytest.fixture(name="listener")
def _listener(driver: Driver) -> StreamListener:
    listener = StreamListener(driver.app, block_ms=1)
    listener.open()
    return listener


def add(driver: Driver, *messages: bytes) -> None:
    """Put messages on the stream as a sender does."""
    for message in messages:
        driver.app.redis.xadd(driver.app.requests_stream, {"event": message})


def pending(driver: Driver) -> int:
    """Give how many entries were handed out and not acknowledged."""
    found = driver.app.redis.xpending(driver.app.requests_stream, GROUP)
    return int(found["pending"])


def received(driver: Driver) -> int:
    """Give how many requests are stored."""
    return sum(driver.app.store.read(views.counts).values())


def test_a_batch_is_recorded_then_acknowledged(driver: Driver, listener: StreamListener) -> None:
    """A hundred entries at a time; good and bad are both dealt with."""
    add(driver, *(event(onprem_data(), str(n)) for n in range(150)), b"{", b"")

    assert listener.once() == 100
    assert listener.once() == 52
    assert received(driver) == 150
    assert len(driver.app.store.read(quarantine.kept)) == 2
    assert pending(driver) == 0
    assert driver.app.redis.xlen(driver.app.requests_stream) == 0


def test_an_entry_without_the_field_is_kept_too(driver: Driver, listener: StreamListener) -> None:
    """A sender that names the field wrongly is told, not ignored."""
    driver.app.redis.xadd(driver.app.requests_stream, {"data": "{}"})

    listener.once()

    (kept,) = driver.app.store.read(quarantine.kept)
    assert kept.code == "not_json"


class Crash(BaseException):
    """The listener dies here."""


class Dying(redis.Redis):
    """A connection whose owner dies as it acknowledges."""

    @override
    def pipeline(self, *_: object, **__: object) -> NoReturn:
        raise Crash


def test_a_crash_before_the_acknowledgement_repeats_harmlessly(
    driver: Driver, embedded_redis_url: str, listener: StreamListener
) -> None:
    """Committed but not acknowledged: another listener takes it over, and nothing is doubled."""
    add(driver, event(onprem_data()))
    with Dying.from_url(embedded_redis_url) as dying, pytest.raises(Crash):
        StreamListener(replace(driver.app, owner="dying", redis=dying), block_ms=1).once()
    assert (received(driver), pending(driver)) == (1, 1)

    assert listener.once() == 0
    assert StreamListener(driver.app, block_ms=1, abandoned_after_s=0).once() == 1

    assert (received(driver), pending(driver)) == (1, 0)


def test_a_flushed_stream_is_made_anew(driver: Driver, listener: StreamListener) -> None:
    """FLUSHALL takes the group away; the listener makes it again and goes on."""
    driver.app.redis.flushall()
    add(driver, event(onprem_data()))

    assert [listener.round(), listener.round()] == [True, True]
    assert received(driver) == 1


def test_a_server_that_is_away_is_asked_again(driver: Driver) -> None:
    """Without Redis the listener says so and waits; it does not end."""
    gone = redis.Redis.from_url("unix:///nowhere/s", retry=None)

    assert not StreamListener(replace(driver.app, redis=gone), block_ms=1).round()


# ---- Senders -------------------------------------------------------------------------------------


@pytest.fixture(name="closed")
def _closed(driver: Driver) -> Driver:
    """Give the same, where only registered senders are let in."""
    return replace(driver, app=replace(driver.app, registered=True))


def heard(driver: Driver) -> tuple[int, list[str]]:
    """Listen once; give how many requests there are, and why others are in quarantine."""
    listener = StreamListener(driver.app, block_ms=1)
    listener.open()
    listener.once()
    return received(driver), [one.code for one in driver.app.store.read(quarantine.kept)]


def add_signed(driver: Driver, raw: bytes, proof: dict[str, str], entry: str = "*") -> None:
    """Put a signed message on the stream."""
    fields: dict[Any, Any] = {"event": raw, **proof}
    driver.app.redis.xadd(driver.app.requests_stream, fields, id=entry)


def test_what_nobody_signed_is_kept_as_unauthorised(closed: Driver) -> None:
    """On the shared stream, where senders are registered; nothing is lost."""
    add(closed, event(onprem_data()))
    assert heard(closed) == (0, ["unauthorised"])
    assert pending(closed) == 0


def test_a_signed_entry_is_taken(closed: Driver) -> None:
    """Under the event's own id; the same with another content is not."""
    secret, raw = secret_of(closed.app), event(onprem_data(), source=DESK)
    timestamp, signature = sign(secret, "1", raw)
    proof = {"sender": "desk", "timestamp": timestamp, "signature": signature}
    add_signed(closed, raw, proof)
    assert heard(closed) == (1, [])

    other = event(onprem_data(title="other"), "2", source=DESK)
    add_signed(closed, other, proof)
    assert heard(closed) == (1, ["unauthorised"])


def test_a_signature_is_as_fresh_as_its_entry(closed: Driver) -> None:
    """What waited an hour on the stream had a fresh signature when it came."""
    secret, raw = secret_of(closed.app), event(onprem_data(), source=DESK)
    timestamp, signature = sign(secret, "7", raw, late_s=3600)
    proof = {"id": "7", "sender": "desk", "timestamp": timestamp, "signature": signature}
    entry = f"{timestamp}000-0"
    add_signed(closed, raw, proof, entry)
    assert heard(closed) == (1, [])
    add_signed(closed, raw, proof)
    assert heard(closed) == (1, ["unauthorised"])


@pytest.mark.parametrize("entry", ["18446744073709551615-1", "1-1"], ids=["the last", "1970"])
def test_an_entry_of_no_clock_is_heard_too(closed: Driver, entry: str) -> None:
    """Whatever its id, a signed entry is judged, and stops nobody."""
    secret, raw = secret_of(closed.app), event(onprem_data(), source=DESK)
    timestamp, signature = sign(secret, "1", raw)
    proof = {"sender": "desk", "timestamp": timestamp, "signature": signature}
    add_signed(closed, raw, proof, entry)
    taken, kept = heard(closed)
    assert (taken, len(kept)) in {(1, 0), (0, 1)}


def test_a_sender_has_a_stream_of_its_own(closed: Driver) -> None:
    """What comes there is its own, and not another's."""
    key_of(closed.app)
    own = f"{closed.app.requests_stream}:desk"
    closed.app.redis.xadd(own, {"event": event(onprem_data(), source=DESK)})
    closed.app.redis.xadd(own, {"event": event(onprem_data(), "2", source="urn:erp")})
    assert heard(closed) == (1, ["foreign_source"])
    assert closed.app.redis.xlen(own) == 0


def test_a_sender_is_heard_once_it_is_let_in(closed: Driver) -> None:
    """A listener that runs finds new senders by itself, and hears those revoked no more."""
    listener = StreamListener(closed.app, block_ms=1)
    assert listener.round()
    key_of(closed.app)
    own = f"{closed.app.requests_stream}:desk"
    closed.app.redis.xadd(own, {"event": event(onprem_data(), source=DESK)})
    assert listener.round()
    assert received(closed) == 1

    closed.app.store.write(
        lambda db: senders.revoke(db, "desk", who="sato", why="its key was lost")
    )
    closed.app.redis.xadd(own, {"event": event(onprem_data(), "2", source=DESK)})
    assert listener.round()
    assert received(closed) == 1


def test_the_printed_line_confines_a_user_of_redis(closed: Driver, real_redis_url: str) -> None:
    """With its API key as password it writes to its own stream, and to nothing else."""
    key = key_of(closed.app)
    line = Added("desk", DESK, (), Credentials(key), "requests:desk").acl()
    assert line is not None
    assert key not in line
    with redis.Redis.from_url(real_redis_url) as operator:
        operator.execute_command(*line.split())
        with redis.Redis.from_url(real_redis_url, username="desk", password=key) as sender:
            assert sender.xadd("requests:desk", {"event": "{}"})
            for other in ("requests", "requests:erp"):
                with pytest.raises(redis.exceptions.NoPermissionError):
                    sender.xadd(other, {"event": "{}"})
            with pytest.raises(redis.exceptions.NoPermissionError):
                sender.xrange("requests:desk")
        operator.execute_command("ACL", "DELUSER", "desk")


def test_a_sender_that_no_database_can_be_asked_for_is_nobody(closed: Driver) -> None:
    """U+0000 in the name of who signed holds up neither the stream nor the entries beside it."""
    raw = event(onprem_data(), "1")
    add_signed(closed, raw, {"sender": "de\0sk", "timestamp": "1", "signature": "v1,x"})
    listener = StreamListener(closed.app, block_ms=1)

    assert listener.round()
    (kept,) = closed.app.store.read(quarantine.kept)
    assert kept.code == "unauthorised"
    assert pending(closed) == 0
