from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ops import ports, procfile
from ops.problem import Problem
from ops.site import child_settings, only_one, with_free_port, without_redis
from workers.bootstrap import read_settings


def test_a_port_that_nobody_asked_for_gives_way() -> None:
    """The default port is not worth failing for; a note says where HTTP is instead."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        busy = listener.getsockname()[1]
        asked_for = read_settings(http_port=busy)
        by_default = asked_for.model_copy()
        by_default.model_fields_set.discard("http_port")
        found, notes = with_free_port(by_default)
        assert found.http_port != busy
        assert str(busy) in notes[0]
        with pytest.raises(Problem, match="TORITSUGI_HTTP_PORT"):
            with_free_port(asked_for)


def test_port_nought_is_any_port() -> None:
    """A setting of 0 asks for whichever port is free."""
    found, notes = with_free_port(read_settings(http_port=0))
    assert ports.is_free("127.0.0.1", found.http_port)
    assert found.http_port
    assert not notes


def test_a_named_redis_that_is_away_is_noted() -> None:
    """Where it was looked for, what waits for it, and the remedy; never its password."""
    (note,) = without_redis(read_settings(redis_url="redis://me:s3cretword@127.0.0.1:1"))
    assert note.startswith("Redis at 127.0.0.1:1 does not answer")
    assert "requests by HTTP are stored" in note
    assert "check TORITSUGI_REDIS_URL" in note
    assert "s3cret" not in note


def test_a_redis_that_answers_is_not_noted(embedded_redis_url: str) -> None:
    """There is nothing to say."""
    assert without_redis(read_settings(redis_url=embedded_redis_url)) == ()


def test_one_folder_has_one_supervisor(tmp_path: Path) -> None:
    """A second one is told so, and what to do; after the first has ended it may run."""
    with only_one(tmp_path), pytest.raises(Problem, match="TORITSUGI_VAR"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_the_procfile_names_every_process() -> None:
    """What the Procfile says runs with this Python, whatever the PATH holds."""
    found = procfile.programs({"TORITSUGI_VAR": "somewhere"})
    assert [one.name for one in found] == ["web", "intake", "worker", "clock"]
    assert all(one.command[1:] == ("-m", "ops", "run", one.name) for one in found)
    assert all(one.settings == {"TORITSUGI_VAR": "somewhere"} for one in found)


def test_other_commands_of_a_procfile_are_left_alone(tmp_path: Path) -> None:
    """A deployment may add a process of its own."""
    path = tmp_path / "Procfile"
    path.write_text("web: toritsugi run web\ntail: tail -f 'a file'\n")
    assert procfile.programs({}, path)[1].command == ("tail", "-f", "a file")


def test_without_a_procfile_the_remedy_is_said(tmp_path: Path) -> None:
    """An installed package without its sources says so."""
    with pytest.raises(Problem, match="Procfile"):
        procfile.programs({}, tmp_path / "Procfile")


def test_children_get_the_embedded_parts_by_name(tmp_path: Path) -> None:
    """No child looks for a server of its own, whatever files of settings lie about."""
    found = child_settings(read_settings(var=tmp_path))
    assert found["TORITSUGI_REDIS_URL"] == f"unix://{tmp_path / 'redis' / 'v.sock'}"
    assert found["TORITSUGI_DATABASE_URL"] == f"sqlite:///{tmp_path / 'toritsugi.db'}"
    assert found["TORITSUGI_LOG_FORMAT"] == "json"
