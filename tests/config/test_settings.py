from __future__ import annotations

from pathlib import Path

import pytest

from workers.bootstrap import SettingsError, environment, read_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_settings_everything_is_embedded() -> None:
    """Nothing set: files under ./var, no server and no portal of anyone's."""
    settings = read_settings()

    assert settings.var == Path("var")
    assert settings.redis_url is None
    assert settings.office.url is None


def test_the_environment_goes_before_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable wins over a line in config/*.toml, which wins over the default."""
    Path("config").mkdir()
    Path("config/a.toml").write_text('lease_s = 7\nattempts = 3\n[office]\nurl = "http://b"\n')
    monkeypatch.setenv("TORITSUGI_ATTEMPTS", "5")

    settings = read_settings()

    assert (settings.lease_s, settings.attempts, settings.office.url) == (7, 5, "http://b")


def test_every_fault_is_listed_and_no_secret_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is wrong is said at once, by the variable's name."""
    monkeypatch.setenv("TORITSUGI_LEASE_S", "-1")
    monkeypatch.setenv("TORITSUGI_TIME_ZONE", "Tokyo")
    monkeypatch.setenv("TORITSUGI_OFFICE", '{"url": 7, "token": ["hunter2"]}')

    with pytest.raises(SettingsError) as refused:
        read_settings()

    words = str(refused.value)
    for name in ("LEASE_S", "TIME_ZONE", "OFFICE__URL", "OFFICE__TOKEN"):
        assert f"TORITSUGI_{name}" in words
    assert "hunter2" not in words


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that does not exist is not silently left out."""
    monkeypatch.setenv("TORITSUGI_DATABSE_URL", "postgresql://…")

    with pytest.raises(SettingsError, match="TORITSUGI_DATABSE_URL"):
        read_settings()


def test_a_child_sees_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is handed to a child process reads back the same, secrets too."""
    app = {"tenant": "t", "client_id": "c", "client_secret": "s"}
    settings = read_settings(redis_url="redis://h", azure={"apps": {"46AB": app}}, lease_s=3)

    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    assert read_settings() == settings
