"""Whether everything that is needed is there: each check says what it found and what to do.

Looks only: makes no database, and asks a portal for nothing but any answer.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx

from adapters.errors import TryLater
from ledger import parking, schema, seal, views
from ledger.clock import moment
from ledger.states import State
from ledger.store import (
    SAFE_MODES,
    DatabaseError,
    Store,
    file_of,
    open_store,
    place_of,
    sqlite_modes,
)
from ledger.vault import VaultError
from ops.check import Check, fine, judged, wrong
from ops.health_mailbox import examine_mailbox
from ops.health_processes import examine_processes
from ops.health_rabbit import examine_rabbit
from ops.health_redis import examine_redis
from ops.health_senders import examine_senders
from ops.health_webhooks import examine_webhooks
from workers import bootstrap, bootstrap_mail
from workers.bootstrap import Settings

TOLERATED_S = 2.0
DATABASE = "see that the server runs, and check TORITSUGI_DATABASE_URL"
MAKE = (
    "toritsugi up or toritsugi directory import FILE makes it; TORITSUGI_DATABASE_URL names another"
)


def examine(settings: Settings) -> list[Check]:
    return [
        *examine_redis(settings),
        *examine_rabbit(settings),
        *_database(settings),
        *_portals(settings),
        *examine_mailbox(settings),
        _smtp(settings),
        _secrets(settings),
        _products(settings),
    ]


# ---- Database ------------------------------------------------------------------------------------


def _database(settings: Settings) -> Iterator[Check]:
    url = bootstrap.database_url(settings)
    file = file_of(url)
    if file is not None and not file.exists():
        yield wrong("database", f"{place_of(url)} is not there yet", MAKE)
        return
    with closing(open_store(url)) as store:
        try:
            yield _reachable(store, place_of(url))
            migrated = _migrated(store)
            yield migrated
            yield _clock(store)
            if migrated.ok:
                yield examine_processes(store)
                yield _parking(store, ZoneInfo(settings.time_zone))
                yield _uncertain(store)
                yield examine_senders(settings, store)
                yield from examine_webhooks(settings, store)
        except DatabaseError as error:
            yield wrong("database", f"{place_of(url)} does not answer ({_kind(error)})", DATABASE)


def _reachable(store: Store, place: str) -> Check:
    if store.dialect != "sqlite":
        store.read(moment)
        return fine("database", f"{place} answers")
    found = sqlite_modes(store)
    says = f"{place} answers; " + ", ".join(f"{name} {value}" for name, value in found.items())
    return judged(
        "database", says, "put the file on a disk that allows WAL", ok=found == SAFE_MODES
    )


def _migrated(store: Store) -> Check:
    found, newest = schema.version(store), schema.newest()
    says = f"version {found or 'none'} of {newest}"
    remedy = "start any command once with this version" if found else MAKE
    return judged("migrations", says, remedy, ok=found == newest)


def _clock(store: Store) -> Check:
    there = store.read(moment)
    apart = abs((there - datetime.fromtimestamp(time.time(), UTC)).total_seconds())
    says = f"{apart:.1f} s apart from the database's"
    remedy = "set both clocks by a time server"
    return judged("clock", says, remedy, ok=apart <= TOLERATED_S)


def _parking(store: Store, zone: ZoneInfo) -> Check:
    parked = store.read(parking.parked)
    says = "; ".join(
        f"{one.portal} until {one.until.astimezone(zone):%m-%d %H:%M:%S %Z}"
        f" ({one.code}, {one.failures} failures in a row)"
        for one in parked
    )
    remedy = "see to the portal; then one request tries it, and opens it if it is well"
    return judged("parking", says or "no portal is parked", remedy, ok=not parked)


def _uncertain(store: Store) -> Check:
    number = store.read(views.counts).get(State.UNCERTAIN, 0)
    remedy = "requests list --state uncertain; look at the portal, then requests settle"
    return judged("uncertain", f"{number} requests wait for a person", remedy, ok=not number)


# ---- Portals, secrets, products ------------------------------------------------------------------


def _portals(settings: Settings) -> Iterator[Check]:
    if not bootstrap.has_portals(settings):
        yield fine("portals", "none is set; toritsugi up simulates them")
        return
    azure = settings.azure
    addresses = {"azure": azure.url} if azure.apps or azure.fixed_token else {}
    bridges = {name: getattr(settings, name).url for name in bootstrap.BRIDGED}
    for name, url in {**addresses, **bridges}.items():
        yield _portal(name, url)


def _portal(name: str, url: str | None) -> Check:
    """Any answer below 500 will do: whether it lets us in shows with the first request."""
    check = f"portal {name}"
    remedy = f"see that it runs, and check TORITSUGI_{name.upper()}__URL"
    if url is None:
        return wrong(check, "is not set", remedy)
    try:
        answer = httpx.get(url, timeout=10)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return wrong(check, f"{url} does not answer ({_kind(error)})", remedy)
    says = f"{url} answers {answer.status_code}"
    return judged(check, says, remedy, ok=not answer.is_server_error)


def _smtp(settings: Settings) -> Check:
    """Greet and sign in; nothing is sent."""
    server = settings.smtp
    if server.host is None:
        return fine("smtp", "is not set; nobody is answered by mail")
    where = f"{server.host}:{server.port}"
    remedy = "check TORITSUGI_SMTP__…; docs/mail-replies.md tells what each is for"
    with closing(bootstrap_mail.smtp(server)) as smtp:
        try:
            name = smtp.hello()
        except TryLater as error:
            return wrong("smtp", f"{where} does not let us in ({error.code}: {error})", remedy)
    return fine("smtp", f"{where} answers as {name}; letters come from {server.sender}")


def _secrets(settings: Settings) -> Check:
    try:
        if not _key_fits(settings):
            remedy = "set TORITSUGI_SECRETS_KEY to that one, or put its secrets.key back"
            return wrong("secrets", "the database was sealed with another key", remedy)
    except VaultError as error:
        return wrong("secrets", str(error), "put it back from where you keep it")
    except DatabaseError as error:
        return wrong("secrets", f"not compared with the database ({_kind(error)})", DATABASE)
    if settings.secrets_key is not None:
        return fine("secrets", "the key is set, and fits the database")
    path = settings.var / "secrets.key"
    if not path.exists():
        return wrong("secrets", f"{path} is not there yet", "toritsugi up makes it")
    mode = stat.S_IMODE(path.stat().st_mode)
    says = f"{path} has mode {mode:04o}"
    return judged("secrets", says, f"chmod 600 {path}", ok=mode == stat.S_IRUSR | stat.S_IWUSR)


def _key_fits(settings: Settings) -> bool:
    """Whether the key is the one this database was sealed with; true for one still to be made."""
    url = bootstrap.database_url(settings)
    file = file_of(url)
    if file is not None and not file.exists():
        return True
    with closing(open_store(url)) as store:
        if schema.version(store) != schema.newest() or not store.read(seal.is_sealed):
            return True
        vault = bootstrap.open_vault(settings, may_make=False)
        return store.read(lambda db: seal.fits(db, vault))


def _products(settings: Settings) -> Check:
    """Say what is wrong with the operator's file: a broken one stops nothing, and shows here."""
    shelf = bootstrap.read_shelf(settings)
    number = f"{len(shelf.book.products.products)} products known"
    if shelf.fault is not None:
        remedy = "correct it, then start the processes anew"
        return wrong("products", f"{number}; left out is {shelf.fault}", remedy)
    own = f"with those of {shelf.own}" if shelf.own else f"{settings.products_file} is not there"
    return fine("products", f"{number}, {own}")


def _kind(error: Exception) -> str:
    return type(error).__name__
