"""Everything a deployment may set: environment `TORITSUGI_…`, then `config/*.toml`, then defaults.

The one reader of the environment. Without any setting, everything is embedded under `./var`.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

PREFIX = "TORITSUGI_"
FAILPOINT = "FAILPOINT"
OTHERS = (f"{PREFIX}LIFELINE", f"{PREFIX}TEST_")
"""Variables that are ours and no settings."""

DATABASE = re.compile(
    r"sqlite(\+\w+)?:///.+"
    r"|postgresql(\+\w+)?://([^@]*@)?(\[[\da-f:.]+\]|[^@:/?]*)(:\d+)?(/[^@?]*)?(\?.*)?"
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
CENTURY_S = 3_155_760_000.0
Seconds = Annotated[float, Field(gt=0, le=CENTURY_S, allow_inf_nan=False)]
Lease = Annotated[float, Field(ge=3, allow_inf_nan=False)]
"""Long enough that its holder, who renews it each second, never loses it to a slow moment."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("must be an IANA time zone, such as Asia/Tokyo") from error
    return name


def _database(url: SecretStr | None) -> SecretStr | None:
    """Take no address whose password might be read as its host or port, and shown."""
    if url is not None and not DATABASE.fullmatch(url.get_secret_value()):
        raise ValueError(
            "must begin with sqlite:/// or postgresql+psycopg://, then name a host and a database;"
            " an @ in the password is written as %40"
        )
    return url


def _begins(*schemes: str) -> AfterValidator:
    """Take an address of these kinds only."""

    def check(url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(schemes):
            raise ValueError(f"must begin with {' or '.join(schemes)}")
        return url

    return AfterValidator(check)


def _webhook_secret(secret: SecretStr) -> SecretStr:
    """Take what Standard Webhooks takes: 24 to 64 bytes."""
    start, _, key = secret.get_secret_value().partition("_")
    try:
        size = len(base64.b64decode(key, validate=True))
    except binascii.Error:
        size = 0
    if start != "whsec" or not SHORTEST_SECRET <= size <= LONGEST_SECRET:
        raise ValueError("must be whsec_ and 24 to 64 random bytes in base64")
    return secret


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class AzureApp(_Part):
    """A partner's app registration: its home tenant, and how it proves itself."""

    tenant: str
    client_id: str
    client_secret: SecretStr


class AzurePortal(_Part):
    """Azure's support API. Without an app or `fixed_token`, nothing is filed there."""

    url: str = "https://management.azure.com"
    apps: dict[str, AzureApp] = Field(default_factory=dict)
    """By MPN partner id."""
    fixed_token: SecretStr | None = None
    """For a simulated portal on this machine only."""
    poll_s: Seconds = 5.0
    patience_s: Seconds = 15.0
    """How long a worker waits for a ticket to appear before it lets the request wait by itself."""
    visible_after_s: Seconds = 60.0
    """How long after a lost answer Azure may still not show the ticket."""


class BridgePortal(_Part):
    """A portal reached through an HTTP bridge of the partner's own."""

    url: str | None = None
    token: SecretStr | None = None


class MailApp(_Part):
    """The app registration that reads or sends mails by OAuth2 (Exchange Online)."""

    tenant: str
    client_id: str
    client_secret: SecretStr


class Mailbox(_Part):
    """A mailbox that requests come to, over IMAP. Without a `host`, none is read."""

    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 993
    tls: bool = True
    ca_file: Path | None = None
    user: str | None = None
    password: SecretStr | None = None
    oauth: MailApp | None = None
    folder: str = "INBOX"
    done: str = "Toritsugi/Done"
    quarantine: str = "Toritsugi/Quarantine"
    ignored: str = "Toritsugi/Ignored"
    trusts: str | None = None
    """The mail server whose Authentication-Results are believed."""
    authenticates: bool = True
    own: tuple[str, ...] = ()
    """Our own addresses besides `user`."""
    domain: str | None = None
    """The domain of our own Message-IDs."""
    max_bytes: Annotated[int, Field(ge=65_536)] = 32 * 1_048_576
    poll_s: Annotated[float, Field(gt=0, le=1_500, allow_inf_nan=False)] = 60.0
    timeout_s: Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)] = 30.0

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        """Say what is missing: a mailbox that is half set up reads nothing, or believes anybody."""
        if self.host is None:
            return self
        if not self.user or (self.password is None) == (self.oauth is None):
            raise ValueError("needs TORITSUGI_MAILBOX__USER, and either __PASSWORD or __OAUTH__…")
        if not self.tls and self.host not in LOOPBACK:
            raise ValueError("reads without TLS only on this machine; leave TLS on")
        if self.authenticates and not self.trusts:
            raise ValueError(
                "needs TORITSUGI_MAILBOX__TRUSTS, the mail server that checks senders "
                "(docs/mailbox.md); set __AUTHENTICATES to false only where nobody from outside "
                "can write"
            )
        return self


class Smtp(_Part):
    """The mail server that answers go out by. Without a `host`, nobody is answered by mail."""

    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None
    user: str | None = None
    password: SecretStr | None = None
    oauth: MailApp | None = None
    sender: str | None = None
    """Name and address that answers come from; the mailbox that requests come to."""
    domain: str | None = None
    """Of our Message-IDs; else that of the sender's address."""
    own: tuple[str, ...] = ()
    """Our own addresses besides the sender's."""
    per_hour: Annotated[int, Field(ge=1)] = 100
    timeout_s: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)] = 10.0

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        """Say what is missing: a way out that is half set up would keep every answer waiting."""
        if self.host is None:
            return self
        if "@" not in parseaddr(self.sender or "")[1]:
            raise ValueError("needs TORITSUGI_SMTP__SENDER, such as Support <support@example.com>")
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("sends without TLS only on this machine; set SECURITY to starttls")
        if self.user is None and (self.password or self.oauth):
            raise ValueError("needs USER beside PASSWORD or OAUTH")
        if self.user is not None and (self.password is None) == (self.oauth is None):
            raise ValueError("needs either PASSWORD or OAUTH beside USER")
        return self


