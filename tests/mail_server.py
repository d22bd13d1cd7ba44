"""A real mail server of our own: Exim, unprivileged, on loopback, whose deliveries end in a folder.

Receivers `later@…` are put off (451), `gone@…` are refused (550). Never sends anything on.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.free_port import free_port

USER = "toritsugi"
PASSWORD = "smtp-password-of-the-tests"
TOKEN = "oauth-token-of-the-tests"
UNPRIVILEGED = "nobody"
LOOKS = 600
LOOK_S = 0.05
CONFIGURATION = """
primary_hostname = mx.toritsugi.example
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
log_selector = +smtp_connection
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}:{tls_port}
tls_on_connect_ports = {tls_port}
local_interfaces = 127.0.0.1
exim_user = {user}
exim_group = {group}
never_users =
deliver_drop_privilege = true
keep_environment =
host_lookup =
rfc1413_hosts =
smtp_accept_max = 50
message_size_limit = 1M
tls_advertise_hosts = *
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/key.pem
auth_advertise_hosts = *
acl_smtp_mail = sender
acl_smtp_rcpt = receiver
acl_smtp_data = accept
begin acl
sender:
  deny sender_domains = forged.example
       message = not your address
  accept
receiver:
  defer local_parts = later
        message = 451 come back later
  deny local_parts = gone
       message = nobody of that name
  accept
accept:
  accept
begin routers
everybody:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = {folder}/box
  maildir_format
  create_directory
  user = {user}
  group = {group}
  envelope_to_add
  return_path_add
begin retry
* * F,1h,1s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{name}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
bearer:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = ${{if match{{$auth1}}{{auth=Bearer {token}}}}}
  server_set_id = bearer
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The running server: where it listens, whom to trust, and what has arrived."""

    folder: Path
    port: int
    tls_port: int

    @property
    def ca_file(self) -> str:
        return str(self.folder / "certificate.pem")

    def arrived(self) -> list[bytes]:
        """Give every mail that was delivered, oldest first."""
        found = [path for path in self.folder.glob("box/new/*") if path.is_file()]
        found.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [path.read_bytes() for path in found]

    def wait(self, number: int) -> list[bytes]:
        """Give the mails once there are so many."""
        pause = threading.Event()
        for _ in range(LOOKS):
            if len(found := self.arrived()) >= number:
                return found
            pause.wait(LOOK_S)
        raise AssertionError(f"{len(self.arrived())} of {number} mails arrived; {self.log()}")

    def clear(self) -> None:
        for path in self.folder.glob("box/new/*"):
            path.unlink()

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("log/*")))

    def connections(self) -> int:
        """Give how many sessions there have been."""
        return self.log().count("TCP/IP connection count")


def find_exim() -> str | None:
    """Give the server's program, wherever Debian or others put it."""
    return shutil.which("exim4", path=f"{os.defpath}:/usr/sbin:/sbin") or shutil.which("exim")


@contextmanager
def running(binary: str) -> Iterator[MailServer]:
    """Run the server; as root, it runs as somebody else, whose its folder becomes."""
    # Not pytest's own: each session that starts closes those to everybody else.
    folder = Path(tempfile.mkdtemp(prefix="smtp-"))
    try:
        with _running(binary, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(binary: str, folder: Path) -> Iterator[MailServer]:
    server = MailServer(folder, free_port(), free_port())
    user, group = _whom()
    _write(server, user, group)
    root = os.getuid() == 0
    if root:
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, user, group)
    with subprocess.Popen(  # noqa: S603  (a server found on this machine)
        [binary, "-C", str(folder / "exim.conf"), "-bdf", "-q1s"],
        user=user if root else None,
        group=group if root else None,
        extra_groups=[] if root else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _until(lambda: _listens(server.port) and _listens(server.tls_port), server)
            yield server
        finally:
            process.terminate()


def _whom() -> tuple[str, str]:
    """Give whom the server runs as: never root, who may not be delivered to."""
    import grp  # noqa: PLC0415  (Unix only, as is the server)
    import pwd  # noqa: PLC0415  (as above)

    found = pwd.getpwnam(UNPRIVILEGED) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    return found.pw_name, grp.getgrgid(found.pw_gid).gr_name


def _write(server: MailServer, user: str, group: str) -> None:
    for name in ("spool", "log"):
        (server.folder / name).mkdir()
    names = {"folder": server.folder, "port": server.port, "tls_port": server.tls_port}
    secrets = {"name": USER, "password": PASSWORD, "token": TOKEN}
    text = CONFIGURATION.format(user=user, group=group, **names, **secrets)
    (server.folder / "exim.conf").write_text(text)
    _certify(server.folder)


def _certify(folder: Path) -> None:
    """Write a certificate for this machine that nobody but the tests trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)  # noqa: TID251  (certificates go by the real clock)
    loopback = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(loopback), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(private)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(ready: Callable[[], bool], server: MailServer) -> None:
    pause = threading.Event()
    for _ in range(LOOKS):
        if ready():
            return
        pause.wait(LOOK_S)
    raise AssertionError(f"the mail server does not come up: {server.log()}")
