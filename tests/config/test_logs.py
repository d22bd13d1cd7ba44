from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from config import logs

SECRET = "0230242323"


@pytest.fixture(name="stream")
def _stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(style="json", level="info", process="worker", stream=stream)
    yield stream
    root.handlers, root.level = before


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    """Give the events that were written, one a line."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_fields(stream: io.StringIO) -> None:
    """Event, level, time, process and whatever is bound or said."""
    with structlog.contextvars.bound_contextvars(request="TR-1", trace="abc"):
        structlog.get_logger().info("request.decided", code="missing")

    (event,) = lines(stream)
    assert event.pop("at")
    assert event == {
        "event": "request.decided",
        "level": "info",
        "process": "worker",
        "request": "TR-1",
        "trace": "abc",
        "code": "missing",
    }


def test_libraries_log_the_same_way(stream: io.StringIO) -> None:
    """What a library says through logging is an event too."""
    logging.getLogger("some.library").warning("came %s", "late")

    (event,) = lines(stream)
    assert (event["event"], event["level"], event["process"]) == ("came late", "warning", "worker")


def test_secrets_are_masked_wherever_they_stand(stream: io.StringIO) -> None:
    """By the field's name, by what stands before them, and in a traceback."""
    log = structlog.get_logger()
    log.info("a", access_id=SECRET, order={"contract_id": SECRET, "title": "t"})
    log.info("b", words=f"Access ID: {SECRET}, Authorization: Bearer abcdefgh12345678")
    try:
        int(f"access_id={SECRET}")
    except ValueError:
        log.exception("c")

    assert len(lines(stream)) == 3
    assert SECRET not in stream.getvalue()
    assert "abcdefgh12345678" not in stream.getvalue()
