"""`python -m sandbox`: the simulated portals as a process. Ends with 0 on SIGTERM and SIGINT.

Prints one JSON line when it listens and, with --log, one for every call.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
import yaml

from sandbox.app import Sandbox
from sandbox.azure.operations import Rhythm
from sandbox.azure.plans import Plans
from sandbox.fault_kinds import UnreadableFault
from sandbox.faults import read_script
from sandbox.server import listen, server_for
from sandbox.settings import Settings


def parser() -> argparse.ArgumentParser:
    parsed = argparse.ArgumentParser("python -m sandbox", description="Simulated support portals.")
    parsed.add_argument("--host", default="127.0.0.1")
    parsed.add_argument("--port", type=int, default=8765, help="0 takes a free one")
    parsed.add_argument("--state", type=Path, help="folder that keeps the state over restarts")
    parsed.add_argument("--faults", type=Path, help="fault script, YAML or JSON")
    parsed.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parsed.add_argument("--operation-looks", type=int, default=1, help="looks that find InProgress")
    parsed.add_argument("--operation-seconds", type=float, default=0.0, help="shortest operation")
    parsed.add_argument("--plan", action="append", default=[], help="Azure's: [SUBSCRIPTION=]PLAN")
    parsed.add_argument("--log", action="store_true", help="one JSON line for every call")
    return parsed


def plans(texts: Sequence[str]) -> Plans:
    named = dict(text.lower().split("=", 1) for text in texts if "=" in text)
    general = [text for text in texts if "=" not in text]
    return Plans(general[-1], named) if general else Plans(by_subscription=named)


def settings_of(arguments: argparse.Namespace) -> Settings:
    return Settings(
        state=arguments.state,
        faults=tuple(read_script(arguments.faults)) if arguments.faults else (),
        latency_s=arguments.latency,
        rhythm=Rhythm(arguments.operation_looks, arguments.operation_seconds),
        plans=plans(arguments.plan),
    )


def say(record: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(record) + b"\n")
    sys.stdout.buffer.flush()


def main(words: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(words)
    try:
        settings = settings_of(arguments)
        sandbox = Sandbox(settings, listener=say if arguments.log else None)
        listener = listen(arguments.host, arguments.port)
    except (OSError, UnreadableFault, yaml.YAMLError, sqlite3.Error) as broken:
        sys.stderr.write(f"sandbox: {broken}\n")
        return 2
    port = listener.getsockname()[1]
    say({"event": "sandbox.listening", "base_url": f"http://{arguments.host}:{port}"})
    server_for(sandbox.gate).run([listener])
    sandbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
