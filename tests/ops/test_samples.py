from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from contracts.directory_file import read_directory
from contracts.incoming import Incoming
from ledger.vault import Vault, new_key
from ops import directory_facts
from ops.demo.samples import UNREADABLE, Samples, read_samples
from rules.engine import decide
from sandbox.faults import read_script
from tests.ops.conftest import SAMPLES
from workers.bootstrap import read_settings, rule_book
from workers.facts import facts_of

DAYS = (date(2026, 12, 1), date(2029, 11, 1))
STATES = {"eligible": "submitted"}


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Read the samples that the demonstration plays."""
    return read_samples(SAMPLES)


def test_every_sample_is_expected_somewhere(samples: Samples) -> None:
    """The list of what is expected and the folder name the same requests, each once."""
    assert samples.expected is not None
    assert Counter(one.key for one in samples.all) == Counter(dict.fromkeys(samples.expected, 1))


def test_the_samples_cover_what_the_demonstration_promises(samples: Samples) -> None:
    """At least fourteen requests, each way in, every kind of end, both languages."""
    assert samples.expected is not None
    assert len(samples.all) >= 14
    assert {one.way for one in samples.all} == {"http", "stream", "file"}
    ends = {one.state for one in samples.expected.values()}
    assert ends == {"submitted", "incomplete", "held", "rejected", UNREADABLE}
    assert {Path(one.name).suffix for one in samples.deliveries} == {
        ".json", ".jsonl", ".csv", ".eml",
    }  # fmt: skip


def test_the_faults_can_be_read(samples: Samples) -> None:
    """One portal throttles, and one drops its answer after it made the ticket."""
    assert samples.faults is not None
    faults = [rule["fault"] for rule in read_script(samples.faults)]
    assert "drop_after" in faults
    assert [one for one in faults if isinstance(one, dict) and one.get("status") == 429]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_rules_decide_as_expected(samples: Samples, day: date) -> None:
    """What is expected of a sample is what the rules say of it, on the sample directory."""
    directory = read_directory(samples.directory.read_text(encoding="utf-8"))
    fingerprint = Vault(new_key()).fingerprint
    book = rule_book(read_settings())
    assert samples.expected is not None
    said = {}
    for incoming in (one.item.outcome for one in samples.all):
        if not isinstance(incoming, Incoming):
            continue
        request = incoming.request
        names = (request.partner, request.agent, request.customer)
        known = directory_facts.known(directory, fingerprint, *names)
        verdict = decide(facts_of(request, request.secrets(), known, fingerprint, day), book)
        leading = [one.code for one in verdict.reasons if one.outcome is verdict.outcome]
        outcome = verdict.outcome.value
        said[incoming.source, incoming.id] = (STATES.get(outcome, outcome), [*leading, ""][0])
    readable = {
        key: (one.state, one.code)
        for key, one in samples.expected.items()
        if one.state != UNREADABLE
    }
    assert said == readable
