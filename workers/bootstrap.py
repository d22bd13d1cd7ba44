"""The composition root: settings become the parts a process works with, in this one place.

Nothing else reads settings or chooses an implementation. Importing it does nothing, and is quick:
database, Redis and portals are a second of imports, which a decision on paper never needs.
"""

from __future__ import annotations

import hashlib
import os
import random
import socket
import tempfile
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

import orjson
from pydantic import SecretStr, ValidationError

from config.settings import BrokenFile, failpoint, unknown_variables
from config.settings import Settings as Settings  # noqa: PLC0414  (for those who only hold them)
from rules.book import RuleBook
from workers import rulebook
from workers.bootstrap_mail import letterbox, post
from workers.rulebook import Shelf

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from adapters.outbound.public_hosts import PublicHosts
    from adapters.portals.bridge.client import BridgePortal
    from adapters.portals.port import Portal
    from adapters.rabbit.place import Place
    from adapters.transport import Transport
    from ledger.store import Store
    from ledger.vault import Vault
    from workers.app import App, Carrier, Limits
    from workers.failpoints import Reach

LONGEST_SOCKET_PATH = 100
GUARDED = ("web", "intake", "ops")
"""Processes that open the door to others, or see to it that it is opened."""
NO_SETTING = "no such setting; docs/settings.md has them all"
NO_JSON = 'must be a list or a part, in a variable as JSON: ["a", "b"] or {"name": "value"}'
FAULTS = {
    "extra_forbidden": NO_SETTING,
    **dict.fromkeys(("tuple_type", "dict_type", "model_type"), NO_JSON),
}
"""What is said in our own words, by pydantic's name of the fault."""
BRIDGED = ("office", "onprem", "partner_portal")


class SettingsError(Exception):
    """Settings that do not hold together; the message lists every fault."""


def read_settings(**overrides: Any) -> Settings:  # noqa: ANN401  (any setting)
    """Read environment and files; raise `SettingsError` that lists all faults."""
    faults = [f"{name}: {NO_SETTING}" for name in unknown_variables()]
    try:
        settings = Settings(**overrides)
        if not faults:
            return settings
    except ValidationError as error:
        faults += map(_fault, error.errors())
    except BrokenFile as error:
        faults.append(str(error))
    raise SettingsError("\n".join(faults))


def _fault(of: ErrorDetails) -> str:
    """Say it by the variable's name, and never its value."""
    words = FAULTS.get(of["type"], of["msg"].removeprefix("Value error, "))
    return f"TORITSUGI_{'__'.join(map(str, of['loc'])).upper()}: {words}"


def configure_logs(settings: Settings, process: str, stream: TextIO) -> None:
    from config import logs  # noqa: PLC0415  (heavy; a decision on paper writes none)

    logs.configure(
        style=settings.log_format, level=settings.log_level, process=process, stream=stream
    )


def build(
    settings: Settings,
    process: str,
    *,
    files: bool = False,
    delivers: bool = False,
    makes: bool = True,
) -> App:
    """Put a process together: database opened and migrated, Redis and portals not yet called.

    Only a process that `files` gets the portals' carriers, only one that `delivers` those to
    single receivers. Raises `NoLedger` where there is none, unless the process `makes` one.
    """
    import redis  # noqa: PLC0415  (heavy; only whole processes need it)

    from ledger.outbox import Postbox  # noqa: PLC0415  (as above)
    from workers.app import App  # noqa: PLC0415  (as above)
    from workers.brokers.choice import hint_broker  # noqa: PLC0415  (as above)

    reach = armed()
    store, vault = unlocked(settings, process, makes=makes)
    owner = f"{process}@{socket.gethostname()}:{os.getpid()}:{new_id()[:8]}"
    place = rabbit(settings, owner)
    return App(
        owner=owner,
        store=store,
        vault=vault,
        postbox=Postbox(settings.event_source, new_id),
        redis=redis.Redis.from_url(redis_url(settings), socket_timeout=30, max_connections=1024),
        broker=hint_broker(place, redis_url(settings), settings.concurrency),
        rabbit=place,
        portals=portals(settings, lambda: reach("submit.call_sent")) if files else {},
        carriers=carriers(settings) if delivers else {},
        post=post(settings.smtp, lambda: reach("reply.taken")) if delivers else None,
        book=rule_book(settings),
        limits=limits(settings),
        zone=ZoneInfo(settings.time_zone),
        http_host=settings.http_host,
        http_port=settings.http_port,
        registered=registered_only(settings),
        form=form_for(settings),
        requests_stream=settings.requests_stream,
        events_stream=settings.events_stream,
        requests_queue=settings.requests_queue,
        events_exchange=settings.events_exchange,
        events_queue=settings.events_queue,
        jitter=random.random,
        letterbox=letterbox(settings.mailbox),
        reach=reach,
    )


