"""The event log of this machine: one file that every process appends to, one event a line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from ops.problem import Problem
from workers import bootstrap
from workers.bootstrap import Settings

log = structlog.get_logger()


def event_log(settings: Settings) -> Path:
    """Give the log's path, its folder made."""
    path = settings.var / "log" / "toritsugi.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def logging_to_file(settings: Settings, process: str) -> Iterator[None]:
    """Send this process's events to the log, so that a command prints its answer alone."""
    root = logging.getLogger()
    before = root.handlers or [logging.NullHandler()]
    with event_log(settings).open("a", encoding="utf-8", buffering=1) as stream:
        bootstrap.configure_logs(settings, process, stream)
        try:
            yield
        except Problem:
            raise
        except Exception:
            log.exception("command.broke")
            raise
        finally:
            root.handlers = before
