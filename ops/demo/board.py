"""Shows the samples moving: a live table at a terminal, a line for each step elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import RenderableType
from rich.live import Live

from ops.demo.samples import Sample
from ops.demo.standing import SENT, Standing
from ops.output import WIDE, add, console, line, table

Show = Callable[[Mapping[str, Standing]], None]


@contextmanager
def board(samples: Sequence[Sample], *, quiet: bool) -> Iterator[Show]:
    """Give the function that shows where everything stands."""
    screen = console()
    if quiet:
        yield lambda _now: None
    elif screen.is_terminal:
        with Live(console=screen, refresh_per_second=8) as live:
            wide = screen.width >= WIDE
            yield lambda now: live.update(_table(samples, now, wide=wide))
    else:
        yield _Lines(samples).show


def _table(samples: Sequence[Sample], now: Mapping[str, Standing], *, wide: bool) -> RenderableType:
    names = ("sender's id…34", "product…24") if wide else ("sender's id…16", "product…18")
    found = table("way in!", *names, "state!", "code or ticket!")
    for sample in samples:
        stands = now[sample.number]
        style = "dim" if stands == SENT else "" if stands.resting else "yellow"
        add(found, sample.way, sample.id, sample.product, stands.state, stands.says, style=style)
    return found


class _Lines:
    """Prints what changed since it was last told."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples
        self._before: dict[str, Standing] = {}

    def show(self, now: Mapping[str, Standing]) -> None:
        for sample in self._samples:
            stands = now[sample.number]
            if stands != self._before.get(sample.number, SENT):
                words = (sample.way, sample.id, sample.product, stands.state, stands.says)
                console().print(line(*words), soft_wrap=True)
        self._before = dict(now)
