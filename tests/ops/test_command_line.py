from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from ledger import schema, scratch
from ledger.store import open_store
from ops.__main__ import run
from ops.answer import Answer
from ops.output import line, tell, whole
from tests.ops.conftest import SAMPLES

Output = pytest.CaptureFixture[str]
NOUNS = ("demo", "up", "submit", "explain", "doctor", "requests", "ledger", "directory", "rules")


def test_help_names_every_command(capsys: Output) -> None:
    """A newcomer sees what there is; `run` is for supervisors."""
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f" {noun} " in said for noun in NOUNS)
    assert "run " not in said.partition("Commands")[2].replace("Run ", "")


def test_help_loads_nothing_heavy() -> None:
    """Asking what a command does never waits for databases and portals."""
    heavy = "{'sqlalchemy', 'structlog', 'redis', 'httpx', 'azure', 'fastapi'} & set(sys.modules)"
    script = f"import sys; from ops.__main__ import run; run(['submit', '--help']); print({heavy})"
    done = subprocess.run(  # noqa: S603  (our own command line)
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "set()"


def test_a_decision_on_paper_loads_no_database(tmp_path: Path) -> None:
    """With a directory file, nothing is loaded that only a ledger, a portal or Redis needs."""
    heavy = "{'sqlalchemy', 'alembic', 'redis', 'dramatiq', 'httpx', 'azure', 'structlog'}"
    words = ["explain", "aks-upgrade.json", "--directory", str(SAMPLES / "directory.yaml")]
    words[1] = str(SAMPLES / "http" / words[1])
    script = (
        f"import sys; from ops.__main__ import run; run({words}); print({heavy} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603  (our own command line)
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("eligible\n")
    assert done.stdout.splitlines()[-1] == "set()"
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["requests"],
        ["requests", "list", "--colour", "red"],
        ["requests", "list", "--limit", "0"],
        ["submit"],
        ["submit", "no-such-file.json"],
        ["submit", str(SAMPLES / "directory.yaml")],
        ["explain", "no-such-file.json"],
        ["explain", str(SAMPLES / "http" / "aks-upgrade.json"), "--on", "2026-13-01"],
        ["directory", "import", "no-such-file.yaml"],
        ["directory", "export", "--secret"],
        ["requests", "show", ""],
        ["requests", "cancel", "TR-0000000000000000", "--why", "filed by phone", "--who", " "],
        ["rules", "show", "Z-9"],
        ["rules", "list", "--edition", "1999"],
        ["demo", "--samples", "no-such-folder"],
        ["run", "nobody"],
    ],
)
def test_wrong_use_is_status_2(words: list[str], var: Path, capsys: Output) -> None:
    """Whoever mistypes is told in a sentence, on standard error, without a traceback."""
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.err.startswith("toritsugi: ")
    assert "Traceback" not in said.err
    assert not said.out
    assert not (var / "redis").exists()


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["nonsense"], "toritsugi"),
        (["requests", "nonsense"], "toritsugi requests"),
        (["requests", "cancel"], "toritsugi requests cancel"),
        (["doctor", "nonsense"], "toritsugi doctor"),
    ],
)
def test_wrong_use_is_told_where_help_is(words: list[str], command: str, capsys: Output) -> None:
    """The command that a hint names is one that there is."""
    run(words)
    assert capsys.readouterr().err.endswith(f"; see {command} --help\n")
    assert run([*command.split()[1:], "--help"]) == 0


