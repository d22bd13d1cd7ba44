"""The directory file: read whole or not at all, and written back."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.directory import Contract, Directory
from contracts.directory_faults import DirectoryFault
from contracts.directory_file import read_directory, write_directory

GOOD = """\
partners:
  - id: "4612345"                      # MPN partner id
    name: Contoso Japan
    domain: contoso.example
    type: advisor
    membership: gold
    partner_features: true
    agents:
      - sign_in: sato@contoso.example
        roles: [admin_agent, billing_reader]
        azure_subscriptions: ["1f0c7a52-0000-4000-8000-000000000001"]
        linked_contracts: [gold-2026]
    customers:
      - tenant: fabrikam.example
        name: Fabrikam
        domains: [fabrikam.co.example]
        delegated_admin: active
    contracts:
      - name: gold-2026
        kind: gold_20
        access_id: "0230 242323"
        contract_id: "００１２３４５６７８"
        activation: active
        expires_on: 2027-03-31
        incidents: 20
      - name: scs
        kind: scs_unlimited
        activation: requested
        expires_on: "2027-03-31"
"""


def faults(text: str) -> list[str]:
    """Every fault of a file that must not pass."""
    with pytest.raises(DirectoryFault) as caught:
        read_directory(text)
    return [str(fault) for fault in caught.value.faults]


def test_a_file_is_read() -> None:
    """Ids lose their blanks and their full width, and keep their zeros."""
    (partner,) = read_directory(GOOD).partners
    gold, scs = partner.contracts
    assert gold.access_id is not None
    assert gold.contract_id is not None
    assert gold.access_id.get_secret_value() == "0230242323"
    assert gold.contract_id.get_secret_value() == "0012345678"
    assert (gold.incidents, scs.incidents) == (20, None)
    assert gold.expires_on == scs.expires_on == date(2027, 3, 31)
    assert partner.agents[0].roles == ("admin_agent", "billing_reader")
    assert "0230242323" not in repr(partner)


def test_what_is_written_is_read_again() -> None:
    """Export with secrets and import give the same directory."""
    directory = read_directory(GOOD)
    assert read_directory(write_directory(directory, secrets=True)) == directory


def test_ids_are_masked_unless_asked_for() -> None:
    """An export for eyes has no ids, and cannot be imported by mistake."""
    shown = write_directory(read_directory(GOOD), secrets=False)
    assert "0230242323" not in shown
    assert '"***"' in shown
    assert all("is masked" in fault for fault in faults(shown))


def test_an_empty_list_is_a_directory() -> None:
    """A directory without partners is one."""
    assert read_directory("partners: []\n") == Directory(partners=())


BROKEN = """\
partners:
  - id: 4612345
    name: Contoso
    typ: advisor
    membership: platinum
    name: again
    agents:
      - sign_in: sato@contoso.example
        linked_contracts: [nope]
      - sign_in: SATO@contoso.example
        roles: admin
    customers:
      - {tenant: a.example, delegated_admin: maybe}
      - tenant: A.example
    contracts:
      - name: a
        kind: gold_20
        access_id: 0230242323
        contract_id: "0012345678"
        expires_on: 2027-02-30
      - name: a
        kind: gold_21
        access_id: "0230 242323"
        expires_on: tomorrow
        incidents: -1
      - {name: b, kind: asfp, access_id: "0230242323", contract_id: "1", expires_on: 2027-03-31}
      - {name: c, kind: asfp, activation: none, expires_on: 2027-03-31, incidents: 3}
  - id: "4612345"
    name: two
    type: advisor
  - id: "4612345"
    name: three
    type: advisor
