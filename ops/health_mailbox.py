"""Whether the mailbox can be opened, and who is believed there. Reads no mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from ops.check import Check, fine, wrong
from workers import bootstrap_mail
from workers.bootstrap import Settings


def examine_mailbox(settings: Settings) -> Iterator[Check]:
    """Say nothing where no mailbox is set up."""
    from adapters.inbound.imap import MailboxAway  # noqa: PLC0415  (only who reads mails)

    letterbox = bootstrap_mail.letterbox(settings.mailbox)
    if letterbox is None:
        return
    place = f"{letterbox.folder} at {settings.mailbox.host}"
    try:
        with closing(letterbox.connect()) as imap:
            waiting = len(imap.unseen())
    except MailboxAway as error:
        remedy = "see that the server runs, and check TORITSUGI_MAILBOX__… (docs/mailbox.md)"
        yield wrong("mailbox", f"{place} cannot be opened ({error})", remedy)
        return
    believed = letterbox.trusts or "every sender"
    yield fine("mailbox", f"{place} opens, {waiting} mails wait; believes {believed}")
