"""Official clients, one for each thread, subscription and tenant, with our limits and no repeats.

The client's own retry policy repeats creations too and sleeps as long as any `Retry-After` says:
it is off, and so are redirects.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from azure.core.credentials import TokenCredential
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import RedirectPolicy, RetryPolicy
from azure.mgmt.core.policies import AuxiliaryAuthenticationPolicy
from azure.mgmt.support import MicrosoftSupport

from adapters.loopback import is_loopback
from adapters.portals.azure.credentials import CredentialFor
from adapters.portals.port import Scope
from adapters.transport import Limits, nothing

PUBLIC_CLOUD = "https://management.azure.com"
KEPT_PER_THREAD = 32
_NO_SUBSCRIPTION = ""


def everyone(partner: str) -> bool:
    """Leave nobody out."""
    del partner
    return True


@dataclass(frozen=True, slots=True)
class Access:
    """Where Azure is and how one signs in there.

    `authentication_policy` replaces the client's own way to send tokens; on loopback only.
    """

    credential_for: CredentialFor
    base_url: str = PUBLIC_CLOUD
    auxiliary_for: Callable[[Scope], TokenCredential | None] | None = None
    authentication_policy: Callable[[], object] | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    files_for: Callable[[str], bool] = everyone
    """Whether a partner's tickets are filed here at all: others' lists are not asked for."""
    heard: Callable[[], None] = nothing
    """Called when the answer to a creation comes in, before anyone reads it."""

    def __post_init__(self) -> None:
        if self.authentication_policy is not None and not is_loopback(self.base_url):
            raise ValueError("an authentication policy of one's own is for loopback addresses only")


class Clients:
    """Hands out the calling thread's client for a scope; keeps the last ones used."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._mine = threading.local()
        self._all: set[MicrosoftSupport] = set()
        self._guard = threading.Lock()

    def client(self, scope: Scope) -> MicrosoftSupport:
        kept = self._kept()
        if scope not in kept:
            kept[scope] = self._open(scope)
        kept.move_to_end(scope)
        while len(kept) > KEPT_PER_THREAD:
            self._retire(kept.popitem(last=False)[1])
        return kept[scope]

    def close(self) -> None:
        with self._guard:
            clients, self._all = self._all, set()
        for client in clients:
            client.close()

    def _kept(self) -> OrderedDict[Scope, MicrosoftSupport]:
        if not hasattr(self._mine, "kept"):
            self._mine.kept = OrderedDict()
        kept: OrderedDict[Scope, MicrosoftSupport] = self._mine.kept
        return kept

    def _open(self, scope: Scope) -> MicrosoftSupport:
        access = self._access
        client = MicrosoftSupport(
            access.credential_for(scope),
            scope.subscription_id or _NO_SUBSCRIPTION,
            base_url=access.base_url,
            **self._manners(scope),
        )
        with self._guard:
            self._all.add(client)
        return client

    def _retire(self, client: MicrosoftSupport) -> None:
        with self._guard:
            self._all.discard(client)
        client.close()

    def _hear(self, answer: PipelineResponse[Any, Any]) -> None:
        if answer.http_request.method == "PUT":
            self._access.heard()

    def _manners(self, scope: Scope) -> dict[str, Any]:
        access = self._access
        manners: dict[str, Any] = {
            "retry_policy": RetryPolicy.no_retries(),
            "redirect_policy": RedirectPolicy.no_redirects(),
            "connection_timeout": access.limits.connect_s,
            "read_timeout": access.limits.read_s,
            # A proxy of the environment must not carry calls that stay on this machine.
            "use_env_settings": not is_loopback(access.base_url),
            "raw_response_hook": self._hear,
        }
        if access.authentication_policy is not None:
            manners["authentication_policy"] = access.authentication_policy()
        auxiliary = access.auxiliary_for and access.auxiliary_for(scope)
        if auxiliary:
            audience = f"{PUBLIC_CLOUD}/.default"
            manners["per_call_policies"] = [AuxiliaryAuthenticationPolicy([auxiliary], audience)]
        return manners
