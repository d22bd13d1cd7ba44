from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.directory import Agent, Contract, Customer, Directory, Partner
from contracts.directory_file import read_directory
from contracts.request import SupportRequest
from ledger.vault import Vault, new_key
from ops import directory_facts
from rules.engine import decide
from rules.verdict import Verdict
from tests.builders import AGENT, DIRECTORY, onprem_data
from tests.rules.article import TODAY
from tests.rules.cast import rule_book
from workers.facts import facts_of

VAULT = Vault(new_key())
HOME = read_directory(DIRECTORY)
NAMES = st.sampled_from(["gold-2026", "scs-2026", "other"])
STRANGERS = st.builds(
    Partner,
    id=st.sampled_from(["1", "46123450", "04612345"]),
    name=st.just("Stranger"),
    type=st.sampled_from(["csp_direct", "csp_indirect_reseller", "advisor"]),
    membership=st.sampled_from(["gold", "silver", "action_pack", "none"]),
    agents=st.tuples(
        st.builds(Agent, sign_in=st.just(AGENT), roles=st.just(()), linked_contracts=st.just(()))
    ),
    customers=st.tuples(
        st.builds(
            Customer,
            tenant=st.just("fabrikam.example"),
            delegated_admin=st.sampled_from(["active", "none", "declined"]),
        )
    ),
    contracts=st.tuples(
        st.builds(
            Contract,
            name=NAMES,
            kind=st.sampled_from(["gold_20", "asfp"]),
            expires_on=st.just(TODAY),
            incidents=st.integers(0, 3),
        )
    ),
)


def verdict(directory: Directory, data: dict[str, object]) -> Verdict:
    """Decide as `explain` does."""
    request = SupportRequest.model_validate(data)
    who = (request.partner, request.agent, request.customer)
    known = directory_facts.known(directory, VAULT.fingerprint, *who)
    facts = facts_of(request, request.secrets(), known, VAULT.fingerprint, TODAY)
    return decide(facts, rule_book())


@settings(max_examples=100)
@given(
    stranger=STRANGERS,
    first=st.booleans(),
    customer=st.sampled_from([None, "fabrikam.example", "northwind.example", "nobody.example"]),
    product=st.sampled_from(["exchange-server/se", "office365/teams", "azure/virtual-machines"]),
)
def test_another_partner_changes_nothing(
    stranger: Partner, *, first: bool, customer: str | None, product: str
) -> None:
    """Whoever else is in the directory, with the same names even, the answer is the same."""
    data = onprem_data(customer=customer, product=product, severity="B", contract=None)
    both = (stranger, *HOME.partners) if first else (*HOME.partners, stranger)

    assert verdict(Directory(partners=both), data) == verdict(HOME, data)