def test_settings_are_refused_with_every_fault(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """All that is wrong is listed at once, by the variables' names."""
    monkeypatch.setenv("TORITSUGI_HTTP_PORT", "eighty")
    monkeypatch.setenv("TORITSUGI_TIME_ZONE", "Mars/Olympus")
    assert run(["ledger", "balance"]) == 2
    said = capsys.readouterr().err
    assert "TORITSUGI_HTTP_PORT" in said
    assert "TORITSUGI_TIME_ZONE" in said
    assert not var.exists()


@pytest.mark.parametrize("words", ["--state asleep", "--since yesterday", "--after page"])
def test_a_filter_that_filters_nothing_is_wrong_use(
    words: str, imported: Path, capsys: Output
) -> None:
    """Whoever asks for what there cannot be is told, and not given an empty list."""
    assert run(["requests", "list", *words.split()]) == 2
    assert capsys.readouterr().err.startswith(f"toritsugi: {words.split(maxsplit=1)[0]}: ")
    assert imported.exists()


LOOKS = (
    ["requests", "list"],
    ["requests", "show", "TR-1"],
    ["requests", "cancel", "TR-1", "--why", "x"],
    ["ledger", "verify"],
    ["events", "list"],
    ["events", "replay", "--since", "2026-01-01"],
    ["quarantine", "list"],
    ["directory", "show"],
    ["directory", "export"],
    ["senders", "list"],
    ["senders", "add", "desk", "--partner", "1"],
    ["webhooks", "list"],
    ["deliveries", "list"],
    ["explain", str(SAMPLES / "http" / "aks-upgrade.json")],
    ["reconcile"],
)


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_whoever_looks_makes_no_ledger(words: list[str], var: Path, capsys: Output) -> None:
    """In a wrong folder it is said where the ledger was looked for; nothing is left there."""
    assert run(words) == 1
    said = capsys.readouterr().err
    assert f"there is no ledger in {var / 'toritsugi.db'}: " in said
    assert "TORITSUGI_DATABASE_URL" in said
    assert "toritsugi up" in said
    assert not var.exists()


@pytest.mark.postgresql
def test_a_wrong_database_is_named_without_its_password(
    postgresql_url: str, var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """A server's database that holds no ledger is left as it is."""
    with scratch.on_server(postgresql_url, "empty") as empty:
        url = make_url(empty.url).set(password="s3cret word", query={"password": "s3cretword"})
        monkeypatch.setenv("TORITSUGI_DATABASE_URL", url.render_as_string(hide_password=False))
        for words in (["requests", "list"], ["doctor"]):
            assert run(words) == 1
            said = capsys.readouterr()
            shown = "".join((said.out + said.err).split())
            assert f"/{url.database}" in shown
            assert "s3cret" not in shown
        store = open_store(empty.url)
        assert schema.version(store) is None
        store.close()
    assert not (var / "secrets.key").exists()


def test_a_problem_is_a_document_too(imported: Path, capsys: Output) -> None:
    """With --json, standard output is one document even when the answer is no."""
    assert run(["requests", "show", "TR-0000000000000000", "--json"]) == 1
    said = capsys.readouterr()
    assert "TR-0000000000000000" in json.loads(said.out)["error"]["message"]
    assert said.err.startswith("toritsugi: there is no request")
    assert imported.exists()


def test_a_database_that_says_no_is_said_in_a_sentence(
    tmp_path: Path, var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """A file that is no database ends a command with 1 and keeps its traceback in the log."""
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("TORITSUGI_DATABASE_URL", f"sqlite:///{broken}")
    assert run(["ledger", "balance"]) == 1
    assert "toritsugi doctor" in capsys.readouterr().err
    events = (var / "log" / "toritsugi.jsonl").read_text().splitlines()
    assert [json.loads(one)["event"] for one in events] == ["command.broke"]


@pytest.mark.parametrize(
    "words",
    [
        ["requests", "list"],
        ["ledger", "balance"],
        ["ledger", "entries"],
        ["ledger", "verify"],
        ["doctor", "--settings"],
        ["directory", "show"],
        ["directory", "show", "4200002"],
        ["directory", "export"],
        ["rules", "list"],
        ["rules", "show", "C-9"],
    ],
)
def test_every_answer_has_a_document(words: list[str], imported: Path, capsys: Output) -> None:
    """With --json there is one document on standard output and nothing beside it."""
    assert run([*words, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)
    assert not said.err
    assert run(words) == 0
    assert capsys.readouterr().out.strip()
    assert imported.exists()


def test_no_secret_is_ever_shown(imported: Path, capsys: Output) -> None:
    """The digits of Access and Contract IDs stand neither in an answer nor in the log."""
    files = [*map(str, sorted((SAMPLES / "files").iterdir()))]
    secret = str(SAMPLES / "http" / "aks-upgrade.json")
    given = ["--directory", str(SAMPLES / "directory.yaml")]
    for words in (
        ["submit", *files, secret],
        ["explain", secret],
        ["explain", secret, *given],
        ["explain", str(SAMPLES / "stream" / "leading-zero-lost.json"), *given],
        ["requests", "list"],
        ["ledger", "balance"],
        ["ledger", "entries"],
        ["directory", "show"],
        ["directory", "show", "4200002"],
        ["directory", "export"],
        ["doctor"],
        ["doctor", "--settings"],
    ):
        run(words)
        run([*words, "--json"])
    said = capsys.readouterr()
    log = (imported / "log" / "toritsugi.jsonl").read_text()
    shown = "".join((said.out + said.err + log).split())
    digits = ("0231457790", "231457790", "0019283746", "19283746", "248811357", "20446688")
    assert not [secret for secret in digits if secret in shown]


def test_what_is_to_be_copied_is_never_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """A line with a command in it stays one line on any screen; prose is wrapped."""
    monkeypatch.setenv("COLUMNS", "40")
    words = "redis-cli " * 20
    tell(Answer(None, lambda _columns: [whole(words), line(words)]), as_json=False)
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.strip() == words.strip()
    assert len(rest) > 3


def test_the_module_is_the_command(var: Path) -> None:
    """`python -m ops` gives its exit status to the shell."""
    done = subprocess.run(
        [sys.executable, "-m", "ops", "requests", "show", "TR-1"],
        env={**os.environ, "TORITSUGI_VAR": str(var)},  # noqa: TID251  (handed on, not read)
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("toritsugi: ")