def registered_only(settings: Settings) -> bool:
    """Whether only registered senders are let in; anyone is, by default, on this machine alone."""
    if settings.senders is not None:
        return settings.senders == "registered"
    return not at_home(settings)


def at_home(settings: Settings) -> bool:
    """Whether HTTP is answered to this machine alone."""
    from adapters.loopback import is_loopback_host  # noqa: PLC0415  (as in `build`)

    return is_loopback_host(settings.http_host)


def assert_guarded(settings: Settings, store: Store) -> None:
    """Raise `SettingsError` where others reach us, and nobody said who may send."""
    from ledger import senders  # noqa: PLC0415  (as in `build`)

    if settings.senders is None and not at_home(settings) and not store.read(senders.active):
        raise SettingsError(
            f"TORITSUGI_HTTP_HOST: {settings.http_host} is reached from elsewhere, and no sender is"
            " registered; add one with toritsugi senders add, or say with TORITSUGI_SENDERS who may"
            " send: registered, or open to let anyone in"
        )


def form_for(settings: Settings) -> str:
    """Say whom the form is for: left to us, this machine alone, and only where anyone may send.

    A gateway on this machine may well pass others on under a name of ours.
    """
    if settings.form != "auto":
        return settings.form
    return "off" if registered_only(settings) else "local"


def rabbit(settings: Settings, owner: str) -> Place | None:
    """Give where RabbitMQ is; None where it is not used."""
    from adapters.rabbit.place import Place  # noqa: PLC0415  (heavy; only whole processes need it)

    if settings.amqp_url is None:
        return None
    return Place(settings.amqp_url.get_secret_value(), owner)


def armed() -> Reach:
    """Read where tests want this process to end; almost always nowhere."""
    from workers.failpoints import reaching  # noqa: PLC0415  (as in `build`)

    try:
        return reaching(failpoint())
    except ValueError as error:
        raise SettingsError(f"FAILPOINT: {error}") from None


def new_id() -> str:
    return str(uuid.uuid4())  # noqa: TID251  (this is the id maker)


def limits(settings: Settings) -> Limits:
    from workers.app import Limits  # noqa: PLC0415  (heavy; only whole processes need it)

    return Limits(**{name: getattr(settings, name) for name in Limits.__dataclass_fields__})


# ---- Database, Redis, secrets --------------------------------------------------------------------


def unlocked(settings: Settings, process: str, *, makes: bool) -> tuple[Store, Vault]:
    """Open the database, and what unseals it: the key that it was sealed with, or the first."""
    from ledger import seal  # noqa: PLC0415  (heavy; not every command needs it)

    store = open_ledger(settings, makes=makes)
    vault = open_vault(settings, may_make=not store.read(seal.is_sealed))
    store.write(lambda db: seal.agree(db, vault))
    if process in GUARDED:
        assert_guarded(settings, store)
    return store, vault


def open_ledger(settings: Settings, *, makes: bool) -> Store:
    """Open the database and bring its schema up to date."""
    from ledger.schema import NoLedger, migrate  # noqa: PLC0415  (heavy; not every command needs it)
    from ledger.store import open_store  # noqa: PLC0415  (as above)

    settings.var.mkdir(parents=True, exist_ok=True)
    store = open_store(database_url(settings))
    try:
        migrate(store, makes=makes)
    except NoLedger:
        store.close()
        raise
    return store


