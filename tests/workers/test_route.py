from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, text

from adapters.inbound.event import parse_event
from adapters.outbound.mail.text import LETTERS
from contracts.event_data import Submitted
from ledger import outbox, webhooks
from ledger.store import Store
from ledger.tables import deliveries
from ledger.vault import Vault
from ledger.webhooks import Address
from tests.builders import PARTNER, onprem_data
from tests.driving import Driver
from workers.app import App
from workers.record import record
from workers.route import MAIL, WEBHOOK, route

BOTH = {"email": "sato@contoso.example", "webhook": "https://contoso.example/hook"}


def nowhere(_app: App, _delivery: object) -> None:
    """Carry it nowhere."""


def routing(driver: Driver, *ways: str) -> App:
    """Give a process that has carriers for these ways; for both, unless said."""
    return replace(driver.app, carriers=dict.fromkeys(ways or (WEBHOOK, MAIL), nowhere))


def hooked(
    store: Store, vault: Vault, name: str, types: Sequence[str] = (), partners: Sequence[str] = ()
) -> None:
    """Register a webhook."""
    address = Address("https://hook.example/", "whsec_a2V5")
    assert store.write(lambda db: webhooks.add(db, vault, name, address, types, partners))


def made_out(driver: Driver) -> list[tuple[str, str, str]]:
    """Give the deliveries: event (its type), way and receiver, in order."""
    types = {one.id: one.type.split(".")[-2] for one in driver.events()}
    query = select(deliveries.c.event, deliveries.c.way, deliveries.c.receiver).order_by(
        deliveries.c.position
    )
    rows = driver.app.store.read(lambda db: db.execute(query).all())
    return [(types[row.event], row.way, row.receiver) for row in rows]


def unrouted(driver: Driver) -> int:
    """Count the events that wait to be routed."""
    query = text("SELECT count(*) FROM outbox WHERE routed_at IS NULL")
    return int(driver.app.store.read(lambda db: db.execute(query).scalar_one()))


def test_whoever_asked_is_answered(driver: Driver) -> None:
    """A webhook gets every event of its request, a mailbox what a person wants to hear of."""
    driver.file(onprem_data(reply_to=BOTH))

    assert route(routing(driver)) == 3
    assert made_out(driver) == [
        ("accepted", WEBHOOK, "reply"),
        ("accepted", MAIL, "reply"),
        ("submitted", WEBHOOK, "reply"),
        ("submitted", MAIL, "reply"),
        ("deducted", WEBHOOK, "reply"),
    ]
    assert Submitted.TYPE in LETTERS


def test_whoever_did_not_ask_costs_nothing(driver: Driver) -> None:
    """Where nobody asks and no webhook is registered, an event is routed as it is written."""
    driver.file(onprem_data())

    assert unrouted(driver) == 0
    assert route(routing(driver)) == 0
    assert made_out(driver) == []


def test_a_way_that_is_not_set_up_is_left_out(driver: Driver) -> None:
    """Without a carrier for mail nothing waits for one."""
    driver.file(onprem_data(reply_to=BOTH))

    route(routing(driver, WEBHOOK))

    assert {way for _, way, _ in made_out(driver)} == {WEBHOOK}
    assert unrouted(driver) == 0


def test_webhooks_choose(driver: Driver) -> None:
    """A webhook gets the types and partners that it was registered for; without any, all."""
    app = driver.app
    hooked(app.store, app.vault, "all")
    hooked(app.store, app.vault, "tickets", types=[Submitted.TYPE])
    hooked(app.store, app.vault, "ours", partners=[PARTNER])
    hooked(app.store, app.vault, "theirs", partners=["1111111"])
    hooked(app.store, app.vault, "away")
    app.store.write(lambda db: webhooks.disable(db, "away", "test"))
    driver.file(onprem_data())

    route(routing(driver))

    found = [(kind, receiver.removeprefix("hook:")) for kind, _, receiver in made_out(driver)]
    assert found == [
        ("accepted", "all"),
        ("accepted", "ours"),
        ("submitted", "all"),
        ("submitted", "ours"),
        ("submitted", "tickets"),
        ("deducted", "all"),
        ("deducted", "ours"),
    ]


def test_events_of_no_request_go_to_webhooks(driver: Driver) -> None:
    """What could not be read belongs to nobody; a webhook hears of it all the same."""
    hooked(driver.app.store, driver.app.vault, "all")
    record(driver.app, "test", parse_event(b"{not json"))

    route(routing(driver))

    assert made_out(driver) == [("unreadable", WEBHOOK, "hook:all")]


def test_publishing_again_delivers_nothing_again(driver: Driver) -> None:
    """An event is routed once, whatever is published again."""
    app = routing(driver)
    told = driver.file(onprem_data(reply_to=BOTH))
    route(app)
    before = made_out(driver)

    driver.send(onprem_data(reply_to=BOTH))
    app.store.write(lambda db: outbox.send_again(db, [told.line.id]))
    app.store.write(lambda db: outbox.replay(db, driver.events()[0].time))

    assert route(app) == 0
    assert made_out(driver) == before


def test_what_is_routed_twice_is_made_out_once(driver: Driver) -> None:
    """Even an event that is taken as not routed has one delivery to each receiver."""
    app = routing(driver)
    driver.file(onprem_data(reply_to=BOTH))
    route(app)
    before = made_out(driver)

    app.store.write(lambda db: db.execute(text("UPDATE outbox SET routed_at = NULL")))

    assert route(app) == 3
    assert made_out(driver) == before
