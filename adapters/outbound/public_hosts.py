"""Which hosts a receiver may be at: public addresses behind https, and what the operator allows.

Every address that a name resolves to is looked at, and the connection goes to one that was: what
the name means a moment later changes nothing. Never connects.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host; raises `OSError` when there are none."""
NAT64 = IPv6Network("64:ff9b::/96")
LAST_PORT = 65_535
_PORTS = {"http": 80, "https": 443}


class NotAllowed(Exception):
    """Nothing is sent there; the words say why, and name no more of the address than its host."""


class NotNamed(NotAllowed):
    """Its host would have to be public and called by https, or be among those that are exempt."""


class NotPublic(NotAllowed):
    """The name leads to an address that is not public, at present."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError("the name is none that can be asked for") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicHosts:
    """The rule for receivers; `exempt` are hosts (`name` or `name:port`) that it does not bind."""

    def __init__(self, exempt: Collection[str] = (), resolve: Resolve = resolve) -> None:
        self._exempt = {one.lower() for one in exempt}
        self._resolve = resolve

    def read(self, url: str) -> httpx.URL:
        """Take an address apart; raise `NotAllowed` when it can never be sent to."""
        try:
            found = httpx.URL(url)
        except (httpx.InvalidURL, UnicodeError):
            raise NotAllowed("is no web address") from None
        host, port = found.host, found.port or _PORTS.get(found.scheme, 0)
        if not host or found.scheme not in _PORTS or port > LAST_PORT:
            raise NotAllowed("is no web address that starts with https://")
        if found.userinfo:
            raise NotAllowed("holds a user name or password: leave them out")
        if self._exempts(host, port):
            return found
        if found.scheme != "https":
            raise NotNamed(f"{host} is not called by plain http: use https")
        if (literal := _literal(host)) is not None and not is_public(literal):
            raise NotNamed(f"{host} is no public address")
        return found

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Give the addresses to connect to; raise `NotPublic`, or `OSError` where there are none.

        One address that is not public is enough: such a name is not to be trusted.
        """
        found = self._resolve(host, port)
        if not self._exempts(host, port):
            for one in found:
                if not is_public(ip_address(one)):
                    raise NotPublic(f"{host} leads to an address that is not public")
        return found

    def _exempts(self, host: str, port: int) -> bool:
        return not self._exempt.isdisjoint({host.lower(), f"{host.lower()}:{port}"})


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is reached over the Internet alone: not from within, not by many at once."""
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    local = address.is_multicast or address.is_reserved or not address.is_global
    return not local and not (isinstance(address, IPv6Address) and address.is_site_local)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
