from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from contracts.events import EVENTS
from contracts.schemas import schemas
from ops.__main__ import run

Output = pytest.CaptureFixture[str]


def test_the_asyncapi_document_is_printed(capsys: Output) -> None:
    """As JSON, with or without the word, for whatever reads it."""
    assert run(["contract", "asyncapi"]) == 0
    plain = capsys.readouterr().out
    assert run(["contract", "asyncapi", "--json"]) == 0
    assert capsys.readouterr().out == plain
    assert json.loads(plain)["asyncapi"] == "3.0.0"


def test_the_openapi_document_is_printed(var: Path, capsys: Output) -> None:
    """Valid, with every event as a webhook, and nothing is set up for it."""
    assert run(["contract", "openapi"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert set(document["webhooks"]) == set(EVENTS)
    assert not var.exists()


@pytest.mark.parametrize("name", ["toritsugi.request.submitted.v1", "request.submitted"])
def test_a_schema_is_printed(name: str, capsys: Output) -> None:
    """By its whole name, or without what all names have."""
    assert run(["contract", "schema", name]) == 0
    assert json.loads(capsys.readouterr().out) == schemas()["toritsugi.request.submitted.v1"]


def test_all_schemas_are_listed(capsys: Output) -> None:
    """Every message, with a sentence."""
    assert run(["contract", "schema", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["items"]
    assert [one["name"] for one in listed] == list(schemas())
    assert all(one["description"] for one in listed)
    assert run(["contract", "schema"]) == 0
    assert "toritsugi.request.v1" in capsys.readouterr().out


def test_a_message_that_there_is_not(capsys: Output) -> None:
    """The words say where the names are."""
    assert run(["contract", "schema", "request.lost"]) == 2
    assert "toritsugi contract schema lists all" in capsys.readouterr().err
