from __future__ import annotations

import pytest

from ledger.vault import Vault, VaultError, new_key


def test_what_is_sealed_opens_again() -> None:
    """Sealing hides, opening shows, and the same key does both."""
    vault = Vault(new_key())
    sealed = vault.seal(b"0230242323")

    assert b"0230242323" not in sealed
    assert vault.open(sealed) == b"0230242323"


def test_another_key_opens_nothing() -> None:
    """The error says what to do and shows nothing."""
    sealed = Vault(new_key()).seal(b"0230242323")

    with pytest.raises(VaultError, match="set the key it was sealed with"):
        Vault(new_key()).open(sealed)


def test_fingerprints_are_keyed() -> None:
    """The same secret has the same fingerprint under one key, and another under another."""
    one, other = Vault(new_key()), Vault(new_key())

    assert one.fingerprint("0230242323") == one.fingerprint("0230242323")
    assert one.fingerprint("0230242323") != one.fingerprint("230242323")
    assert one.fingerprint("0230242323") != other.fingerprint("0230242323")


def test_a_key_that_is_none_is_refused() -> None:
    """A key of the wrong form is named, not shown."""
    with pytest.raises(VaultError, match="not a Fernet key") as refused:
        Vault("my-password")

    assert "my-password" not in str(refused.value)


def test_a_vault_does_not_print_its_key() -> None:
    """Printing a vault shows nothing of it."""
    key = new_key()

    assert key not in repr(Vault(key))
