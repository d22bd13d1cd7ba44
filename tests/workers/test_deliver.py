from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select, text

from adapters.errors import GONE, Refused, TryLater
from ledger import deliveries as ledger_deliveries
from ledger import webhooks
from ledger.deliveries import Delivery
from ledger.tables import deliveries
from ledger.webhooks import Address
from tests.builders import onprem_data
from tests.driving import Driver
from workers.app import App, NotWanted
from workers.deliver import Deliverer
from workers.delivered import WAITS_S
from workers.route import route

REPLY = {"reply_to": {"webhook": "https://contoso.example/hook"}}
HELD_S = 10.0


@dataclass
class Carried:
    """A carrier that keeps what it was given, and says what a test has it say."""

    says: Callable[[Delivery], None] = lambda _delivery: None
    came: list[Delivery] = field(default_factory=list)

    def __call__(self, _app: App, delivery: Delivery) -> None:
        self.came.append(delivery)
        self.says(delivery)

    @property
    def kinds(self) -> list[str]:
        return [one.type.split(".")[-2] for one in self.came]


def raising(error: Exception) -> Callable[[Delivery], None]:
    """Give what fails each time."""

    def fail(_delivery: Delivery) -> None:
        raise error

    return fail


def routed(driver: Driver, carrier: Carried, *sender_ids: str, hook: bool = False) -> App:
    """File requests whose events go to one receiver: their sender, or a registered webhook."""
    app = replace(driver.app, carriers={"webhook": carrier})
    if hook:
        address = Address("https://hook.example/", "whsec_a2V5")
        app.store.write(lambda db: webhooks.add(db, app.vault, "crm", address, [], []))
    for sender_id in sender_ids or ("1",):
        driver.file(onprem_data(**({} if hook else REPLY)), sender_id)
    while route(app):
        pass
    return app


def carry(app: App) -> Deliverer:
    """Carry what is due, to the end, in a process that has just begun."""
    deliverer = Deliverer(app)
    while deliverer.round():
        deliverer.until_idle()
    return deliverer


def rows(driver: Driver) -> list[tuple[str | None, int, str | None]]:
    """Give outcome, attempts and code of each delivery, in order."""
    query = select(deliveries.c.outcome, deliveries.c.attempts, deliveries.c.code)
    found = driver.app.store.read(lambda db: db.execute(query.order_by(deliveries.c.position)))
    return [(row.outcome, row.attempts, row.code) for row in found]


def waits_s(driver: Driver) -> list[float | None]:
    """Give how long each delivery that is open still waits; None: until somebody does something."""
    query = text(
        "SELECT due_at, (SELECT max(created_at) FROM outbox) FROM deliveries"
        " WHERE ended_at IS NULL ORDER BY position"
    )
    found = driver.app.store.read(lambda db: db.execute(query).all())
    return [None if due is None else (due - told) / 1000 for due, told in found]


def pass_time(driver: Driver, days: float = 0.0) -> None:
    """Make everything due, and let the events be so many days older."""
    back = round(days * 86_400_000)
    statements = (
        "UPDATE deliveries SET due_at = 1 WHERE due_at > 1",
        f"UPDATE outbox SET created_at = created_at - {back}",
        f"UPDATE webhooks SET failing_since = failing_since - {back}",
    )
    driver.app.store.write(lambda db: [db.execute(text(each)) for each in statements])


@pytest.mark.parametrize("hook", [False, True])
def test_events_are_carried_in_order_and_once(driver: Driver, *, hook: bool) -> None:
    """Each event is carried once, a request's in the order in which they were told."""
    carrier = Carried()
    app = routed(driver, carrier, hook=hook)

    carry(app)
    carry(app)

    assert carrier.kinds == ["accepted", "submitted", "deducted"]
    assert [one.event for one in carrier.came] == [one.id for one in driver.events()]
    assert rows(driver) == [("sent", 1, None)] * 3


