"""The page for senders: every example is run as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from ledger import views
from ledger.senders import Registration
from ops import actions
from ops.demo.samples import Samples
from ops.site import Site, child_settings
from tests.conftest import missing
from tests.free_port import free_port
from tests.journeys.conftest import started
from tests.rabbit import Node

PAGE = (Path(__file__).parents[2] / "docs" / "sending.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+)(?: ([\w.]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOURCE = "urn:toritsugi:sender:helpdesk"
IDS = {"4711", "4712", "4721", "4722", "4732", "4741@litware.example", "4751"}
"""What the examples send that need no .NET."""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True, slots=True)
class Block:
    """An example: its language, and the name of its file or another word about it."""

    language: str
    word: str
    text: str


BLOCKS = [Block(*found) for found in FENCE.findall(PAGE)]


def blocks(language: str) -> list[str]:
    """Give the examples of a language that are to be run."""
    return [one.text for one in BLOCKS if one.language == language and not one.word]


@pytest.fixture
def redis_address(tmp_path: Path) -> Iterator[str]:
    """Run a Redis that programs reach by an address."""
    binary = shutil.which("redis-server")
    if binary is None:
        missing("redis-server")
    port = free_port()
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(  # noqa: S603  (a server found on this machine)
        [*command, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    ) as server:
        url = f"redis://127.0.0.1:{port}"
        again = Retry(ConstantBackoff(0.02), 500)
        with redis.Redis.from_url(url, retry=again) as client:
            client.ping()
        yield url
        server.terminate()


@pytest.fixture
def site(
    tmp_path: Path, samples: Samples, redis_address: str, rabbit: Node, vhost: str
) -> Iterator[tuple[Site, dict[str, str]]]:
    """Run everything; give it with the variables that the examples stand on."""
    settings = {"redis_url": redis_address, "amqp_url": rabbit.url(vhost)}
    with started(tmp_path / "var", samples, **settings) as running:
        new = Registration("helpdesk", SOURCE, ("4200002",), "test")
        key = actions.add_sender(running.app, new, signs=False).key or ""
        here = Path(sys.executable).parent
        yield (
            running,
            {
                **child_settings(running.settings),
                "PATH": f"{here}:{os.environ['PATH']}",  # noqa: TID251  (for what is run)
                "HOME": str(tmp_path),
                "NO_PROXY": "127.0.0.1",
                "URL": running.http_url,
                "KEY": key,
                "REDIS": redis_address,
                "AMQP": rabbit.let_in("helpdesk", vhost, "guest"),
            },
        )


def run(command: list[str], folder: Path, variables: dict[str, str]) -> None:
    """Run an example; it must end well."""
    done = subprocess.run(  # noqa: S603  (what the page says)
        command,
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"


def sent(site: Site) -> set[str]:
    """Give the ids of the requests that are stored."""
    found = site.app.store.read(lambda db: views.listing(db, views.Filter(), most=100))
    return {one.sender_id for one in found}


def written(folder: Path) -> Path:
    """Write the files that the page shows."""
    folder.mkdir()
    for one in BLOCKS:
        if one.word.partition(".")[2]:
            (folder / one.word).write_text(one.text, "utf-8")
    return folder


@pytest.mark.timeout(300)
def test_every_example_does_what_it_says(site: tuple[Site, dict[str, str]], tmp_path: Path) -> None:
    """In the shell and in Python, by every way: each request is stored, each event is read."""
    running, variables = site
    folder = written(tmp_path / "examples")
    for program in ("curl", "redis-cli", "bash"):
        if shutil.which(program) is None:
            missing(program)

    for text in blocks("sh"):
        run(["bash", "-euo", "pipefail", "-c", text], folder, variables)
    for text in blocks("python"):
        run([sys.executable, "-c", text], folder, variables)

    assert sent(running) == IDS


@pytest.mark.timeout(600)
def test_examples_for_dotnet(site: tuple[Site, dict[str, str]], tmp_path: Path) -> None:
    """Where there is a .NET that runs single files, they too store their requests."""
    dotnet = shutil.which("dotnet")
    if dotnet is None:
        pytest.skip("dotnet is not here: the examples in C# are not run")
    running, variables = site
    folder = written(tmp_path / "examples")
    for number, text in enumerate(blocks("csharp")):
        (folder / f"example{number}.cs").write_text(text, "utf-8")
        run([dotnet, "run", f"example{number}.cs"], folder, variables)
    assert sent(running) >= {"4713", "4723"}


def test_the_signature_of_a_webhook_is_checked() -> None:
    """What is signed passes; another body, another secret and an old one do not."""
    (text,) = (one.text for one in BLOCKS if (one.language, one.word) == ("python", "verify"))
    page: dict[str, Any] = {}
    exec(text, page)  # noqa: S102  (what the page says)
    now = datetime.now(UTC)  # noqa: TID251  (as the one who signs)
    body = '{"id":"1"}'
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("1", now, body),
    }

    assert page["event_of"](SECRET, headers, body) == {"id": "1"}
    for wrong in (
        (SECRET, headers, '{"id":"2"}'),
        (SECRET.replace("M", "N", 1), headers, body),
        (SECRET, {**headers, "webhook-timestamp": "1700000000"}, body),
    ):
        with pytest.raises(WebhookVerificationError):
            page["event_of"](*wrong)


def test_each_way_has_its_examples() -> None:
    """HTTP, stream and queue in Python and C#; what the shell can, too."""
    assert len(blocks("sh")) == 4
    assert len(blocks("python")) == len(blocks("csharp")) + 1
    assert all(f'"{one}"' in PAGE or one in PAGE for one in IDS)
