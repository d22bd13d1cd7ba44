"""One mail on its way in: kept, judged, brought to where it belongs, and written down.

Every mail ends as `recorded`, `attached`, `ignored` or `quarantined`, whatever is in it. Nobody
is believed to be the sender whom the trusted server does not vouch for; those get no answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from adapters.inbound.mail_authentication import is_authentic
from adapters.inbound.mail_envelope import Envelope, envelope_of, message_id_of
from adapters.inbound.mail_headers import taken_apart
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed, MalformedCode
from ledger import correspondents, mails, quarantine
from ledger.correspondents import Matter
from ledger.mails import Standing
from ledger.quarantine import Unreadable
from ledger.store import Connection, DatabaseAway
from workers.app import App
from workers.letterbox import Letterbox
from workers.mail_reading import answered, asked
from workers.record import Receipt, record

log = structlog.get_logger()

CHANNEL = "mail"
MOST_TRIES = 10
"""How often a mail is dealt with that its process does not survive."""
CUT = "cut"
"""Why a mail is kept of which only the beginning was fetched."""


def take(app: App, box: Letterbox, raw: bytes, *, whole: bool = True) -> Standing:
    """Keep the mail and deal with it; a mail that was dealt with before is left as it is.

    `whole` is False for the beginning of a mail that is too large. Raises only when the database
    cannot be asked.
    """
    which, before = app.store.write(lambda db: _kept(db, app, raw, whole=whole))
    app.reach("mail.kept")
    if before is not None and before.state != "kept":
        return before
    return _deal(app, box, which, raw, before)


def take_up(app: App, box: Letterbox) -> int:
    """Deal with the mails that a process kept and left; give how many."""
    left = app.store.read(mails.kept)
    for which in left:
        _take_up(app, box, which)
    return len(left)


def _take_up(app: App, box: Letterbox, which: str) -> None:
    raw = app.store.read(lambda db: mails.raw(db, app.vault, which))
    before = app.store.read(lambda db: mails.standing(db, which))
    if raw is not None and before is not None and before.state == "kept":
        _deal(app, box, which, raw, before)


def _kept(db: Connection, app: App, raw: bytes, *, whole: bool) -> tuple[str, Standing | None]:
    which = mails.mail_id(raw, "in")
    before = mails.standing(db, which)
    if before is None:
        mails.keep(db, app.vault, raw, way="in", message_id=None)
        if not whole:
            mails.settle(db, which, "kept", CUT)
            before = Standing("kept", None, CUT)
    return which, before


def _deal(app: App, box: Letterbox, which: str, raw: bytes, before: Standing | None) -> Standing:
    """Bring the mail to its end, and write it down."""
    tries = _tried(app, which, before)
    mail = _Mail(app, box, which, raw, cut=before is not None and before.why == CUT)
    try:
        fate = mail.judged() if tries <= MOST_TRIES else mail.hopeless()
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001  (one mail must not stop the others)
        log.error("mail.broke", mail=which, error=type(error).__name__, tries=tries)  # noqa: TRY400
        words = f"could not be dealt with ({type(error).__name__}); read it by hand"
        fate = _quarantined(app, raw, Malformed("invalid_data", Fault("mail", words)))
    app.reach("mail.dealt", fate.request or "")
    app.store.write(lambda db: _settle(db, which, raw, fate))
    app.reach("mail.settled", fate.request or "")
    log.info("mail.settled", mail=which, state=fate.state, why=fate.why, request=fate.request)
    return fate


def _settle(db: Connection, which: str, raw: bytes, fate: Standing) -> None:
    mails.settle(db, which, fate.state, fate.why, fate.request)
    if (name := message_id_of(raw)) is not None:
        mails.name(db, which, name)


def _tried(app: App, which: str, before: Standing | None) -> int:
    """Count the times that a mail is taken up again, so that none ends every process for ever."""
    if before is None or before.why == CUT:
        return 0
    tries = int(before.why or 0) + 1
    app.store.write(lambda db: mails.settle(db, which, "kept", str(tries)))
    return tries


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail while it is judged."""

    app: App
    box: Letterbox
    which: str
    raw: bytes
    cut: bool

    def judged(self) -> Standing:
        envelope = envelope_of(taken_apart(self.raw))
        if because := envelope.automatic or self._loop(envelope):
            return self._automatic(envelope, because)
        sender = envelope.sender
        if sender is None:
            words = "does not name one address; only a mail of one sender opens a request"
            return self._refused("unknown_sender", words)
        if self.box.trusts is not None and not self._authentic(envelope, sender):
            words = f"{self.box.trusts} does not vouch for the sender; ask them by another way"
            return self._refused("not_authentic", words)
        return self._from(sender, envelope)

    def hopeless(self) -> Standing:
        """Put a mail away that no process has survived so far."""
        words = "ended its process each time that it was dealt with; read it by hand"
        fault = Malformed("invalid_data", Fault("mail", words))
        return _quarantined(self.app, self.raw, fault)

    def _loop(self, envelope: Envelope) -> str | None:
        """Say why a mail is our own that has come back."""
        if envelope.sender in self.box.own:
            return "own address"
        name = envelope.message_id
        if name is None:
            return None
        if self.box.domain and name.lower().endswith(f"@{self.box.domain}"):
            return "own message"
        ours = self.app.store.read(lambda db: mails.is_ours(db, [name]))
        return "own message" if ours else None

    def _automatic(self, envelope: Envelope, because: str) -> Standing:
        """Leave it; what gives one of our mails back belongs to the request of that mail."""

        def about(db: Connection) -> str | None:
            ours = [name for name in envelope.returned if mails.is_ours(db, [name])]
            return mails.request_of(db, ours)

        request = self.app.store.read(about) if envelope.returned else None
        return Standing("ignored" if request is None else "attached", request, because)

    def _authentic(self, envelope: Envelope, sender: str) -> bool:
        trusts = self.box.trusts or ""
        return is_authentic(sender, envelope.results, envelope.internal, trusts)

    def _from(self, sender: str, envelope: Envelope) -> Standing:
        """Go on with a mail whose sender is proven."""
        partners, matter = self.app.store.read(lambda db: known(db, sender, envelope))
        if matter is not None and sender in matter.parties:
            return self._answer(sender, partners, matter)
        if matter is not None and (partners or sender in matter.listeners):
            return Standing("attached", matter.request, "no party to the request")
        if not partners:
            words = "is no agent's sign-in; add it to the directory, then release this"
            return self._refused("unknown_sender", words)
        if self.cut:
            return self._told(
                _too_large(self.box.mail_bytes).known_as(f"mailto:{sender}", self.which)
            )
        return self._recorded(asked(self.app, self.raw, sender, partners, self.box.mail_bytes))

    def _answer(self, sender: str, partners: tuple[str, ...], matter: Matter) -> Standing:
        if self.cut:
            return Standing("attached", matter.request, "too large to be read")
        found = answered(self.app, self.raw, sender, partners, matter)
        if isinstance(found, str):
            return Standing("attached", matter.request, found)
        return self._recorded(found)

    def _recorded(self, parsed: Parsed) -> Standing:
        (receipt,) = record(self.app, CHANNEL, [parsed])
        return _standing(receipt)

    def _told(self, fault: Malformed) -> Standing:
        """Quarantine a mail whose sender may hear why."""
        return self._recorded(Parsed(self.raw, fault))

    def _refused(self, code: MalformedCode, words: str) -> Standing:
        return _quarantined(self.app, self.raw, Malformed(code, Fault("From", words)))


