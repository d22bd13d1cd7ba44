from __future__ import annotations

from pathlib import Path

import pytest

from ledger.vault import VaultError, new_key
from ops.health import examine
from workers.bootstrap import build, read_settings


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    """Beside a database that was sealed no other key is made, and it is said what to do."""
    settings = read_settings(var=tmp_path)
    build(settings, "test").close()
    key = tmp_path / "secrets.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()

    with pytest.raises(VaultError, match="put it back"):
        build(settings, "test")
    assert not key.exists()
    assert "put it back" in str([one for one in examine(settings) if one.name == "secrets"])


def test_a_wrong_key_is_told(tmp_path: Path) -> None:
    """Neither a process nor the doctor takes another key for the right one."""
    build(read_settings(var=tmp_path), "test").close()
    other = read_settings(var=tmp_path, secrets_key=new_key())

    with pytest.raises(VaultError, match="another key"):
        build(other, "test")
    (check,) = (one for one in examine(other) if one.name == "secrets")
    assert not check.ok
