"""Who signs in at Azure, with which client, and what never leaves this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import ClientAuthenticationError

from adapters.errors import OutcomeUnknown, PortalError, TryLater
from adapters.loopback import is_loopback
from adapters.portals.azure.client import AzurePortal
from adapters.portals.azure.clients import KEPT_PER_THREAD, Access, Clients
from adapters.portals.azure.credentials import AppRegistration, CustomerCredentials, LoopbackToken
from adapters.portals.port import Scope
from tests.adapters.orders import AZURE, TOKEN, clock
from tests.adapters.portal_suite import LIMITS
from tests.adapters.scripted import ScriptedServer, answer

APP = AppRegistration("contoso.example", "11111111-0000-4000-8000-000000000001", "a-client-secret")
HERE = "http://127.0.0.1:9/azure"
OWN = AZURE.scope


@pytest.fixture
def credentials() -> Iterator[CustomerCredentials]:
    """Know one partner's app."""
    credentials = CustomerCredentials({AZURE.partner: APP})
    yield credentials
    credentials.close()


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080/azure", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:80/", True),
        ("http://localhost", True),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1@evil.example/", False),
        ("https://management.azure.com", False),
        ("http://0.0.0.0", False),
        ("", False),
    ],
)
def test_loopback(url: str, *, here: bool) -> None:
    """An address is on this machine only if it says so without a doubt."""
    assert is_loopback(url) is here


def test_customer_and_home(credentials: CustomerCredentials) -> None:
    """Filing for a customer signs in there, and at home too; one credential a tenant."""
    own, fabrikam = OWN, replace(OWN, customer="fabrikam.example")
    assert credentials.primary(fabrikam) is not credentials.primary(own)
    assert credentials.primary(fabrikam) is credentials.primary(replace(fabrikam))
    assert credentials.auxiliary(fabrikam) is credentials.primary(own)
    assert credentials.auxiliary(own) is None
    assert credentials.auxiliary(replace(OWN, customer=APP.tenant)) is None


def test_partner_without_an_app(credentials: CustomerCredentials) -> None:
    """A partner that has no app loses no order: it waits for one."""
    with pytest.raises(TryLater) as caught:
        credentials.primary(replace(OWN, partner="9"))
    assert caught.value.code == "unauthorized"


def test_customer_that_is_no_tenant(credentials: CustomerCredentials) -> None:
    """A name that cannot be a tenant is told as what it is."""
    with pytest.raises(TryLater) as caught:
        credentials.primary(replace(OWN, customer="no tenant!"))
    assert "'no tenant!' cannot be a tenant" in caught.value.message


def test_secret_is_not_shown() -> None:
    """An app registration that finds its way into a log shows no secret."""
    assert APP.client_secret not in repr(APP)


def test_policies_are_for_loopback() -> None:
    """No way of sending tokens but the client's own is used over the network."""
    token = LoopbackToken(TOKEN)
    with pytest.raises(ValueError, match="loopback"):
        Access(token.credential_for, authentication_policy=token.policy)


def test_token_stays_here() -> None:
    """The fixed token is put on no request to another machine."""
    access = LoopbackToken(TOKEN)
    clients = Clients(Access(access.credential_for, HERE, authentication_policy=access.policy))
    client = clients.client(OWN)
    client._client._base_url = "http://portal.example"
    with pytest.raises(ClientAuthenticationError):
        client.support_tickets.get("x")
    clients.close()


def test_plain_http_without_a_policy() -> None:
    """Without one the client's own rule holds: no token goes over plain HTTP."""
    with ScriptedServer(answer(200, {})) as server:
        token = LoopbackToken(TOKEN)
        portal = AzurePortal(Access(token.credential_for, server.url), clock=clock)
        with pytest.raises(TryLater) as caught:
            portal.find(AZURE)
        assert caught.value.code == "unreachable"
        assert server.heard == []
        portal.close()


class Refusing:
    """A sign-in that Entra refuses with these words."""

    def __init__(self, words: str) -> None:
        self._words = words

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        """Refuse."""
        del scopes, options
        raise ClientAuthenticationError(self._words)


@pytest.mark.parametrize(
    ("words", "detail"),
    [(f"AADSTS7000215: bad secret {TOKEN}", "AADSTS7000215"), ("no answer", "sign-in failed")],
)
def test_sign_in_that_fails(words: str, detail: str) -> None:
    """A sign-in that Entra refuses tells its code, not its words; nothing is lost."""
    portal = AzurePortal(Access(lambda _: Refusing(words)), clock=clock)
    with pytest.raises(TryLater) as caught:
        portal.find(AZURE)
    assert caught.value.code == "unauthorized"
    assert f"({detail})" in caught.value.message
    assert TOKEN not in caught.value.message
    portal.close()


def test_sign_in_that_fails_later() -> None:
    """Once the order is taken, a sign-in that fails is an unknown outcome."""

    def refuse(scope: Scope) -> TokenCredential:
        del scope
        raise TryLater("unauthorized", after_s=900.0)

    portal = AzurePortal(Access(refuse), clock=clock)
    with pytest.raises(OutcomeUnknown) as caught:
        portal.resume(AZURE, "https://management.azure.com/operationsStatus/1")
    assert (caught.value.code, caught.value.look_after_s) == ("unauthorized", 900.0)
    portal.close()