class Settings(BaseSettings):
    """All settings; each is `TORITSUGI_` and its name in the environment, `__` within a part."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    var: Path = Path("var")
    """Where embedded parts keep their files."""
    database_url: Annotated[SecretStr | None, AfterValidator(_database)] = None
    """A SQLAlchemy URL; without one, SQLite under `var`."""
    redis_url: Annotated[SecretStr | None, _begins("redis://", "rediss://", "unix://")] = None
    """Without one, the embedded server's socket."""
    amqp_url: Annotated[SecretStr | None, _begins("amqp://", "amqps://")] = None
    """RabbitMQ; where it is set, hints travel by it, and requests and events also do."""
    secrets_key: SecretStr | None = None
    """The Fernet key that seals secrets; without one, a key file under `var` (mode 0600)."""
    event_source: str = "urn:toritsugi"
    requests_stream: str = "toritsugi:requests"
    events_stream: str = "toritsugi:events"
    requests_queue: str = "toritsugi.requests"
    """In RabbitMQ, as are the next two."""
    events_exchange: str = "toritsugi.events"
    events_queue: str | None = None
    """A queue that is made and bound to the exchange, where events wait for their receiver."""
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Tokyo"
    """A day of the rules is a day here."""
    edition: Literal["2018", "2026"] = "2018"
    """Which edition of the rules decides."""
    products_file: Path = Path("config/products.yaml")
    """Products of the operator's own, added to the catalogue or in place of its rows."""

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    form: Literal["auto", "open", "off"] = "auto"
    """`auto`: for this machine alone where anyone may send (`senders`), else off."""
    message_bytes: Annotated[int, Field(ge=1_024)] = 4 * 1_048_576
    senders: Literal["open", "registered"] | None = None
    """Who may send; without it `open` on a loopback host, else `registered`."""
    sender_per_s: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] = 200.0
    http_read_s: Seconds = 30.0

    concurrency: Annotated[int, Field(ge=1, le=512)] = 16
    """Steps a worker process runs at a time, for each queue."""
    lease_s: Lease = 10.0
    lookups: Annotated[int, Field(ge=1)] = 20
    """Look-ups after a lost answer before a request is left to a person as uncertain."""
    deliveries: Annotated[int, Field(ge=1)] = 3
    attempts: Annotated[int, Field(ge=1)] = 8
    retry_first_s: Seconds = 5.0
    retry_most_s: Seconds = 900.0
    look_after_s: Seconds = 5.0
    promise_s: Seconds = 604_800.0
    park_failures: Annotated[int, Field(ge=1)] = 5
    """Failures in a row that park a portal."""
    park_first_s: Seconds = 30.0
    park_most_s: Seconds = 300.0
    drain_per_s: Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)] = 10.0
    """How many waiting requests a second a portal is given that was parked and is well again."""
    recheck_s: Seconds = 86_400.0
    sweep_s: Seconds = 1.0
    publish_s: Seconds = 0.1
    rehint_s: Seconds = 10.0
    events_kept_s: Seconds = 604_800.0
    """How long events stay on the stream, and longer where a group has not read them."""
    events_kept: Annotated[int, Field(ge=1)] = 1_000_000
    events_cap: Annotated[int | None, Field(ge=1)] = None
    """How many there may be at the very most, read or not; none: as many as it takes."""
    hints_waiting: Annotated[int, Field(ge=1)] = 1_000

    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    """Signs what goes to the `reply_to.webhook` of senders that have no secret of their own."""
    webhook_hosts: tuple[str, ...] = ()
    """Hosts that may be called by plain http and may have private addresses."""
    webhook_timeout_s: Seconds = 15.0
    webhook_disable_s: Seconds = 432_000.0

    azure: AzurePortal = AzurePortal()
    office: BridgePortal = BridgePortal()
    onprem: BridgePortal = BridgePortal()
    partner_portal: BridgePortal = BridgePortal()

    mailbox: Mailbox = Mailbox()
    smtp: Smtp = Smtp()

    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto`: for people at a terminal, JSON elsewhere."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _Environment(settings_cls), _files(settings_cls)


class BrokenFile(Exception):
    """Files that cannot be read at all; says which, a line each."""


class _Environment(EnvSettingsSource):
    """Hands on what is no JSON, so that it is told among all other faults, without its value."""

    @override
    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _files(settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
    """Read every TOML file in `config/`, in the order of their names."""
    files = sorted(Path("config").glob("*.toml"))
    if faults := [fault for path in files if (fault := _fault(path))]:
        raise BrokenFile("\n".join(faults))
    return TomlConfigSettingsSource(settings_cls, files)


def _fault(path: Path) -> str:
    """Say what is wrong with a file; nothing if it can be read."""
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return f"{path}: {error}"
    return ""


def failpoint() -> str | None:
    """Give where tests want this process to end (`workers.failpoints`)."""
    return os.environ.get(FAILPOINT)


def unknown_variables() -> list[str]:
    """Give the variables that look like settings and are none: misspelt ones, most likely."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = (name.upper().partition("__")[0] for name in os.environ)
    ours = {name for name in given if name.startswith(PREFIX) and not name.startswith(OTHERS)}
    return sorted(ours - known)