def database_url(settings: Settings) -> str:
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{settings.var / 'toritsugi.db'}"


def redis_url(settings: Settings) -> str:
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    return f"unix://{redis_socket(settings)}"


def redis_socket(settings: Settings) -> Path | None:
    """Say where the embedded server listens; None when another server is set.

    The system allows 107 bytes for a socket's path (103 on macOS); a deep `var` gets a short place.
    """
    if settings.redis_url is not None:
        return None
    path = settings.var.absolute() / "redis" / "v.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(settings.var.absolute())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"toritsugi-{os.getuid()}-{digest}" / "v.sock"


def open_vault(settings: Settings, *, may_make: bool) -> Vault:
    """Take the key that is set or kept; make one only where nothing was sealed yet.

    Raises `VaultError`.
    """
    from ledger.vault import Vault, VaultError  # noqa: PLC0415  (heavy; not every command needs it)

    if settings.secrets_key is not None:
        return Vault(settings.secrets_key.get_secret_value())
    path = settings.var / "secrets.key"
    if not may_make and not path.exists():
        raise VaultError(f"{path} is missing, and the database was sealed with it: put it back")
    return Vault(_kept_key(path))


def _kept_key(path: Path) -> str:
    """Read the embedded default's key, making it first where there is none."""
    from ledger.vault import new_key  # noqa: PLC0415  (heavy; not every command needs it)

    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # whoever comes first makes the key that all use
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


# ---- Rules and portals ---------------------------------------------------------------------------


def rule_book(settings: Settings) -> RuleBook:
    """Give the rules in force; what is wrong with the operator's products is logged."""
    shelf = read_shelf(settings)
    if shelf.fault is not None:
        import structlog  # noqa: PLC0415  (heavy; needed only when there is something to say)

        structlog.get_logger().warning("products.ignored", fault=str(shelf.fault))
    return shelf.book


def read_shelf(settings: Settings, edition: str | None = None) -> Shelf:
    """Read the rules of the edition in force, or of another, with all they stand on."""
    default: Path = Settings.model_fields["products_file"].default
    return rulebook.read_shelf(
        edition or settings.edition,
        settings.products_file,
        must_exist=settings.products_file != default,
    )


def portals(settings: Settings, heard: Callable[[], None]) -> Mapping[str, Portal]:
    """Give the carriers of the routes that are set up; `heard`: see `Transport`."""
    found: dict[str, Portal] = {}
    if (azure := _azure(settings, heard)) is not None:
        found["azure"] = azure
    for route, carrier in _carriers().items():
        bridge = getattr(settings, route)
        if bridge.url is not None:
            token = bridge.token.get_secret_value() if bridge.token else ""
            found[route] = carrier(_transport(bridge.url, token, heard))
    return found


def _carriers() -> Mapping[str, Callable[[Transport], BridgePortal]]:
    """Give the carrier of every name in `BRIDGED`."""
    from adapters.portals.office.client import office_portal  # noqa: PLC0415  (heavy)
    from adapters.portals.onprem.client import onprem_portal  # noqa: PLC0415  (heavy)
    from adapters.portals.partner_portal.client import partner_portal  # noqa: PLC0415  (heavy)

    return dict(zip(BRIDGED, (office_portal, onprem_portal, partner_portal), strict=True))


def _transport(url: str, token: str, heard: Callable[[], None]) -> Transport:
    from adapters.transport import Transport  # noqa: PLC0415  (heavy; only who files needs it)

    return Transport(url, token, clock=_utc, heard=heard)


