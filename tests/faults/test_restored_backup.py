from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from adapters.inbound.event import parse_event
from contracts.ids import request_id
from tests.builders import onprem_data
from tests.conftest import POSTGRESQL
from tests.driving import SOURCE, event
from tests.faults.lives import live
from tests.faults.world import World, samples
from workers.actors import STEPS
from workers.app import App
from workers.reconcile import Compared, reconcile
from workers.record import record

WHO = "suzuki"
BEFORE = ("filed", "submitting", "uncertain", "queued", "received", "incomplete")
"""Requests that the backup holds, by the state that they have in it."""
AFTER = ("forgotten", "forgotten-azure", "refused")


@pytest.fixture
def copy(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Say where the backup goes; there it is opened again."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{tmp_path / 'backup.db'}"
        return
    yield url.set(database=f"{url.database}_backup").render_as_string(hide_password=False)
    with psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True) as db:
        db.execute(f'DROP DATABASE IF EXISTS "{url.database}_backup" WITH (FORCE)'.encode())


def back_up(database_url: str, to: str) -> None:
    """Copy the database by the means that it has for it."""
    here, there = make_url(database_url).database, make_url(to).database
    if database_url.startswith("sqlite"):
        with (
            closing(sqlite3.connect(str(here))) as old,
            closing(sqlite3.connect(str(there))) as new,
        ):
            old.backup(new)
        return
    with psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{there}" TEMPLATE "{here}"'.encode())


def data(sender_id: str) -> dict[str, object]:
    """Give the request that goes by this name."""
    of = {
        "incomplete": onprem_data(category=None, title=sender_id),
        "forgotten-azure": samples()["azure"],
        "refused": samples()["refused"],
    }
    return of.get(sender_id, onprem_data(title=sender_id))


def number(sender_id: str) -> str:
    """Give our number for it."""
    return request_id(SOURCE, sender_id)


def send(app: App, *bodies: bytes) -> None:
    """Put messages through the door."""
    for body in bodies:
        record(app, "test", parse_event(body))


def lead(app: App, sender_id: str, *steps: str) -> None:
    """Send a request and take these steps with it."""
    send(app, event(data(sender_id), sender_id))
    for step in steps:
        STEPS[step](app, number(sender_id))


def until_the_backup(world: World) -> None:
    """Leave a request in every state in which a later filing can be forgotten."""
    with world.app() as app:
        lead(app, "filed", "assess", "onprem")
        lead(app, "received")
        lead(app, "queued", "assess")
        lead(app, "incomplete", "assess")
        world.fault(portal="onprem", operation="create", times=2, fault="drop_after")
        lead(app, "submitting", "assess", "onprem")
        world.fault(portal="onprem", operation="lookup", fault={"status": 404})
        lead(app, "uncertain", "assess", "onprem")
        world.sql(f"UPDATE requests SET due_at = 1 WHERE id = '{number('uncertain')}'")
        hasty = replace(app, limits=replace(app.limits, lookups=0))
        STEPS["onprem"](hasty, number("uncertain"))
    expected = {name: name.replace("filed", "submitted") for name in BEFORE}
    assert world.states() == expected


COMPLETION = event({"category": "DAG"}, "the-category", subject=request_id(SOURCE, "incomplete"))


def after_the_backup(world: World) -> None:
    """Work on: everything is filed, the publisher tells of it, and all of it will be forgotten."""
    with world.app() as app:
        send(app, *(event(data(name), name) for name in AFTER), COMPLETION)
    assert live(world) == 0
    states = world.states()
    assert {name for name, state in states.items() if state != "submitted"} == {
        "uncertain",
        "refused",
    }


def compared(world: World) -> dict[str, Compared]:
    """Reconcile; give what came of each portal."""
    with world.app() as app:
        _, found = reconcile(app, None, who=WHO)
    return {one.portal: one for one in found}


def test_a_restored_backup_is_made_good(world: World, copy: str) -> None:
    """P5: what the backup forgot is adopted, or found again when its senders repeat themselves."""
    until_the_backup(world)
    back_up(world.database_url, copy)
    after_the_backup(world)
    tickets = world.look().portal

    restored = replace(world, database_url=copy)
    first = compared(restored)

    items = {item.request: item for one in first.values() for item in one.items}
    told = {number(name): name for name in (*BEFORE, *AFTER)}
    assert {told[one]: item.code or item.finding for one, item in items.items()} == {
        "submitting": "adopted",
        "uncertain": "adopted",
        "queued": "will_be_found",
        "received": "will_be_found",
        "incomplete": "ticket_while_incomplete",
        "forgotten": "unknown_request",
        "forgotten-azure": "unknown_request",
    }
    assert first["onprem"].agrees == 1
    unknown = [item for item in items.values() if item.code == "unknown_request"]
    assert sorted((item.source, item.sender_id) for item in unknown) == [
        (SOURCE, "forgotten"),
        (SOURCE, "forgotten-azure"),
    ]

    with restored.app() as app:
        send(app, *(event(data(name), name) for name in AFTER), COMPLETION)
    assert live(restored) == 0

    ends = dict.fromkeys((*BEFORE, *AFTER), "submitted") | {"refused": "rejected"}
    assert restored.states() == ends
    assert restored.broken(published=False) == []
    assert restored.look().portal == tickets
    again = compared(restored)
    assert [one for one in again.values() if one.items or one.unasked] == []
    assert {name: again[name].agrees for name in ("azure", "onprem")} == {"azure": 1, "onprem": 7}