def test_nothing_overtakes_what_waits(driver: Driver) -> None:
    """While an event waits to be tried again, later ones of its request wait behind it."""
    carrier = Carried(raising(TryLater("server_error", after_s=0.0)))
    app = routed(driver, carrier)

    carry(app)
    assert carrier.kinds == ["accepted"]
    assert rows(driver) == [(None, 1, "server_error"), (None, 0, None), (None, 0, None)]

    carrier.says = lambda _delivery: None
    pass_time(driver)
    carry(app)
    assert carrier.kinds == ["accepted", "accepted", "submitted", "deducted"]


def test_what_comes_later_waits_too(driver: Driver) -> None:
    """An event that is told while an earlier one waits is due no sooner than that."""
    carrier = Carried(raising(TryLater("server_error", after_s=500.0)))
    app = replace(driver.app, carriers={"webhook": carrier})
    driver.send(onprem_data(**REPLY))
    route(app)
    carry(app)
    driver.settle()
    route(app)

    assert all(wait is not None and wait > 400 for wait in waits_s(driver))
    carry(app)
    assert carrier.kinds == ["accepted"]


def test_the_schedule_ends(driver: Driver) -> None:
    """A receiver that is away for days is tried at growing waits; then the event is given up."""
    carrier = Carried(raising(TryLater("unreachable", after_s=0.0, ill=True)))
    app = replace(routed(driver, carrier), jitter=lambda: 0.5)
    for wait in WAITS_S:
        carry(app)
        (first, *_) = waits_s(driver)
        assert first is not None
        assert first == pytest.approx(wait, abs=60)
        pass_time(driver)

    carry(app)
    assert rows(driver)[0] == ("given_up", len(WAITS_S) + 1, "unreachable")
    carrier.says = lambda _delivery: None
    carry(app)
    assert carrier.kinds[-2:] == ["submitted", "deducted"]


def test_a_named_time_is_kept_and_spends_nothing(driver: Driver) -> None:
    """Whoever names the time is asked then, not before, and as often as it likes for some days."""
    carrier = Carried(raising(TryLater("too_many_requests", after_s=900.0, named=True, ill=True)))
    app = routed(driver, carrier)
    carry(app)

    assert rows(driver)[0] == (None, 0, "too_many_requests")
    assert waits_s(driver)[0] == pytest.approx(900, abs=60)

    pass_time(driver, days=4)
    carry(app)
    assert rows(driver)[0] == (None, 1, "too_many_requests")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Refused("no_secret"), "given_up"),
        (Refused(GONE), "given_up"),
        (NotWanted("no_address"), "dropped"),
    ],
)
def test_some_errors_end_a_delivery(driver: Driver, error: Exception, outcome: str) -> None:
    """What will never be taken is not tried again, and what is behind it is tried at once."""
    carrier = Carried(raising(error))
    carry(routed(driver, carrier))

    assert [one[:2] for one in rows(driver)] == [(outcome, 1)] * 3
    assert carrier.kinds == ["accepted", "submitted", "deducted"]


def test_a_carrier_that_breaks_loses_nothing(driver: Driver) -> None:
    """A fault of ours counts as a try; the event stays."""
    carry(routed(driver, Carried(raising(ValueError("a secret")))))

    assert rows(driver)[0] == (None, 1, "broke")


def test_a_webhook_that_is_gone_is_disabled(driver: Driver) -> None:
    """Nothing more goes to it, nothing is lost, and enabling it carries what waits, in order."""
    carrier = Carried(raising(Refused(GONE, "the receiver wants nothing more")))
    app = routed(driver, carrier, hook=True)
    carry(app)

    assert waits_s(driver) == [None, None, None]
    (hook,) = app.store.read(webhooks.everyone)
    assert hook.disabled_why == "the receiver wants nothing more"
    pass_time(driver)
    carry(app)
    assert len(carrier.came) == 1

    carrier.says = lambda _delivery: None
    app.store.write(lambda db: webhooks.enable(db, "crm"))
    app.store.write(lambda db: ledger_deliveries.release(db, "hook:crm"))
    carry(app)
    assert carrier.kinds == ["accepted", "accepted", "submitted", "deducted"]


