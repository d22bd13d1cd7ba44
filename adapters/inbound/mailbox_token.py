"""Tokens that open a mailbox of Exchange Online, by client credentials. Never shows one."""

from __future__ import annotations

from collections.abc import Callable

from azure.core.exceptions import AzureError
from azure.identity import ClientSecretCredential

from adapters.inbound.imap import MailboxAway

SCOPE = "https://outlook.office365.com/.default"


def mailbox_token(tenant: str, client_id: str, secret: str) -> Callable[[], str]:
    """Give what asks for a token; the library keeps one until it is about to end.

    Raises `MailboxAway` when none is given.
    """
    credential = ClientSecretCredential(tenant, client_id, secret)

    def ask() -> str:
        try:
            return credential.get_token(SCOPE).token
        except AzureError as error:
            raise MailboxAway(type(error).__name__) from None

    return ask
