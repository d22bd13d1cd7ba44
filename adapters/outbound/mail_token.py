"""Tokens that send mails by Exchange Online, by client credentials. Never shows one."""

from __future__ import annotations

from collections.abc import Callable

from azure.core.exceptions import AzureError
from azure.identity import ClientSecretCredential

from adapters.errors import TryLater

SCOPE = "https://outlook.office365.com/.default"
WAIT_S = 60.0


def mail_token(tenant: str, client_id: str, secret: str) -> Callable[[], str]:
    """Give what asks for a token; the library keeps one until it is about to end.

    Raises `TryLater` when none is given.
    """
    credential = ClientSecretCredential(tenant, client_id, secret)

    def ask() -> str:
        try:
            return credential.get_token(SCOPE).token
        except AzureError as error:
            raise TryLater("smtp_token", type(error).__name__, after_s=WAIT_S, ill=True) from None

    return ask
