"""What the benchmark reckons with, and how it finds a run that was not exact."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from adapters.inbound.event import parse_event
from bench import exactness, figures, report, usage
from bench.__main__ import main
from bench.figures import BACKENDS, OWN, Cost, Figures, Latency
from bench.load import directory, load
from bench.measuring import Plan
from bench.tally import Tally
from bench.usage import Usage
from contracts.event_data import Accepted, Deducted, Rejected, Submitted
from contracts.incoming import Incoming
from ledger.proof import Discrepancy, Proof

TEN = load("t", 10)
PLAN = Plan(requests=10, warm_up=1, rate=None)


def told(tally: Tally, kind: str, number: str) -> None:
    """Let the stream say this of a request."""
    tally.add(1_000, orjson.dumps({"type": kind, "correlationid": number, "data": {}}))


def read_back() -> Tally:
    """Give what the stream says when all ten came through."""
    tally = Tally()
    for message in TEN.messages:
        told(tally, Accepted.TYPE, message.number)
        told(tally, Submitted.TYPE, message.number)
    for message in TEN.messages[: TEN.deductions]:
        told(tally, Deducted.TYPE, message.number)
    return tally


def run(database: str, took_s: float, wait_ms: float, cpu_s: float) -> Figures:
    """Give the figures of a run."""
    waits = Latency(wait_ms, wait_ms * 2)
    processes = {"worker": Cost(cpu_s, 100.0), OWN: Cost(50.0, None)}
    return Figures(database, 10, took_s, waits, waits, processes)


# ---- The load ------------------------------------------------------------------------------------


def test_the_mix_is_six_three_one() -> None:
    """Of a hundred requests sixty are on-premises, thirty are Office's and ten Azure's."""
    products = Counter(
        orjson.loads(message.body)["data"]["product"].partition("/")[0]
        for message in load("t", 100).messages
    )
    assert products == {"exchange-server": 60, "Exchange Online": 30, "azure": 10}


def test_the_same_load_each_time() -> None:
    """Two runs send the same bytes, every request under a number of its own."""
    assert load("t", 50) == load("t", 50)
    assert len({message.number for message in load("t", 50).messages}) == 50


def test_every_request_can_be_read_and_has_its_partner() -> None:
    """The pipeline's own reader takes every message, and the directory knows who sends it."""
    partners = {partner.id for partner in directory(10).partners}
    for message in TEN.messages:
        (item,) = parse_event(message.body)
        assert isinstance(item.outcome, Incoming)
        assert item.outcome.request.partner in partners


def test_office_costs_no_incident() -> None:
    """Deductions are awaited for all but Office's requests."""
    assert load("t", 100).deductions == 70


# ---- Usage ---------------------------------------------------------------------------------------


def process(proc: Path, pid: int, session: int, ticks: tuple[int, int, int, int]) -> None:
    """Write what /proc says of a process whose name is hard to read."""
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    times = " ".join(map(str, ticks))
    (folder / "stat").write_text(f"{pid} (a) b (c)) S 1 1 {session} 0 -1 0 0 0 0 0 {times} 20 0\n")
    (folder / "status").write_text(f"Name:\ta\nVmHWM:\t    {pid} kB\nThreads:\t3\n")


def test_a_process_counts_with_its_children(tmp_path: Path) -> None:
    """All of a session is added up, children that have ended too; strangers are not."""
    process(tmp_path, 100, 100, (100, 200, 300, 400))
    process(tmp_path, 101, 100, (50, 0, 0, 0))
    process(tmp_path, 102, 102, (9, 9, 9, 9))
    (tmp_path / "self").symlink_to(tmp_path / "100")
    (tmp_path / "uptime").write_text("1 1")
    found = usage.usages({"worker": [100], "gone": [103]}, tmp_path)
    assert found is not None
    assert found["worker"].peak_kib == 201
    assert found["worker"].cpu_s * usage.ticks_per_s() == pytest.approx(1_050)
    assert found["gone"] == Usage(0.0, 0)


def test_without_proc_nothing_is_measured(tmp_path: Path) -> None:
    """Where there is no /proc the answer is that nothing is known."""
    assert usage.usages({"worker": [1]}, tmp_path) is None
    assert usage.own(tmp_path) is None
    assert figures.costs(None, None, 10) == {}


def test_costs_are_what_was_used_between_two_looks() -> None:
    """Costs are given for a thousand requests; the backends' shared memory is not added up."""
    before = {"worker": Usage(1.0, 1_024), BACKENDS: Usage(2.0, 1_024)}
    after = {"worker": Usage(1.5, 2_048), BACKENDS: Usage(2.0, 1_024)}
    found = figures.costs(before, after, 100)
    assert found == {"worker": Cost(5.0, 2.0), BACKENDS: Cost(0.0, None)}


# ---- Figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_percentiles_are_values_that_occurred(percent: float, expected: float) -> None:
    """The nearest rank is given, never a value in between."""
    assert figures.percentile(range(1, 101), percent) == expected


def test_a_single_value_is_every_percentile() -> None:
    """One request has no tail."""
    assert figures.percentile([7], 99) == 7


def test_latency_runs_from_each_requests_own_sending() -> None:
    """A request that was sent late has not waited long."""
    assert figures.latency({"a": 0, "b": 90}, {"a": 100, "b": 100}) == Latency(10.0, 100.0)


def test_the_median_round_is_shown() -> None:
    """Of several rounds the one of median speed counts; of two, the slower."""
    fast, middling, slow = (run("sqlite", took, 1, 1) for took in (1.0, 2.0, 4.0))
    assert figures.middle([slow, fast, middling]) == middling
    assert figures.middle([fast, slow]) == slow


