"""The contact of a request: what the agent's sign-in supplies where the sender gave none."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import is_given
from rules.case import Case
from rules.remark import Fill


def contact_of_agent(case: Case) -> Iterator[Fill]:
    """Fill in the agent's sign-in; without a number nobody can be called, so e-mail it is."""
    contact = case.request.contact
    if case.agent is None:
        return
    for field, given in (("contact.name", contact.name), ("contact.email", contact.email)):
        if not is_given(given):
            yield Fill(field, case.agent.sign_in)
    if contact.method == "phone" and not is_given(contact.phone):
        yield Fill("contact.method", "email")
