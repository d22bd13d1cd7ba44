from __future__ import annotations

from contracts.states import STATES
from ledger.states import MOVES, State


def test_every_state_has_its_moves() -> None:
    """The table has a row for each state, and no way leads back to where it starts."""
    assert set(MOVES) == set(State)
    assert all(origin not in targets for origin, targets in MOVES.items())


def test_the_states_are_those_of_the_public_contract() -> None:
    """What events name as a state is a state."""
    assert {state.value for state in State} == set(STATES)


def test_every_state_can_be_reached() -> None:
    """From `received`, some path leads to each state."""
    reached, ahead = {State.RECEIVED}, [State.RECEIVED]
    while ahead:
        new = MOVES[ahead.pop()] - reached
        reached |= new
        ahead += new

    assert reached == set(State)
