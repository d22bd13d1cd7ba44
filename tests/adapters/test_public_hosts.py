from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from adapters.outbound.public_hosts import NotAllowed, NotPublic, PublicHosts, is_public, resolve

NOT_PUBLIC = (
    "127.0.0.1", "127.8.8.8", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::", "::127.0.0.1",
)  # fmt: skip
PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808",
          "::ffff:8.8.8.8")  # fmt: skip


def leading_to(*addresses: str, exempt: Sequence[str] = ()) -> PublicHosts:
    """Give the rule where every name leads to these addresses."""
    return PublicHosts(exempt, lambda _host, _port: addresses)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_within_are_refused(address: str) -> None:
    """Whatever way an address within is written or wrapped, no name may lead there."""
    assert not is_public(ip_address(address))
    with pytest.raises(NotPublic, match=r"hook\.example leads to an address that is not public"):
        leading_to("8.8.8.8", address).addresses("hook.example", 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_taken(address: str) -> None:
    """What is reached over the Internet is."""
    assert leading_to(address).addresses("hook.example", 443) == (address,)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://hook.example/", "not called by plain http"),
        ("http://[::ffff:127.0.0.1]/", "not called by plain http"),
        ("http://2130706433/", "not called by plain http"),
        ("https://[::ffff:127.0.0.1]/", "no public address"),
        ("https://127.0.0.1:8443/", "no public address"),
        ("https://[::1]/", "no public address"),
        ("https://169.254.169.254/latest/meta-data", "no public address"),
        ("https://sato:secret@hook.example/", "holds a user name or password"),
        ("https:///nowhere", "is no web address"),
        ("ftp://hook.example/", "is no web address"),
        ("file:///etc/passwd", "is no web address"),
        ("gopher://hook.example/", "is no web address"),
        ("https://hook.example:99999/", "is no web address"),
        ("hook.example", "is no web address"),
    ],
)
def test_some_addresses_are_never_called(url: str, says: str) -> None:
    """What can never be right is refused as it is read, without the path and what it may hold."""
    with pytest.raises(NotAllowed, match=says) as caught:
        leading_to("8.8.8.8").read(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "017700000001", "localhost"])
def test_numbers_that_stand_for_loopback(host: str) -> None:
    """The system reads these as loopback, and so do we: the rule looks at what it reads."""
    hosts = PublicHosts()
    assert hosts.read(f"https://{host}/").host == host
    with pytest.raises(NotPublic):
        hosts.addresses(host, 443)


def test_exempt_hosts_are_called_by_http() -> None:
    """What the operator names may be within, by plain http; with a port, on that port alone."""
    hosts = leading_to("127.0.0.1", exempt=["intranet.example", "127.0.0.1:8080"])
    assert hosts.read("http://Intranet.example:1234/hook").port == 1234
    assert hosts.addresses("intranet.example", 1234) == ("127.0.0.1",)
    assert hosts.read("http://127.0.0.1:8080/").host == "127.0.0.1"
    with pytest.raises(NotAllowed):
        hosts.read("http://127.0.0.1:8081/")
    with pytest.raises(NotAllowed):
        hosts.read("http://other.example/")


def test_a_name_that_leads_nowhere() -> None:
    """No address is no connection."""
    for name in ("hook.invalid", "x" * 80 + ".example"):
        with pytest.raises(OSError, match=r".+"):
            resolve(name, 443)