def _azure(settings: Settings, heard: Callable[[], None]) -> Portal | None:
    # The official client is half a second of imports, which most processes never use.
    from adapters.portals.azure.client import AzurePortal  # noqa: PLC0415
    from adapters.portals.azure.clients import Access  # noqa: PLC0415
    from adapters.portals.azure.credentials import (  # noqa: PLC0415
        AppRegistration,
        CustomerCredentials,
        LoopbackToken,
    )
    from adapters.portals.azure.patience import Manners  # noqa: PLC0415

    azure = settings.azure
    manners = Manners(
        patience_s=azure.patience_s, poll_s=azure.poll_s, visible_after_s=azure.visible_after_s
    )
    if azure.fixed_token is not None:
        fixed = LoopbackToken(azure.fixed_token.get_secret_value())
        access = Access(
            fixed.credential_for,
            base_url=azure.url,
            authentication_policy=fixed.policy,
            heard=heard,
        )
    elif azure.apps:
        credentials = CustomerCredentials(
            {
                partner: AppRegistration(
                    app.tenant, app.client_id, app.client_secret.get_secret_value()
                )
                for partner, app in azure.apps.items()
            }
        )
        access = Access(
            credentials.primary,
            base_url=azure.url,
            auxiliary_for=credentials.auxiliary,
            files_for=azure.apps.__contains__,
            heard=heard,
        )
    else:
        return None
    return AzurePortal(access, clock=_utc, manners=manners)


# ---- Single receivers ----------------------------------------------------------------------------


def carriers(settings: Settings) -> Mapping[str, Carrier]:
    """Give the carriers of the ways to single receivers that are set up."""
    from adapters.outbound.webhook import WebhookSender  # noqa: PLC0415  (heavy; one process's)
    from workers import replies  # noqa: PLC0415  (as above)
    from workers.route import MAIL, WEBHOOK  # noqa: PLC0415  (as above)
    from workers.webhooks import WebhookCarrier  # noqa: PLC0415  (as above)

    sender = WebhookSender(
        webhook_hosts(settings), timeout_s=settings.webhook_timeout_s, clock=_utc
    )
    secret = settings.webhook_secret
    webhook = WebhookCarrier(sender, None if secret is None else secret.get_secret_value())
    return {WEBHOOK: webhook, **({MAIL: replies.carry} if settings.smtp.host else {})}


def webhook_hosts(settings: Settings) -> PublicHosts:
    """Give where webhooks may be."""
    from adapters.outbound.public_hosts import PublicHosts  # noqa: PLC0415  (as above)

    return PublicHosts(settings.webhook_hosts)


def _utc() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (this is the clock that portals are handed)


# ---- Embedded ------------------------------------------------------------------------------------


def has_portals(settings: Settings) -> bool:
    """Whether any portal is set up; without one, the simulated portals stand in."""
    bridges = (settings.office, settings.onprem, settings.partner_portal)
    return bool(
        settings.azure.apps or settings.azure.fixed_token or any(one.url for one in bridges)
    )


def embedded(settings: Settings, *, sandbox_port: int) -> Settings:
    """Point every portal at the simulated ones on this machine, with waits to match."""
    base = f"http://127.0.0.1:{sandbox_port}"
    token = SecretStr("sandbox")
    bridge = {"url": f"{base}/bridge", "token": token}
    quick = {"poll_s": 0.2, "patience_s": 10.0, "visible_after_s": 3.0}
    return read_settings(
        **{
            **settings.model_dump(),
            "azure": {"url": f"{base}/azure", "fixed_token": token, **quick},
            "office": bridge,
            "onprem": bridge,
            "partner_portal": bridge,
            "look_after_s": 1.0,
            "retry_first_s": 1.0,
            "retry_most_s": 20.0,
            "park_first_s": 1.0,
            "park_most_s": 10.0,
        }
    )


def environment(settings: Settings) -> dict[str, str]:
    """Give the variables that make a child process see these settings."""
    values = settings.model_dump(exclude_none=True)
    return {f"TORITSUGI_{name.upper()}": _plain(value) for name, value in values.items()}


def _plain(value: Any) -> str:  # noqa: ANN401  (any setting's value)
    if isinstance(value, Mapping | tuple):
        return orjson.dumps(value, default=_plain).decode()
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
