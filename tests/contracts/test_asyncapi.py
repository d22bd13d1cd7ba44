"""The AsyncAPI document: valid by its own standard, its examples by our schemas."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from contracts.asyncapi import asyncapi
from contracts.codec import decode
from contracts.events import EVENTS, decode_event, encode
from contracts.examples import examples
from contracts.request import REQUEST_TYPE
from contracts.schemas import schemas
from tests.conftest import missing

PARSER = "@asyncapi/parser@3.6.6"
OLDER = "asyncapi-latest-version"
"""What is said of every document that is not of the newest version."""
CHECK = """
const { Parser } = require("@asyncapi/parser");
const text = require("fs").readFileSync(0, "utf8");
new Parser().parse(text).then(({ document, diagnostics }) => {
  const found = diagnostics.map(({ code, message, path }) => ({ code, message, path }));
  console.log(JSON.stringify({ read: Boolean(document), found }));
});
"""


@pytest.fixture
def parser(request: pytest.FixtureRequest) -> Path:
    """Give a folder in which the standard's own parser is installed, outside the repository."""
    npm, cache = shutil.which("npm"), request.config.cache
    if npm is None or shutil.which("node") is None:
        missing("node with npm")
    folder = cache.mkdir(PARSER.replace("/", "-").removeprefix("@"))
    if not (folder / "node_modules" / "@asyncapi" / "parser").exists():
        done = subprocess.run(  # noqa: S603  (npm, into a folder of ours)
            [
                str(npm),
                "install",
                "--no-save",
                "--no-package-lock",
                "--no-audit",
                "--no-fund",
                PARSER,
            ],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            missing(f"{PARSER}, which npm should fetch,")
    return folder


def checked(folder: Path, document: dict[str, Any]) -> dict[str, Any]:
    """Give what the parser says of a document."""
    done = subprocess.run(  # noqa: S603  (a script of our own)
        ["node", "-e", CHECK],  # noqa: S607  (a program of this machine)
        cwd=folder,
        input=json.dumps(document),
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    found["found"] = [one for one in found["found"] if one["code"] != OLDER]
    return found


def test_it_is_valid_by_the_standards_own_parser(parser: Path) -> None:
    """No error and no warning; a binding that says what there is not would be one."""
    assert checked(parser, asyncapi("1")) == {"read": True, "found": []}
    broken = copy.deepcopy(asyncapi("1"))
    broken["channels"]["eventsExchange"]["bindings"]["amqp"]["exchange"]["type"] = "rumour"
    assert checked(parser, broken)["found"] != []


def test_every_reference_points_somewhere() -> None:
    """Without any parser: what a reference names is in the document."""
    document = asyncapi("1")

    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [found for one in value for found in references(one)]
        if not isinstance(value, dict):
            return []
        here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return here + [found for one in value.values() for found in references(one)]

    found = set(references(document))
    assert len(found) > 30
    for reference in found:
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_every_message_has_an_example_that_is_valid() -> None:
    """By its JSON Schema, formats included."""
    found, known = examples(), schemas()
    assert found.keys() == known.keys()
    for name, example in found.items():
        Draft202012Validator(known[name], validate_formats=True).validate(example)


def test_examples_are_read_by_our_own_code() -> None:
    """The request as a request, each event as the event it is, losing nothing."""
    found = examples()
    assert decode(json.dumps(found.pop(REQUEST_TYPE)).encode()).request.extra == {}
    assert found.keys() == EVENTS.keys()
    for name, example in found.items():
        event = decode_event(json.dumps(example).encode())
        assert event.type == name
        assert json.loads(encode(event)) == example


def test_every_event_is_told_on_every_way_out() -> None:
    """Stream, exchange and webhook tell the same; requests come by stream and queue."""
    channels = asyncapi("1")["channels"]
    told = {name: set(channel["messages"]) for name, channel in channels.items()}
    assert told.pop("requestsStream") == told.pop("requestsQueue") == {REQUEST_TYPE}
    assert all(messages == set(EVENTS) for messages in told.values())
