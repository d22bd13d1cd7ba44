"""Who signs in at Azure: an app in each customer's tenant, or a fixed token on loopback.

Never writes a secret or a token anywhere, and never sends the fixed token off this machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.identity import ClientSecretCredential
from typing_extensions import override

from adapters import answers
from adapters.loopback import is_loopback
from adapters.portals.port import Scope

CredentialFor = Callable[[Scope], TokenCredential]
NEVER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AppRegistration:
    """A partner's app: its home tenant, and how it proves itself in any tenant that let it in."""

    tenant: str
    client_id: str
    client_secret: str = field(repr=False)


class CustomerCredentials:
    """Signs in to the tenant whose tickets they are; one credential, and its tokens, a tenant."""

    def __init__(self, apps: Mapping[str, AppRegistration]) -> None:
        self._apps = dict(apps)
        self._known: dict[tuple[str, str], ClientSecretCredential] = {}
        self._guard = threading.Lock()

    def primary(self, scope: Scope) -> TokenCredential:
        """Sign in where the ticket is to be: the customer's tenant, or the partner's own."""
        app = self._app(scope.partner)
        return self._credential(app, scope.customer or app.tenant)

    def auxiliary(self, scope: Scope) -> TokenCredential | None:
        """Sign in at home too, when filing for a customer."""
        app = self._app(scope.partner)
        if scope.customer in (None, app.tenant):
            return None
        return self._credential(app, app.tenant)

    def close(self) -> None:
        with self._guard:
            known, self._known = list(self._known.values()), {}
        for credential in known:
            credential.close()

    def _app(self, partner: str) -> AppRegistration:
        app = self._apps.get(partner)
        if app is None:
            raise answers.unauthorized(f"partner {partner} has no app registration")
        return app

    def _credential(self, app: AppRegistration, tenant: str) -> ClientSecretCredential:
        with self._guard:
            key = (app.client_id, tenant)
            if key not in self._known:
                self._known[key] = _sign_in(app, tenant)
            return self._known[key]


def _sign_in(app: AppRegistration, tenant: str) -> ClientSecretCredential:
    try:
        return ClientSecretCredential(tenant, app.client_id, app.client_secret)
    except ValueError:
        raise answers.unauthorized(f"{tenant!r} cannot be a tenant") from None


class _PipelineUrl(Protocol):
    url: str
    headers: dict[str, str]


class LoopbackToken:
    """A fixed token for a simulated portal: both the credential and how it is sent.

    The official client refuses to send tokens over plain HTTP; this does, to this machine alone.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    def credential_for(self, scope: Scope) -> TokenCredential:
        del scope
        return _Fixed(self._token)

    def policy(self) -> LoopbackPolicy:
        return LoopbackPolicy(self._token)


class LoopbackPolicy(SansIOHTTPPolicy[Any, Any]):
    """Puts the fixed token on a request that stays on this machine, and stops any other."""

    def __init__(self, token: str) -> None:
        self._token = token

    @override
    def on_request(self, request: PipelineRequest[Any]) -> None:
        outgoing: _PipelineUrl = request.http_request
        if not is_loopback(outgoing.url):
            raise ClientAuthenticationError("a loopback token never leaves this machine")
        outgoing.headers["Authorization"] = f"Bearer {self._token}"


class _Fixed:
    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        del scopes, options
        return AccessToken(self._token, NEVER)
