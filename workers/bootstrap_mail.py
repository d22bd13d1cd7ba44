"""The composition root's part about mail: the mailbox, and the mail server that answers go out by.

Is handed its settings by `workers/bootstrap.py`; reads none. Connects nowhere by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.inbound.imap import Imap
    from adapters.outbound.smtp import Smtp
    from config.settings import MailApp, Mailbox
    from config.settings import Smtp as SmtpSettings
    from workers.letterbox import Letterbox
    from workers.post import Post


def letterbox(box: Mailbox) -> Letterbox | None:
    """Give the mailbox that requests come to, not yet connected; None where none is set up."""
    from workers.letterbox import Letterbox  # noqa: PLC0415  (heavy; only whole processes need it)

    if box.host is None or box.user is None:
        return None
    own = {address.strip().lower() for address in (box.user, *box.own)}
    return Letterbox(
        name=f"{box.user.lower()}@{box.host.lower()}/{box.folder}",
        connect=lambda: _connected(box),
        trusts=box.trusts if box.authenticates else None,
        own=frozenset(own),
        domain=box.domain.lower() if box.domain else None,
        mail_bytes=box.max_bytes,
        folder=box.folder,
        done=box.done,
        quarantine=box.quarantine,
        ignored=box.ignored,
        poll_s=box.poll_s,
    )


def _connected(box: Mailbox) -> Imap:
    from adapters.inbound.imap import Access, connect  # noqa: PLC0415  (only who reads mails)

    access = Access(
        host=box.host or "",
        port=box.port,
        user=box.user or "",
        password=box.password.get_secret_value() if box.password else None,
        token=None if box.oauth is None else _mailbox_token(box.oauth),
        tls=box.tls,
        ca_file=box.ca_file,
        timeout_s=box.timeout_s,
    )
    return connect(access, box.folder)


def _mailbox_token(app: MailApp) -> Callable[[], str]:
    from adapters.inbound.mailbox_token import mailbox_token  # noqa: PLC0415  (heavy)

    return mailbox_token(app.tenant, app.client_id, app.client_secret.get_secret_value())


def post(server: SmtpSettings, heard: Callable[[], None]) -> Post | None:
    """Give the way out for answers by mail, not yet connected; None where none is set up."""
    from workers.post import Post  # noqa: PLC0415  (as above)

    if server.host is None or server.sender is None:
        return None
    _, address = parseaddr(server.sender)
    return Post(
        smtp=smtp(server, heard),
        sender=server.sender,
        address=address,
        domain=_domain(server),
        own=frozenset(one.strip().lower() for one in (address, *server.own)),
        per_hour=server.per_hour,
    )


def smtp(server: SmtpSettings, heard: Callable[[], None] = lambda: None) -> Smtp:
    """Give the mail server that is set up, not yet connected; `heard`: see `Smtp`."""
    from adapters.outbound.smtp import MailServer, Smtp  # noqa: PLC0415  (only who sends mails)

    return Smtp(
        MailServer(
            host=server.host or "",
            port=server.port,
            security=server.security,
            user=server.user,
            password=server.password.get_secret_value() if server.password else None,
            token=None if server.oauth is None else _mail_token(server.oauth),
            ca_file=None if server.ca_file is None else str(server.ca_file),
            name=_domain(server),
            timeout_s=server.timeout_s,
        ),
        heard=heard,
    )


def _domain(server: SmtpSettings) -> str:
    """Give the domain that is ours in mails: the one that is set, or the sender's."""
    _, address = parseaddr(server.sender or "")
    return (server.domain or address.rpartition("@")[2]).lower()


def _mail_token(app: MailApp) -> Callable[[], str]:
    from adapters.outbound.mail_token import mail_token  # noqa: PLC0415  (heavy; few need it)

    return mail_token(app.tenant, app.client_id, app.client_secret.get_secret_value())
