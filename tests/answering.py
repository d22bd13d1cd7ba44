"""An app that answers by mail, driven by hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from contracts.codec import from_data
from contracts.incoming import Parsed
from ledger.tables import deliveries
from ledger.tables import mails as table
from tests.builders import AGENT
from tests.driving import Driver
from workers.deliver import Deliverer
from workers.record import record
from workers.route import route

SENDER = "サポート取次窓口 <support@toritsugi.example>"
OPENING = "opening@contoso.example"


class Answering(Driver):
    """An app that answers by mail, and the mail server."""

    def answer(self) -> None:
        """Carry every letter that is due, however long the waits."""
        deliverer = Deliverer(self.app)
        while route(self.app):
            pass
        self.soon()
        while deliverer.round():
            deliverer.until_idle()
        deliverer.close()

    def soon(self) -> None:
        """Make every delivery due now, as if in the end."""
        statement = text("UPDATE deliveries SET due_at = 1 WHERE due_at > 1")
        self.app.store.write(lambda db: db.execute(statement))

    def time_passes(self, seconds: int) -> None:
        """Let every letter be older by so much."""
        statement = text("UPDATE mails SET at = at - :ms WHERE way = 'out'")
        self.app.store.write(lambda db: db.execute(statement, {"ms": seconds * 1_000}))

    def attempts(self) -> list[int]:
        """Give how often each delivery was tried, in order."""
        query = select(deliveries.c.attempts).order_by(deliveries.c.position)
        return list(self.app.store.read(lambda db: db.execute(query).scalars()))

    def by_mail(self, data: dict[str, Any], name: str = OPENING, sender: str = AGENT) -> str:
        """Send a request as the mailbox does; give its number."""
        incoming = from_data(data, f"mailto:{sender}", name)
        (receipt,) = record(self.app, "mail", [Parsed(b"raw", incoming)])
        assert receipt.request is not None
        return receipt.request

    def ends(self) -> list[tuple[str | None, str | None]]:
        """Give outcome and code of each delivery, in order."""
        query = select(deliveries.c.outcome, deliveries.c.code).order_by(deliveries.c.position)
        return [tuple(row) for row in self.app.store.read(lambda db: db.execute(query).all())]

    def letters(self) -> list[bytes]:
        """Give the letters that were kept, oldest first."""
        query = select(table.c.raw_sealed).where(table.c.way == "out").order_by(table.c.at)
        sealed = self.app.store.read(lambda db: db.execute(query).scalars().all())
        return [self.app.vault.open(one) for one in sealed]
