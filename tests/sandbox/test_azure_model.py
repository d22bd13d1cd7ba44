"""The support service's state, without HTTP."""

from __future__ import annotations

import pytest

from sandbox.azure.catalogue import Catalogue
from sandbox.azure.model import AzureSupport
from sandbox.azure.operations import Operations, Rhythm, State
from sandbox.azure.plans import Plans
from sandbox.azure.records import Operation
from sandbox.azure.refusal import Refusal
from sandbox.store import Forgetful
from tests.sandbox.cast import SCOPE, SUBSCRIPTION, HandClock, properties

CATALOGUE = Catalogue()


def world(
    *, rhythm: Rhythm | None = None, plans: Plans | None = None
) -> tuple[AzureSupport, Operations, HandClock]:
    """Build a service without HTTP."""
    clock, ids = HandClock(), iter(f"operation-{number}" for number in range(100))
    operations = Operations(Forgetful(), clock, rhythm or Rhythm(), lambda: next(ids))
    support = AzureSupport(Forgetful(), clock, CATALOGUE, operations, plans or Plans())
    return support, operations, clock


def started(support: AzureSupport, name: str = "one", **changes: object) -> Operation:
    """Create a ticket that is new."""
    operation = support.create(SCOPE, name, properties(**changes))
    assert isinstance(operation, Operation)
    return operation


def test_instant() -> None:
    """Without looks and seconds the operation has ended by the first look."""
    support, operations, _ = world(rhythm=Rhythm(0))

    assert operations.look(started(support)) is State.SUCCEEDED


def test_looks_and_seconds() -> None:
    """An operation ends after enough looks, and not before its time."""
    support, operations, clock = world(rhythm=Rhythm(2, 10.0))
    operation = started(support)
    states = []
    for seconds in (0, 5, 4, 1):
        clock.at += seconds
        current = operations.get(operation.id)
        assert current is not None
        states.append(operations.look(current))

    assert states == [State.IN_PROGRESS] * 3 + [State.SUCCEEDED]


def test_failed_then_again() -> None:
    """A failed operation leaves no ticket; the same name may be tried again."""
    support, operations, _ = world(rhythm=Rhythm(0))
    failed = support.create(SCOPE, "one", properties(), failure=("QuotaExceeded", "Too many."))
    assert isinstance(failed, Operation)

    assert operations.look(failed) is State.FAILED
    with pytest.raises(Refusal, match="ResourceNotFound"):
        support.ticket(SCOPE, "one")
    assert not support.taken(SCOPE, "one")
    assert operations.look(started(support)) is State.SUCCEEDED
    assert [ticket.name for ticket in support.tickets(SCOPE)] == ["one"]


@pytest.mark.parametrize("plan", ["Free", "Basic", "Developer", "Standard", "CSP"])
def test_low_plan(plan: str) -> None:
    """Plans below Pro Direct end in InvalidSupportPlan, for their subscription alone."""
    support, operations, _ = world(rhythm=Rhythm(0), plans=Plans("Premier", {SUBSCRIPTION: plan}))
    refused = started(support)
    elsewhere = support.create("", "one", properties())
    assert isinstance(elsewhere, Operation)

    assert operations.look(refused) is State.FAILED
    assert refused.failure is not None
    assert refused.failure[0] == "InvalidSupportPlan"
    assert operations.look(elsewhere) is State.SUCCEEDED


def test_partner_on_behalf() -> None:
    """With the partner's auxiliary token a CSP customer's ticket is on the partner's plan."""
    support, operations, _ = world(rhythm=Rhythm(0), plans=Plans("Premier", {SUBSCRIPTION: "CSP"}))
    operation = support.create(SCOPE, "one", properties(), on_behalf=True)
    assert isinstance(operation, Operation)

    assert operations.look(operation) is State.SUCCEEDED
    assert support.ticket(SCOPE, "one").plan == "Premier"


def test_highest_severity() -> None:
    """The highest severity is for Premier and Unified."""
    for plan, state in (("ProDirect", State.FAILED), ("Unified", State.SUCCEEDED)):
        support, operations, _ = world(rhythm=Rhythm(0), plans=Plans(plan))
        operation = started(support, severity="highestcriticalimpact")

        assert operations.look(operation) is state


def test_numbers_differ() -> None:
    """Each ticket has a number of its own that begins with 1 and the day."""
    support, operations, _ = world(rhythm=Rhythm(0))
    numbers = {operations.look(started(support, f"n{i}")) and f"n{i}" for i in range(3)}
    found = [support.ticket(SCOPE, name).number for name in sorted(numbers)]

    assert found == ["127011521000001", "127011521000002", "127011521000003"]


def test_close() -> None:
    """Microsoft closes a ticket by its number, and knows whether it bills."""
    support, _, clock = world(rhythm=Rhythm(0))
    started(support)
    number = support.ticket(SCOPE, "one").number
    clock.at += 60
    closed = support.close(number, billable=False)

    assert closed is not None
    assert (closed.status, closed.billable) == ("closed", False)
    assert closed.modified_at == clock.at
    assert support.close("100000000000000", billable=True) is None


def test_catalogue_is_sound() -> None:
    """Every service has several problems, the last one general; references find each of them."""
    for service in CATALOGUE.services.values():
        problems = list(service.problems.values())
        reference = f"/providers/Microsoft.Support/services/{service.name}/problemClassifications/"

        assert len(problems) >= 3
        assert problems[-1].display_name.startswith("General question")
        assert CATALOGUE.problem(reference + problems[0].name.upper()) is problems[0]
