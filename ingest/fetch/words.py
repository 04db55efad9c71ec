"""Trouble with the network, in words for people who run no servers."""

import ssl
from urllib.request import getproxies_environment

_CERTIFICATE = {
    9: "whose certificate is not valid yet: is this machine's clock right?",
    10: "whose certificate has expired: tell the site's owner",
    18: "whose certificate is signed by nobody but itself",
    19: "whose certificate is signed by nobody known",
    20: "whose certificate is signed by nobody known, or sent incompletely: tell the site's owner",
    21: "whose certificate is signed by nobody known, or sent incompletely: tell the site's owner",
    62: "whose certificate is for another name",
    64: "whose certificate is for another name",
}
"""By OpenSSL's verification result (X509_V_ERR_...)."""


class FetchFailed(OSError):
    """The address could not be fetched now; trying again later may help. The message is for people."""


def in_words(error: Exception) -> str:
    """What went wrong, as the end of a sentence that begins with the address."""
    from urllib3 import exceptions

    if isinstance(error, ssl.SSLCertVerificationError):
        why = _CERTIFICATE.get(error.verify_code, f"whose certificate cannot be trusted ({error.verify_message})")
        return f"is on a site {why}"
    if isinstance(error, OSError) and str(error).startswith("Tunnel connection failed"):
        return f"is not let through by the proxy ({str(error)[:80]})"
    if isinstance(error.__cause__, ConnectionRefusedError):
        return "is on a site that refuses connections: it may be down, try again later"
    known: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
        ((ssl.SSLError, exceptions.SSLError), "is on a site with which no encrypted connection could be agreed on"),
        ((TimeoutError, exceptions.TimeoutError), "did not answer in time: try again later"),
        ((exceptions.NewConnectionError,), "is on a site that cannot be reached: is this machine online?"),
        ((exceptions.DecodeError,), "came with damaged compression: try again later"),
    )
    broken = "broke off before the end: try again later"
    return next((words for kinds, words in known if isinstance(error, kinds)), broken)


def proxy_hint() -> str:
    """What may be the matter where this machine is set up for a proxy, which is not used unasked; else ""."""
    if {"http", "https", "all"} & getproxies_environment().keys():
        return " (this machine is set up to use a proxy; HopKB does so only when --proxy names it)"
    return ""
