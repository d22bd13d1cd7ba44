"""`toritsugi demo`: starts everything, sends the samples, shows them moving, and proves the end.

Uses the embedded parts alone, in a folder of its own, whatever the settings name.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from ops import actions
from ops.demo import judging
from ops.demo.board import board
from ops.demo.samples import Samples, read_samples
from ops.demo.sending import sending
from ops.demo.standing import standings
from ops.event_log import logging_to_file
from ops.output import console, line, tell
from ops.problem import Problem
from ops.reading import read_directory_file
from ops.site import Site, running
from ops.waiting import STOPPED, stop_signals
from workers import bootstrap
from workers.bootstrap import Settings

SAMPLES = Path(__file__).parents[2] / "sandbox" / "samples"
LIMIT_S = 110.0
LOOK_S = 0.25


def play(folder: Path | None, *, as_json: bool) -> int:
    """Play the whole demonstration; 0 only if all ended as expected."""
    samples = read_samples(folder or SAMPLES)
    partners = read_directory_file(samples.directory)
    until = time.monotonic() + LIMIT_S
    settings = _settings()
    with stop_signals() as stopping, logging_to_file(settings, "supervisor"):
        _say("starting everything in", settings.var, quiet=as_json)
        with running(settings, stopping, simulated=True, faults=samples.faults) as site:
            actions.import_directory(site.app, partners, who="demo")
            _watch(site, samples, stopping, until, quiet=as_json)
            found = judging.judge(site, samples)
        return tell(judging.answer(found), as_json=as_json)


def _settings() -> Settings:
    """Take a fresh folder, a free port, and neither Redis nor database of anyone's."""
    var = bootstrap.read_settings().var / "demo" / time.strftime("%Y%m%d-%H%M%S")
    own = {"redis_url": None, "database_url": None, "secrets_key": None}
    return bootstrap.read_settings(var=var, http_port=0, **own)


def _say(*words: object, quiet: bool) -> None:
    if not quiet:
        console().print(line(*words))


def _watch(
    site: Site, samples: Samples, stopping: threading.Event, until: float, *, quiet: bool
) -> None:
    """Send everything and look on until all rests, or the time is over."""
    everything = samples.all
    with sending(site, samples.deliveries) as senders, board(everything, quiet=quiet) as show:
        while True:
            now = standings(site.app, everything)
            show(now)
            _check(senders)
            if all(one.resting for one in now.values()) or time.monotonic() > until:
                return
            if stopping.wait(LOOK_S):
                raise Problem("the demonstration was stopped", status=STOPPED)


def _check(senders: Sequence[Future[None]]) -> None:
    """Raise what a sender raised: nothing will come of waiting for it."""
    for sender in senders:
        if sender.done():
            sender.result()
