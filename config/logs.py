"""Logs are events with fields, one a line: JSON in production, columns at a terminal.

Secrets are masked here once more, by field and by pattern, whoever logs them. Decides nothing else.
"""

from __future__ import annotations

import logging
import threading
from typing import Any, Literal, TextIO

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from contracts.redaction import redact

NOISY = ("httpx", "httpcore", "azure", "urllib3", "uvicorn", "dramatiq", "msal", "alembic")
"""Libraries whose news below a warning nobody needs beside our own events."""
SILENT = ("pika",)
"""Those that log as errors, with tracebacks, what they also raise."""


def configure(
    *, style: Literal["auto", "json", "console"], level: str, process: str, stream: TextIO
) -> None:
    """Send every event, ours and the libraries', to `stream`."""
    chosen = ("console" if stream.isatty() else "json") if style == "auto" else style
    shared = _shared(process)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[remove_meta, *_renderers(chosen)]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    threading.excepthook = _say_thread_broke
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _say_thread_broke(broken: threading.ExceptHookArgs) -> None:
    """Log what ends a thread like everything else, masked; it would print itself otherwise."""
    name = None if broken.thread is None else broken.thread.name
    error = broken.exc_value
    structlog.get_logger().critical("thread.broke", thread=name, exc_info=error)


def _shared(process: str) -> list[Processor]:
    def name_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        name_process,
    ]


def _renderers(style: str) -> list[Processor]:
    if style == "console":
        return [structlog.processors.format_exc_info, mask, structlog.dev.ConsoleRenderer()]
    # Locals of a frame may hold secrets that no pattern knows.
    exceptions = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    return [exceptions, mask, structlog.processors.JSONRenderer(_json)]


def mask(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask what is named or looks like a secret, wherever in the event it stands."""
    masked: EventDict = redact(event)
    return masked


def _json(event: EventDict, **_: Any) -> str:  # noqa: ANN401  (structlog hands over json's options)
    return orjson.dumps(event, default=str).decode()
