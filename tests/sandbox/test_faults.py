"""Fault scripts: read, matched, counted."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.call import Call
from sandbox.fault_book import FaultBook
from sandbox.fault_kinds import Fault, UnreadableFault, read_fault
from sandbox.faults import read_rule, read_script, rules_of
from sandbox.retry_after import RetryAfter, read_retry_after
from sandbox.store import Forgetful, SqliteStore

NOW = 1_800_000_000.0
RULE = {"portal": "onprem", "operation": "create", "match": "落ち", "fault": "drop_after"}


def call(portal: str = "onprem", text: str = "サーバーが落ちる\n", *operations: str) -> Call:
    """Make a call to be matched."""
    return Call("POST", "/bridge/v1/tickets", portal, operations or ("create",), "key", text)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("drop_after", Fault("drop_after")),
        ({"drop_before": True}, Fault("drop_before")),
        ({"kind": "cut_body"}, Fault("cut_body")),
        ({"slow": 2.5}, Fault("slow", seconds=2.5)),
        ({"kind": "slow", "seconds": 2}, Fault("slow", seconds=2)),
        ({"status": 502}, Fault("status", status=502)),
        (
            {"status": 429, "retry_after": 3},
            Fault("status", status=429, retry_after=RetryAfter("seconds", 3)),
        ),
        (
            {"operation_failed": "QuotaExceeded", "message": "Too many."},
            Fault("operation_failed", code="QuotaExceeded", message="Too many."),
        ),
    ],
)
def test_spellings(source: object, fault: Fault) -> None:
    """A fault is a word, a word with its value, or a kind with settings."""
    assert read_fault(source) == fault


@pytest.mark.parametrize(
    "source",
    ["explode", 7, {}, {"status": 200}, {"slow": -1}, {"slow": "long"}, {"drop_after": 3},
     {"status": 500, "colour": "red"}, {"status": 429, "retry_after": {"date": "soon"}}],
)  # fmt: skip
def test_unreadable(source: object) -> None:
    """A fault that no portal can do is refused when the script is read."""
    with pytest.raises(UnreadableFault):
        read_fault(source)


@pytest.mark.parametrize(
    "change",
    [{"portal": "moon"}, {"operation": "sing"}, {"times": 0}, {"times": "many"}, {"match": "("},
     {"colour": "red"}],
)  # fmt: skip
def test_unreadable_rule(change: dict[str, object]) -> None:
    """So is a rule that names what does not exist."""
    with pytest.raises(UnreadableFault):
        read_rule(RULE | change)


@pytest.mark.parametrize(
    ("source", "header"),
    [
        (3, "3"),
        (0.5, "0.5"),
        ("absurd", "31536000"),
        ("missing", None),
        (None, None),
        ("soon", "soon"),
        ({"raw": "1e3"}, "1e3"),
        ({"spelling": "seconds", "seconds": 9}, "9"),
    ],
)
def test_retry_after(source: object, header: str | None) -> None:
    """Retry-After is spelled as the script asks."""
    assert read_retry_after(source).header(NOW) == header


@pytest.mark.parametrize(("source", "ahead"), [("date", 1), ({"date": 60}, 60), ("past", -3600)])
def test_retry_after_date(source: object, ahead: float) -> None:
    """A date is an HTTP-date, ahead or past."""
    header = read_retry_after(source).header(NOW)

    assert header is not None
    assert header.endswith("GMT")
    assert parsedate_to_datetime(header).timestamp() - NOW == ahead


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (call(), True),
        (call("office"), False),
        (call("onprem", "all is well"), False),
        (call("onprem", "落ちる", "lookup"), False),
        (call("onprem", "title\nそれから落ちた", "create"), True),
    ],
)
def test_match(asked: Call, *, taken: bool) -> None:
    """A rule fits by portal, operation, and title or description."""
    book = FaultBook(Forgetful(), [RULE])

    assert (book.take(asked) is not None) is taken


def test_any_of_the_operations() -> None:
    """A call that is a read and a look-up at once is met by rules for either."""
    for operation in ("read", "lookup", "*"):
        book = FaultBook(Forgetful(), [{"operation": operation, "fault": "html"}])

        assert book.take(call("azure", "", "lookup", "read")) == Fault("html")


def test_times() -> None:
    """A rule fires as often as it says, then the next one does."""
    script: list[dict[str, Any]] = [
        {"times": 2, "fault": "html"},
        {"times": None, "fault": "read_only"},
    ]
    book = FaultBook(Forgetful(), script)
    kinds = [fault.kind for fault in (book.take(call()) for _ in range(5)) if fault]

    assert kinds == ["html", "html", "read_only", "read_only", "read_only"]


def test_clear() -> None:
    """Cleared rules are gone; the same rule may be given again."""
    book = FaultBook(Forgetful(), [RULE])
    book.clear()

    assert book.take(call()) is None
    assert book.listing() == []
    book.add([RULE])
    assert book.take(call()) == Fault("drop_after")
    assert [rule["live"] for rule in book.listing()] == [False]


def test_all_or_none() -> None:
    """One unreadable rule keeps the others of its script out."""
    book = FaultBook(Forgetful(), [])
    with pytest.raises(UnreadableFault):
        book.add([RULE, {"fault": "explode"}])

    assert book.listing() == []


def test_counts_last(tmp_path: Path) -> None:
    """After a restart a rule is not given again, whether it came by file or by call."""
    script = [RULE, RULE, {"fault": "html"}]
    taken: list[list[str]] = []
    for _ in range(3):
        store = SqliteStore(tmp_path)
        book = FaultBook(store, script)
        if not taken:
            book.add([{"fault": "revoked"}])
        taken.append([fault.kind for fault in (book.take(call()) for _ in range(2)) if fault])
        store.commit()
        store.close()

    assert taken == [["drop_after", "drop_after"], ["html", "revoked"], []]


def test_file_changes(tmp_path: Path) -> None:
    """A rule taken out of the file is out after a restart; one given by call stays."""
    listed: list[list[str]] = []
    for script in ([RULE], []):
        store = SqliteStore(tmp_path)
        book = FaultBook(store, script)
        if script:
            book.add([{"fault": "html"}])
        listed.append([rule["fault"] for rule in book.listing()])
        store.commit()
        store.close()

    assert listed == [["drop_after", "html"], ["html"]]


def test_file(tmp_path: Path) -> None:
    """A script is YAML or JSON: a list, or rules under a name."""
    yaml, json = tmp_path / "faults.yaml", tmp_path / "faults.json"
    yaml.write_text("rules:\n  - {portal: azure, times: 1, fault: {slow: 3}}\n", encoding="utf-8")
    json.write_text('[{"fault": {"status": 503}}]', encoding="utf-8")

    assert read_rule(read_script(yaml)[0]).fault.seconds == 3
    assert read_rule(read_script(json)[0]).fault.status == 503
    assert rules_of({"fault": "html"}) == [{"fault": "html"}]
    with pytest.raises(UnreadableFault):
        rules_of("html")
