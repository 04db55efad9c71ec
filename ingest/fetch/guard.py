"""Which machines may be asked: public ones, on the ports of web servers.

A name is looked up once and the connection goes to the very address that was checked, so a name
server that answers differently a second time (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from ingest.extract.base import Refused
from ingest.fetch.address import PORTS, Address
from ingest.fetch.words import FetchFailed

LEAST_FREE_PORT = 1_024
"""Ports below it belong to other services (mail, remote shells), which a forged address could talk to; city
sites on odd ports use 8080 or 8443."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSITION = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4, Teredo: retired, and carry IPv4 inside
_NAT64 = IPv6Network("64:ff9b::/96")  # how a network without IPv4 reaches the rest of the web (RFC 6052)


class NotFound(FetchFailed):
    """The name has no address, or cannot be looked up now."""


def is_public(text: str) -> bool:
    """Whether the IP address `text` belongs to a machine of the public Internet.

    Not private, loopback, link-local (cloud metadata), shared (100.64/10), multicast, reserved or documentation
    addresses, nor IPv6 forms with one of them inside.
    """
    ip = ip_address(text)
    if isinstance(ip, IPv6Address):
        inside = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inside is None:
            return ip.is_global and ip in _GLOBAL_UNICAST and not any(ip in network for network in _TRANSITION)
        ip = inside
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(address: Address, allowed: Collection[str]) -> tuple[str, ...]:
    """The IP addresses of the host, in the system's order of preference.

    Raises Refused where one of them is not public, or the port not for web pages, and `allowed` does not hold
    `address.machine`; NotFound where there is none.
    """
    strict = address.machine not in allowed
    if strict and address.port not in PORTS.values() and address.port < LEAST_FREE_PORT:
        raise Refused(f"names port {address.port}, which is not for web pages")
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        if getattr(error, "errno", None) == socket.EAI_AGAIN:
            raise NotFound("cannot be looked up now: is this machine online?") from error
        raise NotFound(f"is on a site that does not exist: check the spelling of {address.host}") from error
    ips = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = next((ip for ip in ips if not is_public(ip)), None)
    if strict and private:
        raise Refused(
            f"lies in a private network ({private}) and not on the public web: "
            "if it is yours to share, save the page from a browser and ingest the file"
        )
    return ips