def known(db: Connection, sender: str, envelope: Envelope) -> tuple[tuple[str, ...], Matter | None]:
    """Give the partners whose agent the sender is, and the request that the mail is about."""
    partners = correspondents.partners_of(db, sender)
    request = mails.request_of(db, envelope.thread)
    if request is not None:
        return partners, correspondents.matter(db, request)
    for number in envelope.numbers:
        # Anybody can write a number: it counts only from those whom the request names.
        matter = correspondents.matter(db, number)
        if matter is not None and sender in matter.parties:
            return partners, matter
    return partners, None


def _standing(receipt: Receipt) -> Standing:
    if receipt.accepted:
        why = None if receipt.verdict == "new" else receipt.verdict
        return Standing("recorded", receipt.request, why)
    code = receipt.verdict if receipt.fault is None else receipt.fault.code
    return Standing("quarantined", receipt.request, code)


def _too_large(limit: int) -> Malformed:
    words = f"has more than {limit:,} bytes and waits in the mailbox; send files by their address"
    return Malformed("too_large", Fault("mail", words))


def _quarantined(app: App, raw: bytes, fault: Malformed) -> Standing:
    """Keep a mail that nobody is answered for: its sender may be anybody."""
    kept = Unreadable(
        channel=CHANNEL, raw=raw, code=fault.code, message=fault.message, place=fault.place
    )
    app.store.write(lambda db: quarantine.keep(db, app.vault, app.postbox, kept))
    return Standing("quarantined", None, fault.code)
