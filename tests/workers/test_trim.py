from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import onprem_data
from tests.driving import Driver
from workers.trim import Trimmer


def logged(caplog: pytest.LogCaptureFixture, event: str) -> int:
    """Count how often it was logged."""
    return sum(f"'event': '{event}'" in one.getMessage() for one in caplog.records)


def test_a_group_that_nobody_reads_for_is_told_of_once(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    """The stream grows until a person ends the group; what was trimmed can be published again."""
    app = replace(driver.app, limits=replace(driver.app.limits, events_kept_s=0.001))
    driver.file(onprem_data())
    driver.publish()
    number = app.redis.xlen(app.events_stream)
    app.redis.xgroup_create(app.events_stream, "dead", id="0")
    trimmer = Trimmer(app)

    assert [trimmer.round() for _ in range(3)] == [0, 0, 0]
    assert logged(caplog, "stream.held") == 1

    app.redis.xgroup_destroy(app.events_stream, "dead")
    assert trimmer.round() == number
    assert logged(caplog, "stream.trimmed") == 1


def test_a_cap_is_never_silent(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    """What went unread is an error in the log."""
    app = replace(driver.app, limits=replace(driver.app.limits, events_cap=1))
    driver.file(onprem_data())
    driver.publish()
    app.redis.xgroup_create(app.events_stream, "slow", id="0")

    assert Trimmer(app).round() > 0
    assert app.redis.xlen(app.events_stream) == 1
    assert logged(caplog, "stream.cut") == 1
