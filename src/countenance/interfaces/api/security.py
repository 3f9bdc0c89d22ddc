"""Who is calling, from where: API keys by two header schemes, cross-site calls refused, headers that make pages safe.

A browser sends a key as HTTP Basic (any user name, the key as password), so that the page needs no anonymous page to
log in on. A browser also sends Basic credentials by itself, from any site's page; so whatever comes with Basic must
come from our own page: ``Sec-Fetch-Site`` says so, and what changes something carries ``Countenance-Page: 1``, which
no other site's page can add without asking first (Fetch, CORS-preflight).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from countenance.errors import AccessError, NotAuthenticated

PAGE_HEADER = "Countenance-Page"
PUBLIC_LOG = "/log/"
PUBLIC_PAGES = frozenset({"/transparency", "/transparency/page", "/transparency/page.css"})
HEALTH = frozenset({"/health/live", "/health/ready"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

SAFE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_PORT = re.compile(r":[0-9]{0,5}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key's text, and whether a browser may have sent it by itself."""

    key: str
    by_browser: bool


def is_anonymous(path: str) -> bool:
    """Return whether strangers may read ``path``: health and what is public, nothing else."""
    return path in HEALTH or is_public(path)


def is_public(path: str) -> bool:
    """Return whether ``path`` is the same for everybody, and may be kept by caches: the log and the public page."""
    return path in PUBLIC_PAGES or path.startswith(PUBLIC_LOG)


def read_credentials(authorization: str) -> Credentials:
    """Return the key in an Authorization header, Bearer (RFC 6750) or the password of Basic (RFC 7617).

    Raises:
        NotAuthenticated: ``access.no_key``, there is none, or the header cannot be read.
    """
    scheme, _, rest = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return Credentials(rest.strip(), by_browser=False)
    if scheme.lower() == "basic":
        try:
            _, colon, password = b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")
        except (Base64Error, UnicodeDecodeError):
            colon = password = ""
        if colon:
            return Credentials(password, by_browser=True)
    raise NotAuthenticated(
        "access.no_key", "No API key was presented.",
        remedy="Send 'Authorization: Bearer cnt_…'; in a browser, give any user name and the key as the password.",
    )  # fmt: skip


def check_same_site(request: Request, credentials: Credentials) -> None:
    """Return only if no other site's page can have made this call with the browser's stored key.

    Raises:
        AccessError: ``access.cross_site``.
    """
    if not credentials.by_browser:
        return
    headers = request.headers
    own = headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
    opening_the_page = request.url.path == "/" and headers.get("sec-fetch-mode") == "navigate"
    marked = request.method in _READING or headers.get(PAGE_HEADER) == "1"
    if not (marked and (own or opening_the_page)):
        raise AccessError(
            "access.cross_site", "This call came with a browser's key and not from this service's page.",
            remedy=f"Send the key as 'Authorization: Bearer …', or add the header '{PAGE_HEADER}: 1'.",
        )  # fmt: skip


def as_named(host: str) -> str:
    """Return ``host`` as a Host header has it, without a port: an IPv6 address in brackets (RFC 9110, 7.2)."""
    return f"[{host}]" if ":" in host else host.lower()


def check_host(host: str, allowed: frozenset[str]) -> None:
    """Return only if the Host header, without its port, is one this service answers to (against DNS rebinding).

    Raises:
        AccessError: ``access.unknown_host``.
    """
    if _PORT.sub("", host).lower() not in allowed:
        raise AccessError(
            "access.unknown_host", "This service does not answer to that host name.",
            remedy="Call it by the address it was started with, or put the name into site.toml as 'host'.",
        )  # fmt: skip
