from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed
from ops.__main__ import run
from ops.opening import opened
from tests.builders import ACCESS_ID, CONTRACT_ID, onprem_data
from tests.driving import event
from workers.record import record

Output = pytest.CaptureFixture[str]
SECRETS = {"access_id": ACCESS_ID, "contract_id": CONTRACT_ID}
WRONG = event(onprem_data(**SECRETS, severity="Z", contact={"cc": ["a@b.example", 5]}), "1")
BROKEN = event(onprem_data(**SECRETS), "2").replace(b'"title": ', b'"title" ')
GOOD = event(onprem_data(**SECRETS), "3")
MAIL = (
    b"From: Sato <sato@contoso.example>\r\nSubject: =?utf-8?b?6Zqc5a6z?=\r\nMessage-ID: <m1@x>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"44Ki44Kv44K744K5IElE77yaMDIzMDI0MjMyMwo=\r\n"  # アクセス ID：0230242323
)
SHEET = f"partner,アクセスID,title\n4612345,{ACCESS_ID},x\n".encode()


def kept(raw: bytes, channel: str = "stream", code: str = "invalid_data", place: str = "") -> str:
    """Have a message kept with a fault of our own making; give its number."""
    fault = Malformed(code, Fault(place, "is wrong"))  # type: ignore[arg-type]  # any code does
    with opened(makes=True) as app:
        (receipt,) = record(app, channel, [Parsed(raw, fault)])
    return receipt.quarantine or ""


def answered(capsys: Output, *words: str, status: int = 0) -> dict[str, Any]:
    """Give the document of a command of `quarantine`."""
    assert run(["quarantine", *words, "--json"]) == status
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def printed(capsys: Output, *words: str) -> str:
    """Give what a command of `quarantine` prints for people."""
    assert run(["quarantine", *words]) == 0
    return capsys.readouterr().out


def test_pages_and_filters(imported: Path, capsys: Output) -> None:
    """Each message comes once, page by page; what has ended only with --all."""
    assert imported.exists()
    ids = [kept(WRONG), kept(BROKEN, code="not_json"), kept(MAIL, "mail"), kept(GOOD)]
    run(["quarantine", "drop", ids[3], "--why", "test"])
    capsys.readouterr()

    first = answered(capsys, "list", "--limit", "2")
    rest = answered(capsys, "list", "--limit", "2", "--after", first["next"])

    assert {one["id"] for one in (*first["items"], *rest["items"])} == set(ids[:3])
    assert rest["next"] is None
    for words, number in (
        (["--all"], 4),
        (["--code", "not_json"], 1),
        (["--channel", "mail"], 1),
        (["--since", "2099-01-01"], 0),
    ):
        assert len(answered(capsys, "list", *words)["items"]) == number
    assert max(map(len, printed(capsys, "list", "--all").splitlines())) <= 80


def test_a_fault_is_marked_in_the_message(imported: Path, capsys: Output) -> None:
    """Every fault is shown with its line and a mark below its value."""
    assert imported.exists()
    lines = printed(capsys, "show", kept(WRONG, place="data.severity")).splitlines()

    for at, (fault, value) in {
        "Z": ("data.severity", '"Z"'),
        "5": ("data.contact.cc[1]", "5"),
    }.items():
        says = next(number for number, line in enumerate(lines) if line.startswith(f"{fault}: "))
        mark = next(number for number in range(says, len(lines)) if lines[number].endswith("^"))
        assert lines[mark - 1][lines[mark].index("^") :].startswith(value), at


def test_a_fault_of_syntax_is_marked_where_it_is(imported: Path, capsys: Output) -> None:
    """In what is no JSON too, and though what stands before it is masked and wide."""
    assert imported.exists()
    found = printed(capsys, "show", kept(BROKEN, code="not_json")).splitlines()
    (mark,) = (number for number, line in enumerate(found) if line.endswith("^"))
    document = answered(capsys, "show", kept(BROKEN, code="not_json"))
    (fault,) = document["faults"]
    assert document["text"].split("\n")[fault["line"] - 1][fault["column"] - 1] == '"'
    assert document["text"][: fault["column"] - 1].endswith('"title" ')
    assert '"title" ' in found[mark - 1]