def test_ratios_leave_the_benchmark_itself_out() -> None:
    """Ratios are PostgreSQL's figures by SQLite's, and our own processor time is not theirs."""
    found = figures.ratios(run("postgresql", 2.0, 30.0, 9.0), run("sqlite", 1.0, 10.0, 3.0))
    assert found["requests per second"] == 0.5
    assert found["p50 XADD to submitted"] == 3.0
    assert found["CPU seconds per 1,000"] == 3.0


# ---- Exactness -----------------------------------------------------------------------------------


def test_an_exact_run_has_no_faults() -> None:
    """Everything once is exact."""
    assert list(exactness.event_faults(TEN, read_back())) == []
    assert list(exactness.ticket_faults(Counter(["a", "b"]), 2)) == []
    assert list(exactness.account_faults(Proof(1, 2, 2, []), 2)) == []


def test_a_lost_request_is_found() -> None:
    """A request without its event, and an event without its request, are both faults."""
    tally = read_back()
    del tally.at_ms[Submitted.TYPE]["t-1"]
    tally.at_ms[Accepted.TYPE]["x"] = 1
    first, second = exactness.event_faults(TEN, tally)
    assert "0 requests lack it, 1 unknown" in first
    assert "1 requests lack it, 0 unknown" in second


@pytest.mark.parametrize("kind", [Accepted.TYPE, Submitted.TYPE, Deducted.TYPE])
def test_an_event_that_comes_twice_is_found(kind: str) -> None:
    """At least once is right for readers, but a quiet run has no reason for a repeat."""
    tally = read_back()
    told(tally, kind, "t-1")
    assert list(exactness.event_faults(TEN, tally)) == [f"{kind}: 2 times for t-1"]


def test_a_missing_deduction_is_found() -> None:
    """Fewer deductions than counted requests are a fault."""
    tally = read_back()
    del tally.at_ms[Deducted.TYPE]["t-1"]
    (fault,) = exactness.event_faults(TEN, tally)
    assert fault == f"{Deducted.TYPE}: {TEN.deductions - 1} instead of {TEN.deductions}"


def test_another_end_is_found_with_its_reason() -> None:
    """A refused request is no figure, and the reason is said."""
    tally = read_back()
    data = {"state": "rejected", "reasons": [{"code": "unknown_partner"}]}
    event = {"type": Rejected.TYPE, "correlationid": "t-1", "data": data}
    tally.add(1, orjson.dumps(event))
    (fault,) = exactness.event_faults(TEN, tally)
    assert fault.startswith("t-1 came to another end")
    assert "unknown_partner" in fault


def test_two_tickets_for_a_request_are_found() -> None:
    """The portals are asked, whatever our own events say."""
    assert list(exactness.ticket_faults(Counter(["a", "a"]), 2)) == [
        "the portals hold tickets for 1 requests instead of 2",
        "2 tickets under a",
    ]


def test_an_account_that_does_not_add_up_is_found() -> None:
    """The ledger's own proof counts."""
    wrong = Discrepancy("a ticket is paid once", "TR-1", 1, 2)
    assert list(exactness.account_faults(Proof(1, 2, 3, [wrong]), 4)) == [
        "the ledger has 3 tickets instead of 4",
        "ledger: a ticket is paid once, TR-1: 1 expected, 2 found",
    ]


# ---- Report --------------------------------------------------------------------------------------


def shown(*runs: Figures) -> str:
    """Give the report as a person sees it."""
    screen = Console(file=StringIO(), width=100)
    for page in report.answer(PLAN, runs, ["a note"]).pages(100):
        screen.print(page)
    assert isinstance(screen.file, StringIO)
    return screen.file.getvalue()


def test_both_databases_and_their_ratios_are_shown() -> None:
    """There is a table for each database, the ratios, and every note."""
    text = shown(run("sqlite", 1.0, 10.0, 3.0), run("postgresql", 2.0, 30.0, 9.0))
    for words in ("sqlite: 10 requests", "postgresql: 10", "postgresql / sqlite", "note: a note"):
        assert words in text


def test_what_was_not_measured_is_said() -> None:
    """Neither a zero nor a blank stands for what nobody measured."""
    waits = Latency(1, 1)
    assert report.NOT_MEASURED in shown(Figures("sqlite", 10, 1.0, waits, waits, {}))
    assert report.NOT_MEASURED in shown(run("sqlite", 1.0, 10.0, 3.0))


def test_machines_get_the_same() -> None:
    """The document has every run, and ratios only when there are two databases."""
    both = report.answer(PLAN, [run("sqlite", 1, 1, 1), run("postgresql", 1, 1, 1)], []).document
    alone = report.answer(PLAN, [run("sqlite", 2.0, 1, 1)], []).document
    assert [one["database"] for one in both["runs"]] == ["sqlite", "postgresql"]
    assert both["ratios"]["requests per second"] == 1.0
    assert alone["ratios"] == {}
    assert alone["runs"][0]["requests_per_s"] == 5.0


# ---- The command ---------------------------------------------------------------------------------


def test_help_says_how_to_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Each figure of the table is explained."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for words in ("requests per second", "XADD to submitted", "CPU s per 1,000", "peak MiB"):
        assert words in text


@pytest.mark.parametrize("words", [["--requests", "0"], ["--rate", "-1"], ["--database", "x"]])
def test_wrong_use_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is started for a number that makes no sense."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err
