"""Secrets at rest: sealed with a Fernet key, found again by a keyed fingerprint.

Never logs, never keeps an opened secret, and never compares secrets in the open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from typing_extensions import override


class VaultError(Exception):
    """A sealed value does not open: the key is not the one it was sealed with."""


class Vault:
    """Seals and opens bytes; a fingerprint tells whether two secrets are the same."""

    def __init__(self, key: str) -> None:
        """Take a Fernet key, 32 bytes in URL-safe base64. Raise `VaultError` for another."""
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise VaultError(
                "the secrets key is not a Fernet key: 32 bytes in URL-safe base64"
            ) from error
        self._mark = hashlib.sha256(b"fingerprint:" + base64.urlsafe_b64decode(key)).digest()

    @override
    def __repr__(self) -> str:
        return "Vault(***)"

    def seal(self, secret: bytes) -> bytes:
        return self._fernet.encrypt(secret)

    def open(self, sealed: bytes) -> bytes:
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise VaultError("sealed with another key; set the key it was sealed with") from error

    def fingerprint(self, secret: str) -> str:
        """Give the keyed hash under which the secret is found, 32 hex digits."""
        return hmac.new(self._mark, secret.encode(), hashlib.sha256).hexdigest()[:32]


def new_key() -> str:
    return Fernet.generate_key().decode()


def new_secret() -> str:
    """Draw a secret to sign with, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