"""
PARTNER = "partners[0]"
EXPECTED = [
    f"line 2, column 5: {PARTNER}.type: is missing",
    f"line 2, column 9: {PARTNER}.id: must be text; put it in quotes",
    f"line 4, column 10: {PARTNER}.typ: is not a field",
    f"line 5, column 17: {PARTNER}.membership: must be one of 'gold', 'silver'",
    f"line 6, column 5: {PARTNER}.name: stands here for the second time",
    f"line 9, column 28: {PARTNER}.agents[0].linked_contracts[0]: names no contract",
    f"line 10, column 18: {PARTNER}.agents[1].sign_in: is another agent's sign-in",
    f"line 11, column 16: {PARTNER}.agents[1].roles: must be a list",
    f"line 13, column 46: {PARTNER}.customers[0].delegated_admin: must be one of",
    f"line 14, column 17: {PARTNER}.customers[1].tenant: is another customer's",
    f"line 16, column 9: {PARTNER}.contracts[0].incidents: is missing; the kind gold_20",
    f"line 18, column 20: {PARTNER}.contracts[0].access_id: must be text; put it in quotes",
    f"line 20, column 21: {PARTNER}.contracts[0].expires_on: is a day or a number",
    f"line 21, column 9: {PARTNER}.contracts[1].contract_id: is missing; an active",
    f"line 21, column 15: {PARTNER}.contracts[1].name: is the name of another contract",
    f"line 22, column 15: {PARTNER}.contracts[1].kind: must be one of 'scs_unlimited'",
    f"line 24, column 21: {PARTNER}.contracts[1].expires_on: must be a day",
    f"line 25, column 20: {PARTNER}.contracts[1].incidents: must be 0 or more",
    f"line 26, column 42: {PARTNER}.contracts[2].access_id: is the Access ID of another",
    f"line 27, column 84: {PARTNER}.contracts[3].incidents: is not counted",
    "line 31, column 9: partners[2].id: is the id of another partner",
]


def test_every_fault_is_listed_with_its_line() -> None:
    """One reading shows all there is to correct, in the order of the lines."""
    found = faults(BROKEN)
    assert len(found) == len(EXPECTED)
    for fault, beginning in zip(found, EXPECTED, strict=True):
        assert fault.startswith(beginning)


def test_no_fault_shows_an_id() -> None:
    """Not one digit of an id is in the faults of a file that is wrong everywhere."""
    text = GOOD.replace('"0230 242323"', "0230242323").replace("kind: gold_20", "kind: x")
    shown = "\n".join(faults(text.replace("name: scs", "name: gold-2026")))
    assert "0230" not in shown
    assert "242323" not in shown


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("", "line 1, column 1: is empty"),
        ("partners: [", "line 1, column 12: is not YAML"),
        ("partners:\n\t- a", "line 2, column 1: is not YAML"),
        ("partners: []\n---\na: 1", "line 2, column 1: is not YAML"),
        ("a: &x [*x]", "line 1, column 8: is not YAML: uses an alias"),
        ("partners: &x [&y 1]\nb: *x", "line 2, column 4: is not YAML: uses an alias"),
        ("a: \x07", "line 1, column 1: holds a control character"),
        ("[" * 5_000, "line 1, column 1: is nested too deeply"),
        ("- a", "line 1, column 1: must be an object"),
        ("partners: 1", "line 1, column 11: partners: must be a list"),
        ("partners: !!python/object:os.system [x]", "line 1, column 38: partners[0]: must be"),
        ("partners:\n  - id: !x y", "line 2, column 5: partners[0].name: is missing"),
    ],
)
def test_what_is_no_directory(text: str, beginning: str) -> None:
    """Whatever the text, the answer is a fault with a line."""
    assert faults(text)[0].startswith(beginning)


def test_fields_left_blank_are_left_out() -> None:
    """`customers:` with nothing behind it is an empty list."""
    text = 'partners:\n  - {id: "1", name: a, type: csp_direct, customers: , contracts: }\n'
    (partner,) = read_directory(text).partners
    assert (partner.customers, partner.membership) == ((), "none")


def test_a_contract_cannot_be_changed() -> None:
    """The directory in force changes by import alone."""
    contract = Contract(name="a", kind="asfp", expires_on=date(2027, 3, 31), activation="none")
    with pytest.raises(ValueError, match="frozen"):
        contract.name = "b"  # type: ignore[misc]  # the very thing that is tried