def test_a_webhook_that_fails_for_days_is_disabled(driver: Driver) -> None:
    """One that takes something in between is not; one that takes nothing for five days is."""
    carrier = Carried(raising(TryLater("server_error", "HTTP 500", after_s=0.0)))
    app = routed(driver, carrier, "1", "2", hook=True)

    def fails() -> bool:
        pass_time(driver, days=3)
        carry(app)
        return not app.store.read(webhooks.enabled)

    assert [fails(), fails()] == [False, False]
    carrier.says = lambda _delivery: None
    assert not fails()
    driver.file(onprem_data(), "3")
    route(app)
    carrier.says = raising(TryLater("server_error", "HTTP 500", after_s=0.0))
    assert [fails(), fails(), fails()] == [False, False, True]


def test_a_slow_receiver_holds_up_nobody(driver: Driver) -> None:
    """While one receiver thinks, others get theirs."""
    goes_on, reached = threading.Event(), threading.Event()

    def think(delivery: Delivery) -> None:
        if delivery.hook is not None:
            reached.set()
            assert goes_on.wait(HELD_S)

    carrier = Carried(think)
    routed(driver, carrier)
    app = routed(driver, carrier, "2", hook=True)
    driver.file(onprem_data(**REPLY), "3")
    route(app)
    deliverer = Deliverer(app)
    deliverer.round()
    assert reached.wait(HELD_S)

    for _ in range(100):
        deliverer.round()
        if len(carrier.kinds) == 1 + 6:
            break
        goes_on.wait(0.05)
    assert [one.request for one in carrier.came if one.hook is None][-1] is not None
    assert len(carrier.kinds) == 1 + 6
    goes_on.set()
    deliverer.until_idle()


def test_two_processes_carry_each_event_once(driver: Driver) -> None:
    """Two at a time never have the same delivery, nor two of one request and receiver."""
    guard = threading.Lock()
    under_way: set[str | None] = set()
    clashes: list[str | None] = []

    def say(delivery: Delivery) -> None:
        with guard:
            clashes.extend({delivery.request} & under_way)
            under_way.add(delivery.request)
        threading.Event().wait(0.001)
        with guard:
            under_way.remove(delivery.request)

    carrier = Carried(say)
    app = routed(driver, carrier, *(str(number) for number in range(8)), hook=True)
    two = [Deliverer(replace(app, owner=owner)) for owner in ("a", "b")]
    for _ in range(200):
        if not sum([deliverer.round() for deliverer in two]) and all(
            outcome == "sent" for outcome, _, _ in rows(driver)
        ):
            break
    for deliverer in two:
        deliverer.until_idle()

    assert clashes == []
    by_request = defaultdict(list)
    for one in carrier.came:
        by_request[one.request].append(one.type.split(".")[-2])
    assert list(by_request.values()) == [["accepted", "submitted", "deducted"]] * 8


def test_whoever_was_overtaken_writes_nothing(driver: Driver) -> None:
    """A process that woke up after its lease had lapsed leaves the other one's word alone."""
    carrier = Carried()
    app = routed(driver, carrier)

    def sleep(_delivery: Delivery) -> None:
        carrier.says = lambda _delivery: None
        lapse = "UPDATE deliveries SET lease_until = 1 WHERE lease_until IS NOT NULL"
        app.store.write(lambda db: db.execute(text(lapse)))
        carry(replace(app, owner="another"))

    carrier.says = sleep
    carry(app)

    assert carrier.kinds == ["accepted", "accepted", "submitted", "deducted"]
    assert [attempts for _, attempts, _ in rows(driver)] == [2, 1, 1]


def test_a_process_that_is_told_to_end_hands_back(driver: Driver) -> None:
    """What was taken and not begun counts as no try, and is due at once for the next process."""
    carrier = Carried()
    app = routed(driver, carrier)
    deliverer = Deliverer(app)
    carrier.says = lambda _delivery: deliverer._stopping.set()
    deliverer.round()
    deliverer.until_idle()

    assert carrier.kinds == ["accepted"]
    assert [one[:2] for one in rows(driver)] == [("sent", 1), (None, 0), (None, 0)]
    carry(app)
    assert carrier.kinds == ["accepted", "submitted", "deducted"]
