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
    told = {
        "LEASE_S": "-1",
        "TIME_ZONE": "Tokyo",
        "OFFICE": '{"url": 7, "token": ["hunter2"]}',
        "WEBHOOK_HOSTS": "hunter2",
        "SMPT__PASSWORD": "hunter2",
        "SMTP__PASWORD": "hunter2",
        "DATABASE_URL": "postgresql+psycopg://t:h@nter2:hunter2@db:5432/t",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"TORITSUGI_{name}", value)

    with pytest.raises(SettingsError) as refused:
        read_settings()

    words = str(refused.value)
    for name in (*(told.keys() - {"OFFICE", "SMPT__PASSWORD"}), "OFFICE__URL", "OFFICE__TOKEN"):
        assert f"TORITSUGI_{name}: " in words
    assert "TORITSUGI_SMPT: no such setting" in words
    assert "TORITSUGI_SMTP__PASWORD: no such setting" in words
    assert 'WEBHOOK_HOSTS: must be a list or a part, in a variable as JSON: ["a", "b"]' in words
    assert "nter2" not in words


def test_every_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the variables that are no settings; what the files hold is not shown."""
    Path("config").mkdir()
    Path("config/a.toml").write_text('token = "hunter2')
    Path("config/b.toml").write_bytes(b"\xff")
    monkeypatch.setenv("TORITSUGI_SMPT", "x")

    with pytest.raises(SettingsError) as refused:
        read_settings()

    faults = [fault.partition(":")[0] for fault in str(refused.value).splitlines()]
    assert faults == ["TORITSUGI_SMPT", "config/a.toml", "config/b.toml"]
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/t.db",
        "postgresql+psycopg://t:a/b%40c@db.example:5432/t?sslmode=require",
        "postgresql+psycopg://[::1]/t",
        "postgresql+psycopg:///t?host=/run/postgresql",
    ],
)
def test_every_way_to_name_a_database_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a server with a password, an address of its own kind, a socket."""
    monkeypatch.setenv("TORITSUGI_DATABASE_URL", url)
    found = read_settings().database_url
    assert found is not None
    assert found.get_secret_value() == url


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