@pytest.mark.parametrize(
    ("raw", "channel"),
    [(WRONG, "stream"), (BROKEN, "stream"), (MAIL, "mail"), (SHEET, "file"),
     (SHEET[:-1] + b'"', "file"), (b'{"a": [' + ACCESS_ID.encode(), "http"),
     (b"\xff" + BROKEN, "stream")],
)  # fmt: skip
def test_secrets_are_masked(imported: Path, capsys: Output, raw: bytes, channel: str) -> None:
    """Whatever form a message has, no id of it is shown or printed without being asked for."""
    assert imported.exists()
    which = kept(raw, channel)
    for words in (["show", which], ["show", which, "--json"], ["show", which, "--raw"],
                  ["show", which, "--raw", "--json"], ["list", "--json"]):  # fmt: skip
        assert run(["quarantine", *words]) == 0
        out = capsys.readouterr().out
        assert ACCESS_ID not in out
        assert CONTRACT_ID not in out
        assert "44Ki44Kv44K744K5" not in out
    events = (imported / "events.log").read_bytes() if (imported / "events.log").exists() else b""
    assert ACCESS_ID.encode() not in events


def test_a_mail_is_shown_as_people_read_it(imported: Path, capsys: Output) -> None:
    """Its subject and text are decoded, and its fault is at its header."""
    assert imported.exists()
    text = printed(capsys, "show", kept(MAIL, "mail", place="From"), "--raw")
    assert "Subject: 障害" in text
    assert "アクセス ID：***" in text


def test_its_bytes_are_given_to_who_asks(
    var: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """With --raw --secrets a message comes byte by byte."""
    raw = b"\xff\x00\r\n" + GOOD
    which = kept(raw)
    assert var.exists()
    capsysbinary.readouterr()
    assert run(["quarantine", "show", which, "--raw", "--secrets"]) == 0
    assert capsysbinary.readouterr().out == raw
    assert run(["quarantine", "show", which, "--raw", "--secrets", "--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["raw_base64"]


def test_shown_repaired_and_released(imported: Path, tmp_path: Path, capsys: Output) -> None:
    """What was shown raw is edited and fed in; the list then says what it became."""
    assert imported.exists()
    which = kept(BROKEN, code="not_json")
    file = tmp_path / "m.json"
    document = answered(capsys, "show", which, "--raw", "--secrets")
    file.write_text(document["raw"].replace('"title" ', '"title": '), "utf-8")

    done = answered(
        capsys, "release", which, "--with", str(file), "--why", "colon", "--who", "sato"
    )
    again = answered(capsys, "release", which, "--with", str(file), "--why", "colon")

    assert (done["before"], again["before"]) == (False, True)
    assert again["request"] == done["request"]
    (line,) = answered(capsys, "list", "--all")["items"]
    assert (line["outcome"], line["request"], line["who"]) == ("released", done["request"], "sato")
    assert run(["requests", "show", done["request"]]) == 0


def test_all_of_one_code_are_released(imported: Path, capsys: Output) -> None:
    """What can be read becomes requests; what cannot stays, and the status says so."""
    assert imported.exists()
    ids = [kept(GOOD), kept(WRONG), kept(BROKEN, code="not_json")]

    found = answered(capsys, "release", "--code", "invalid_data", "--why", "sender known", status=1)

    assert sum("request" in one for one in found["items"]) == 1
    assert {one["id"] for one in answered(capsys, "list")["items"]} == set(ids[1:])


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["show", "Q-0"], 1, "there is no Q-0"),
        (["show", "Q-0", "--raw", "--secrets"], 1, "there is no Q-0"),
        (["show", "Q-0", "--secrets"], 2, "--raw --secrets"),
        (["release", "Q-0", "--why", "x"], 1, "there is no Q-0"),
        (["release", "Q-0", "--why", " "], 2, "--why must say something"),
        (["release", "--why", "x"], 2, "either a message's number"),
        (["release", "Q-0", "--code", "x", "--why", "x"], 2, "either a message's number"),
        (["release", "Q-0", "--with", "/no/such", "--why", "x"], 2, "cannot be read"),
        (["drop", "Q-0", "--why", "x"], 1, "there is no Q-0"),
        (["list", "--after", "x"], 2, "--after"),
    ],
)
def test_wrong_use_says_what_is_right(
    imported: Path, capsys: Output, words: list[str], status: int, says: str
) -> None:
    """A number that there is not, an empty reason, a file that is not there."""
    assert imported.exists()
    assert run(["quarantine", *words]) == status
    assert says in capsys.readouterr().err


def test_still_refused_says_what_is_wrong(imported: Path, capsys: Output) -> None:
    """Each fault stands below the sentence, with its place."""
    assert imported.exists()
    assert run(["quarantine", "release", kept(WRONG), "--why", "x"]) == 1
    err = capsys.readouterr().err
    assert "is still refused (invalid_data)" in err
    assert "data.contact.cc[1]: must be text" in err
