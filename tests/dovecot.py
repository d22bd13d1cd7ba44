"""A real IMAP server of our own: Dovecot on loopback, in a folder that goes with the test.

Mails are laid into its Maildir as a mail server does, and looked for in its files: what a client
did is seen from outside.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.inbound.imap import Access, Imap, connect
from tests.free_port import free_port

USER, PASSWORD = "support@toritsugi.example", "p\u00e4ss w\u00f6rd"
CONFIG = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0 secs
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{home}/mail
mail_fsync = never
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 100
first_valid_uid = {uid}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
{oauth}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OAUTH = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2
}}
"""


INTROSPECTION = """\
introspection_mode = get
introspection_url = {url}
username_attribute = sub
active_attribute = active
active_value = true
"""


def find() -> str | None:
    """Give the program, which stands where only administrators look."""
    return shutil.which("dovecot", path=os.pathsep.join([os.defpath, "/usr/sbin", "/sbin"]))


@dataclass(slots=True)
class Dovecot:
    """A server with one mailbox; may be stopped and started again."""

    home: Path
    port: int
    tls_port: int = 0
    certificate: Path | None = None
    """A file with key and certificate: then TLS is spoken at `tls_port`."""
    token_url: str = ""
    """Where the server asks whose a token is."""
    _process: subprocess.Popen[bytes] | None = None
    _count: int = 0

    def start(self) -> None:
        self._write()
        command = [str(find()), "-F", "-c", str(self.home / "conf")]
        self._process = subprocess.Popen(  # noqa: S603  (a server found on this machine)
            command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True
        )
        self._answers()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def deliver(self, *mails: bytes) -> None:
        """Lay mails into the mailbox, as a mail server does."""
        for raw in mails:
            self._count += 1
            name = f"{self._count:09}.M1P1.test"
            path = self.home / "mail" / "tmp" / name
            path.write_bytes(raw)
            self._give(path)
            path.rename(self.home / "mail" / "new" / name)

    def renumber(self) -> None:
        """Give every mail another number, as a server does that has lost its index."""
        self.stop()
        names = self.home / "mail" / "dovecot-uidlist"
        head, rest = names.read_text().split("\n", 1)
        anew = re.sub(r" V(\d+) ", lambda found: f" V{int(found[1]) + 1} ", head)
        names.write_text(f"{anew}\n{rest}")
        for index in (self.home / "mail").glob("dovecot.index*"):
            index.unlink()
        self.start()

    def held(self, folder: str = "INBOX") -> list[tuple[bytes, str]]:
        """Give each mail of a folder with its flags, in the order of their arrival."""
        place = self.home / "mail" / ("" if folder == "INBOX" else f".{folder.replace('/', '.')}")
        found = [path for part in ("new", "cur") for path in (place / part).glob("*")]
        return [
            (path.read_bytes(), path.name.partition(":2,")[2])
            for path in sorted(found, key=lambda path: path.name)
        ]

    def empty(self) -> None:
        """Throw every mail and folder away."""
        self.stop()
        shutil.rmtree(self.home / "mail")
        self.start()

    def remove(self, folder: str) -> None:
        shutil.rmtree(self.home / "mail" / f".{folder.replace('/', '.')}")

    def log(self) -> str:
        path = self.home / "log"
        return path.read_text() if path.exists() else ""

    def _write(self) -> None:
        me = pwd.getpwuid(os.getuid())
        root = me.pw_uid == 0
        owner = pwd.getpwnam("nobody") if root else me
        group = "dovecot" if root else _group(me.pw_gid)
        (self.home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        values: dict[str, Any] = {
            "home": self.home,
            "internal": "dovecot" if root else me.pw_name,
            "login": "dovenull" if root else me.pw_name,
            "group": group,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
            "imap": self.port,
            "imaps": self.tls_port,
            "ssl": "yes" if self.tls_port else "no",
            "certificate": _certificate(self.certificate),
            "mechanisms": "plain xoauth2",
            "oauth": "",
        }
        if self.token_url:
            values["oauth"] = OAUTH
            (self.home / "oauth2").write_text(INTROSPECTION.format(url=self.token_url))
        values["oauth"] = str(values["oauth"]).format(**values)
        (self.home / "conf").write_text(CONFIG.format(**values), encoding="utf-8")
        for part in ("mail/tmp", "mail/new", "mail/cur"):
            (self.home / part).mkdir(parents=True, exist_ok=True)
            self._give(self.home / part)
        self._give(self.home / "mail")

    def _give(self, path: Path) -> None:
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def _answers(self) -> None:
        """Wait until the server greets; its log says why it does not."""
        assert self._process is not None
        while self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
                if line.recv(1_024).startswith(b"* OK"):
                    return
        raise AssertionError(self.log())


def reach(server: Dovecot, folder: str = "INBOX", **more: Any) -> Imap:
    """Sign in to the server; `more` in place of what leads there."""
    access: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": USER,
        "password": PASSWORD,
        "tls": False,
    }
    return connect(Access(**{**access, **more}), folder)


def _group(gid: int) -> str:
    import grp  # noqa: PLC0415  (beside pwd, and needed only here)

    return grp.getgrgid(gid).gr_name


def _certificate(path: Path | None) -> str:
    return "" if path is None else f"ssl_cert = <{path}\nssl_key = <{path}"


@contextmanager
def dovecot(**options: Any) -> Iterator[Dovecot]:
    """Run a server until the block ends."""
    # Its mail user is not root, and must get into the folder.
    home = Path(tempfile.mkdtemp(prefix="imap-"))
    home.chmod(0o711)
    tls = free_port() if "certificate" in options else 0
    server = Dovecot(home, free_port(), tls, **options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