def test_below_the_portal() -> None:
    """An operation may live at a region of the portal, and only over TLS like the portal."""

    def refuse(scope: Scope) -> TokenCredential:
        raise TryLater("asked", scope.partner, after_s=1.0)

    portal = AzurePortal(Access(refuse), clock=clock)
    for token, code in (
        ("https://japaneast.management.azure.com/x", "asked"),
        ("http://management.azure.com/x", "foreign_address"),
        ("https://management.azure.com.evil.example/x", "foreign_address"),
        ("https://evilmanagement.azure.com/x", "foreign_address"),
        ("https://management.azure.com:444/x", "foreign_address"),
    ):
        with pytest.raises(PortalError) as caught:
            portal.resume(AZURE, token)
        assert caught.value.code == code
    portal.close()


def test_list_by_whoever_opens_it() -> None:
    """A subscription is asked with one sign-in after the other until a tenant opens it."""
    asked: list[str | None] = []

    def sign_in(scope: Scope) -> TokenCredential:
        asked.append(scope.customer)
        raise TryLater("unauthorized", f"not {scope.customer}", after_s=900.0)

    tenants = [replace(OWN, customer=name) for name in ("fabrikam.example", None, "northwind")]
    portal = AzurePortal(Access(sign_in), clock=clock)
    listing = portal.list_tickets([*tenants, replace(OWN, subscription_id=None)], clock())
    portal.close()

    assert asked == ["fabrikam.example", None, "northwind", None]
    in_vain, without = listing.unasked
    assert (in_vain.scopes, in_vain.error.message) == (tuple(tenants), "not fabrikam.example")
    assert without.covers(replace(OWN, subscription_id=None))
    assert not without.covers(OWN)


def test_list_of_partners_that_do_not_file_here() -> None:
    """A partner that never had a sign-in has nothing to be listed, and is no trouble."""

    def refuse(scope: Scope) -> TokenCredential:
        raise TryLater("unauthorized", scope.partner, after_s=900.0)

    portal = AzurePortal(Access(refuse, files_for={"9"}.__contains__), clock=clock)
    (unasked,) = portal.list_tickets([OWN, replace(OWN, partner="9")], clock()).unasked
    portal.close()

    assert unasked.error.message == "9"


def test_a_portal_that_is_away_is_not_asked_in_turns() -> None:
    """What is no matter of the tenant is not tried with another one."""
    asked: list[str | None] = []

    def sign_in(scope: Scope) -> TokenCredential:
        asked.append(scope.customer)
        raise TryLater("unreachable", after_s=15.0)

    portal = AzurePortal(Access(sign_in), clock=clock)
    (unasked,) = portal.list_tickets([OWN, replace(OWN, customer="x")], clock()).unasked
    portal.close()

    assert (asked, unasked.error.code) == ([None], "unreachable")


def test_one_client_a_thread_and_subscription() -> None:
    """A thread keeps its client for a subscription; other threads and customers have others."""
    clients = _clients()
    mine = clients.client(OWN)
    assert clients.client(replace(AZURE, key="R-2").scope) is mine
    assert clients.client(replace(OWN, subscription_id="other")) is not mine
    assert clients.client(replace(OWN, customer="fabrikam.example")) is not mine
    theirs: list[object] = []
    thread = threading.Thread(target=lambda: theirs.append(clients.client(OWN)))
    thread.start()
    thread.join()
    assert theirs[0] is not mine
    clients.close()


def test_clients_are_not_hoarded() -> None:
    """A thread keeps the clients it used last, and closes the others."""
    clients = _clients()
    first = clients.client(OWN)
    for number in range(KEPT_PER_THREAD):
        clients.client(replace(OWN, subscription_id=str(number)))
    assert len(clients._all) == KEPT_PER_THREAD
    assert clients.client(OWN) is not first
    clients.close()


def test_auxiliary_token() -> None:
    """Filing for a customer shows the partner's own token beside; for oneself it does not."""
    token = LoopbackToken(TOKEN)
    access = Access(token.credential_for, auxiliary_for=_for_customers, limits=LIMITS)
    clients = Clients(access)
    for scope, shown in ((OWN, 0), (replace(OWN, customer="fabrikam.example"), 1)):
        policies = [type(policy).__name__ for policy in _policies(clients, scope)]
        assert policies.count("AuxiliaryAuthenticationPolicy") == shown
    clients.close()


def _for_customers(scope: Scope) -> TokenCredential | None:
    return LoopbackToken(TOKEN).credential_for(scope) if scope.customer else None


def _policies(clients: Clients, scope: Scope) -> list[object]:
    pipeline = clients.client(scope)._client._pipeline
    return [getattr(policy, "_policy", policy) for policy in pipeline._impl_policies]


def _clients() -> Clients:
    access = LoopbackToken(TOKEN)
    return Clients(Access(access.credential_for, HERE, authentication_policy=access.policy))
