"""Credentials, hosts and same-site checks, by table and by random input."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.errors import AccessError, NotAuthenticated
from countenance.interfaces.api import security


@pytest.mark.parametrize("user", ["", "officer", "ünï"])
@pytest.mark.parametrize("key", ["cnt_x", "with:colon", ""])
def test_a_browsers_password_is_the_key(user: str, key: str) -> None:
    """Everything after the first colon is the key, whatever the user's name."""
    header = "Basic " + b64encode(f"{user}:{key}".encode()).decode()
    assert security.read_credentials(header) == security.Credentials(key, by_browser=True)


@pytest.mark.parametrize("header", ["Bearer cnt_x", "bearer cnt_x", "BEARER   cnt_x  "])
def test_a_bearers_key_is_the_token(header: str) -> None:
    """The scheme's name has no case; blanks around the key do not count."""
    assert security.read_credentials(header) == security.Credentials("cnt_x", by_browser=False)


@given(st.text(max_size=80))
def test_any_other_header_is_no_key(header: str) -> None:
    """Whatever text stands in the header, it is read as a key or refused as none; nothing else is raised."""
    with suppress(NotAuthenticated):
        assert security.read_credentials(header).key in header or header.lower().startswith("basic ")


@pytest.mark.parametrize("header", ["", "Basic", "Basic !", "Basic bm9jb2xvbg==", "Digest x", "cnt_x"])
def test_a_header_without_a_key_says_how_to_send_one(header: str) -> None:
    """The refusal tells both ways of presenting a key."""
    with pytest.raises(NotAuthenticated) as caught:
        security.read_credentials(header)
    assert caught.value.code == "access.no_key"
    assert "Bearer" in caught.value.remedy


@pytest.mark.parametrize(
    "path, anonymous",
    [("/health/live", True), ("/health/ready", True), ("/health", False), ("/health/livez", False), ("/log/x", True),
     ("/log", False), ("/logs/x", False), ("/", False), ("/metrics", False), ("//log/x", False), ("/LOG/x", False),
     ("/transparency", True), ("/transparency/page", True), ("/transparency/page.css", True), ("/transparency/", False),
     ("/transparency/x", False)],
)  # fmt: skip
def test_strangers_may_read_health_the_log_and_the_public_page(path: str, *, anonymous: bool) -> None:
    """Nothing that only looks like those addresses is anonymous."""
    assert security.is_anonymous(path) is anonymous


@pytest.mark.parametrize("host", ["", "evil", "localhost.", "127.0.0.1@evil", "[::1", "127.0.0.1:80:80", "127.0.0.1:x"])
def test_unlike_hosts_are_refused(host: str) -> None:
    """A host that is not exactly one of the names, its port aside, is refused."""
    with pytest.raises(AccessError, match="host name"):
        security.check_host(host, security.LOOPBACK)


@pytest.mark.parametrize("host, header", [("Gate.Example", "gate.example:443"), ("2001:db8::1", "[2001:DB8::1]:8433")])
def test_configured_hosts_are_answered(host: str, header: str) -> None:
    """A configured name or address is recognised as browsers write it, whatever its case and port."""
    security.check_host(header, frozenset({security.as_named(host)}))
