"""Letters: a process dies on the way of one, and the next one sees it through."""

from __future__ import annotations

import os
import sys
from email import message_from_bytes
from typing import Any

import pytest

from config import logs
from tests.builders import AGENT, onprem_data
from tests.faults.lives import carry, context
from tests.faults.world import World
from tests.mail_server import MailServer
from tests.mailing import MAILBOX, box_of, mail
from workers.deliver import Deliverer
from workers.failpoints import KILLED
from workers.mail_intake import take
from workers.route import route

LONGEST_S = 60
BEFORE = ("route.made_out", "route.stored", "deliver.claimed", "reply.kept")
AFTER = ("reply.taken", "deliver.sent", "deliver.written")


def live(world: World, server: MailServer, failpoint: str = "") -> int | None:
    """Run a process that sends letters; it ends when none is left, or at a place."""
    smtp = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sender": "support@toritsugi.example",
    }
    process = context().Process(target=_life, args=(world, smtp, failpoint))
    process.start()
    process.join(LONGEST_S)
    world.time_passes()
    return process.exitcode


def _life(world: World, smtp: dict[str, Any], failpoint: str) -> None:
    os.environ["FAILPOINT"] = failpoint  # noqa: TID251  (what the process is told)
    logs.configure(style="json", level="error", process="life", stream=sys.stderr)
    with world.app(smtp=smtp) as app:
        deliverer = Deliverer(app)
        while route(app) or carry(deliverer):
            pass


def begin(world: World) -> None:
    """Have a request taken in whose sender wants answers by mail."""
    world.send("1", onprem_data(reply_to={"email": AGENT}))
    with world.app() as app:
        world.listen(app)


@pytest.mark.parametrize("point", BEFORE)
def test_nothing_was_sent_when_it_died(world: World, smtp_server: MailServer, point: str) -> None:
    """K1: up to the call nothing has left; the letter goes out once, whoever sends it."""
    begin(world)

    assert live(world, smtp_server, point) == KILLED
    before = smtp_server.arrived()
    assert live(world, smtp_server) == 0

    assert before == []
    assert len(smtp_server.wait(1)) == 1
    assert world.count("SELECT count(*) FROM mails WHERE way = 'out'") == 1
    assert world.count("SELECT count(*) FROM deliveries WHERE outcome = 'sent'") == 1


@pytest.mark.parametrize("point", AFTER)
def test_it_was_sent_and_nobody_knew(world: World, smtp_server: MailServer, point: str) -> None:
    """K6: an answer that was lost costs a second copy, the same bytes under the same name."""
    begin(world)

    assert live(world, smtp_server, point) == KILLED
    assert live(world, smtp_server) == 0

    copies = [message_from_bytes(raw) for raw in smtp_server.wait(2)]
    assert len({copy["Message-ID"] for copy in copies}) == 1
    assert len({copy["Date"] for copy in copies}) == 1
    assert len({str(copy.get_payload()) for copy in copies}) == 1
    assert world.count("SELECT count(*) FROM mails WHERE way = 'out'") == 1
    assert world.count("SELECT count(*) FROM deliveries WHERE outcome = 'sent'") == 1


def test_it_was_written_down_when_it_died(world: World, smtp_server: MailServer) -> None:
    """K8: once its end is committed a letter is not sent again."""
    begin(world)

    assert live(world, smtp_server, "deliver.stored") == KILLED
    assert live(world, smtp_server) == 0

    assert len(smtp_server.wait(1)) == 1
    assert world.count("SELECT sum(attempts) FROM deliveries") == 1


@pytest.mark.parametrize(
    ("point", "copies"),
    [("route.made_out", 1), ("route.stored", 1), ("reply.kept", 1), ("deliver.sent", 2)],
)
def test_what_was_not_taken_is_told_in_one_letter(
    world: World, smtp_server: MailServer, point: str, copies: int
) -> None:
    """K1, K6: a mail in quarantine has one letter, and what goes out twice has the same bytes."""
    with world.app(mailbox=MAILBOX) as app:
        take(app, box_of(app.letterbox), mail("重大度： Z"))

    assert live(world, smtp_server, point) == KILLED
    assert live(world, smtp_server) == 0

    arrived = [message_from_bytes(raw) for raw in smtp_server.wait(copies)]
    assert len(arrived) == copies
    assert len({(one["Message-ID"], one["Date"], one.get_payload()) for one in arrived}) == 1
    assert world.count("SELECT count(*) FROM mails WHERE way = 'out'") == 1
    assert world.count("SELECT count(*) FROM deliveries WHERE outcome = 'sent'") == 1
