"""What may be drawn: the kinds of things that happen, and how often each."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.model.kinds import KINDS, OPENING
from tests.model.life import DROWSY, Trap, twice
from tests.model.portals import ANSWERS
from tests.model.run import Part, Shift
from workers.actors import STEPS
from workers.failpoints import POINTS

OTHERS = ("work", "decide", "complete", "cancel", "settle", "expire", "publish")
CALLED_OFF = ("received", "queued", "submitting", "incomplete", "failed")


def traps(*parts: str) -> st.SearchStrategy[Trap | None]:
    """Give places in these parts of the work where one dies or falls asleep, or none."""
    places = [place for place in POINTS if place.startswith(parts)]
    dies = st.builds(Trap, st.sampled_from(places))
    drowsy = [place for place in places if place in DROWSY]
    if not drowsy:
        return st.none() | dies
    others = st.lists(st.sampled_from(OTHERS), max_size=4)
    return st.none() | dies | st.builds(Trap, st.sampled_from(drowsy), others, st.none() | dies)


def parts(name: str, trap: st.SearchStrategy[Trap | None]) -> st.SearchStrategy[Part]:
    """Give a part of the work that may be done at once or a day later."""
    return st.builds(Part, st.just(name), st.booleans(), trap)


_submit = [place for place in POINTS if place.startswith("submit.")]
FILING = traps("submit.", "outcome.") | st.builds(twice, st.sampled_from(_submit))
STEP = FILING | traps("sweep.", "step.", "assess.")
DOOR = traps("record.")

SHIFT = st.builds(
    Shift,
    st.lists(
        parts("work", FILING)
        | parts("work", STEP)
        | parts("listen", DOOR)
        | parts("publish", traps("publish.")),
        max_size=3,
    ),
    answer=st.none() | st.sampled_from(list(ANSWERS)),
    blind=st.sampled_from([False, False, True]),
)

KIND = st.sampled_from([*KINDS, "counted", "small"])
WAY = st.sampled_from(["door", "stream"])
QUEUES = st.lists(st.sampled_from(list(STEPS)), min_size=1, max_size=4)
MESSAGE = ENTRY = st.sampled_from("ab")
STATE = st.sampled_from(CALLED_OFF)
WHICH = st.integers(0, 11)
CONTRACT = st.sampled_from(list(OPENING))
AMOUNT = st.integers(-3, 3).filter(bool)
