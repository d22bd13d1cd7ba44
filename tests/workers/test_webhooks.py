from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from adapters.outbound.public_hosts import PublicHosts
from adapters.outbound.webhook import WebhookSender
from ledger import delivery_list, senders, webhooks
from ledger.delivery_list import Line
from ledger.senders import Credentials, Registration
from ledger.webhooks import Address
from tests.adapters.test_webhook import clock
from tests.builders import PARTNER, onprem_data
from tests.driving import SOURCE, Driver
from tests.receiver import HOST, SECRET, Receiver
from workers.app import App
from workers.deliver import Deliverer
from workers.route import route
from workers.webhooks import NO_SECRET, WebhookCarrier

OTHER_SECRET = "whsec_" + "b3RoZXItc2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXM="
MARKED = ("marked-address-token", SECRET, SECRET.removeprefix("whsec_"), OTHER_SECRET)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a receiver that takes all that comes."""
    with Receiver() as found:
        yield found


def calling(driver: Driver, secret: str | None = SECRET) -> App:
    """Give a process that calls this machine; `secret` is the deployment's."""
    sender = WebhookSender(PublicHosts([HOST]), timeout_s=2.0, clock=clock)
    return replace(driver.app, carriers={"webhook": WebhookCarrier(sender, secret)})


def carry(app: App) -> None:
    """Route and carry all there is, in a process that then ends."""
    while route(app):
        pass
    deliverer = Deliverer(app)
    while deliverer.round():
        deliverer.until_idle()
    app.carriers["webhook"].close()  # type: ignore[attr-defined]  # ours has it


def asked(receiver: Receiver) -> dict[str, dict[str, str]]:
    """Give the part of a request that asks for events."""
    return {"reply_to": {"webhook": receiver.url}}


def hooked(driver: Driver, receiver: Receiver) -> None:
    """Register a webhook."""
    app, address = driver.app, Address(receiver.url, SECRET)
    app.store.write(lambda db: webhooks.add(db, app.vault, "crm", address, [], []))


def lines(driver: Driver) -> list[Line]:
    """Give every delivery."""
    return driver.app.store.read(lambda db: delivery_list.listing(db, {}, most=100, after=0))


def hasten(driver: Driver) -> None:
    """Make everything due."""
    later = "UPDATE deliveries SET due_at = 1 WHERE due_at > 1"
    driver.app.store.write(lambda db: db.execute(text(later)))


def test_events_come_signed_and_in_order(driver: Driver, receiver: Receiver) -> None:
    """A registered webhook gets the events as they are on the stream, under their ids."""
    hooked(driver, receiver)
    driver.file(onprem_data())
    carry(calling(driver))

    told = driver.events()
    assert receiver.ids() == [one.id for one in told]
    assert [one.event["id"] for one in receiver.came] == receiver.ids()
    assert [one.event["sequence"] for one in receiver.came] == [1, 2, 3]


@pytest.mark.parametrize("own", [False, True])
def test_who_asked_is_answered_with_a_shared_secret(
    driver: Driver, receiver: Receiver, *, own: bool
) -> None:
    """A sender's own secret signs if it has one, else the deployment's."""
    if own:
        app, new = driver.app, Registration("desk", SOURCE, (PARTNER,), "sato")
        app.store.write(lambda db: senders.add(db, app.vault, new, Credentials(secret=SECRET)))
    driver.file(onprem_data(**asked(receiver)))
    carry(calling(driver, OTHER_SECRET if own else SECRET))

    assert [one.event["sequence"] for one in receiver.came] == [1, 2, 3]


def test_without_a_secret_nothing_is_sent(driver: Driver, receiver: Receiver) -> None:
    """What could not be signed is given up with what to do, and sent once that was done."""
    driver.file(onprem_data(**asked(receiver)))
    carry(calling(driver, None))

    assert receiver.came == []
    assert {(one.state, one.code) for one in lines(driver)} == {("given_up", NO_SECRET)}
    assert "TORITSUGI_WEBHOOK_SECRET" in str(lines(driver)[0].message)

    driver.app.store.write(lambda db: delivery_list.retry(db, {"code": NO_SECRET}, []))
    carry(calling(driver))
    assert [one.event["sequence"] for one in receiver.came] == [1, 2, 3]


def test_what_was_removed_gets_nothing(driver: Driver, receiver: Receiver) -> None:
    """A webhook that was removed while events were on their way to it is not called."""
    hooked(driver, receiver)
    driver.file(onprem_data())
    while route(driver.app):
        pass
    route(calling(driver))
    driver.app.store.write(lambda db: db.execute(text("UPDATE outbox SET routed_at = NULL")))
    route(calling(driver))
    driver.app.store.write(lambda db: webhooks.remove(db, "crm"))
    carry(calling(driver))

    assert receiver.came == []
    assert {(one.state, one.code) for one in lines(driver)} == {("dropped", "removed")}


def test_a_request_that_asks_no_more(driver: Driver, receiver: Receiver) -> None:
    """Where the request names no webhook any more, what was on its way is dropped."""
    driver.file(onprem_data(**asked(receiver)))
    app = calling(driver)
    route(app)
    driver.app.store.write(lambda db: db.execute(text("UPDATE requests SET body = '{}'")))
    carry(app)

    assert {(one.state, one.code) for one in lines(driver)} == {("dropped", "no_address")}


def test_a_lost_answer_sends_the_same_again(driver: Driver, receiver: Receiver) -> None:
    """Whether it was taken nobody knows: it is sent again, under the same id and content."""
    hooked(driver, receiver)
    driver.send(onprem_data())
    receiver.status = 500
    carry(calling(driver))
    receiver.status = 204
    hasten(driver)
    carry(calling(driver))

    first, second = receiver.came
    assert (first.id, first.body) == (second.id, second.body)
    assert first.event == second.event
    assert [(one.state, one.attempts) for one in lines(driver)] == [("sent", 2)]


@pytest.mark.parametrize("status", [204, 302, 410, 500])
def test_no_secret_is_told(
    driver: Driver, receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs nor what the ledger keeps in clear hold a secret or what an address holds."""
    hooked(driver, receiver)
    driver.file(onprem_data(**asked(receiver)))
    receiver.status = status
    receiver.headers = {"Location": f"{receiver.url}&more"}
    carry(calling(driver))

    assert receiver.came
    assert "delivery." in caplog.text
    kept = "".join(repr(one) for one in lines(driver))
    seen = caplog.text + kept + repr(driver.app.store.read(webhooks.everyone))
    assert [one for one in MARKED if one in seen] == []
