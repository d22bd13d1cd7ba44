"""The database's clock: instants as whole milliseconds, and `now()` inside a statement.

Leases, due times and waits are decided by this clock alone, never by a worker's own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select, type_coerce
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as milliseconds since 1970 UTC so that both databases reckon alike."""

    impl = BigInteger  # type: ignore[mutable-override]  # as SQLAlchemy would have it
    cache_ok = True  # type: ignore[mutable-override]

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MILLISECOND

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + int(value) * MILLISECOND


class now(FunctionElement[datetime]):  # noqa: N801  (a SQL function reads lower case)
    """The database's present moment; moves on within a transaction."""

    type = Instant()  # type: ignore[mutable-override]  # as SQLAlchemy would have it
    inherit_cache = True  # type: ignore[mutable-override]


@compiles(now, "sqlite")
def _sqlite(_element: now, _compiler: Any, **_: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"


@compiles(now, "postgresql")
def _postgresql(_element: now, _compiler: Any, **_: Any) -> str:
    # Stable within a statement, so that an index can be asked; it still moves in a transaction.
    return "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS BIGINT)"


NOW = select(now())


def moment(db: Connection) -> datetime:
    """Ask the database what time it is."""
    return db.execute(NOW).scalar_one()


def from_now(milliseconds: str | ColumnElement[int]) -> ColumnElement[datetime]:
    """Give the moment that lies so much after now; a string names a parameter, null stays null."""
    wait = milliseconds
    if isinstance(wait, str):
        wait = bindparam(wait, type_=BigInteger)
    return type_coerce(type_coerce(now(), BigInteger) + wait, Instant)
