"""The gate: no route without a key but health and the log, every role its own, no cross-site call, safe headers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from countenance.interfaces.api import create_app
from countenance.interfaces.api.openapi import INTRODUCTION
from countenance.terms import Action, Role
from fakes.http import ADULT, Counter, assert_problem, counter_at
from fakes.policies import allowed as policy_allows

ANONYMOUS = {
    "/health/live", "/health/ready", "/log/checkpoint", "/log/tree-head", "/log/tile/{path:path}",
    "/log/proof/{commitment}", "/transparency", "/transparency/page", "/transparency/page.css",
}  # fmt: skip
"""Every address that strangers may read; adding one is a decision, and this line is where it shows."""
SAFE = {
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site with an open gallery."""
    with counter_at(tmp_path_factory.mktemp("gate") / "site") as counter:
        counter.post("/galleries", {"gallery": "flight", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        yield counter


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """Return every (method, path) that the app has, however deep its routers."""

    def walk(items: list[object]) -> Iterator[tuple[str, str]]:
        for item in items:
            if isinstance(item, APIRoute):
                yield from ((method, item.path) for method in item.methods)
            else:
                inner = getattr(item, "original_router", item)
                yield from walk(list(getattr(inner, "routes", ())))

    return set(walk(list(app.router.routes)))


def filled(path: str) -> str:
    """Return a route's path with something in its places."""
    places = {
        "{path:path}": "0/000", "{reference:path}": "r", "{commitment}": "0" * 64, "{gallery}": "flight",
        "{referral}": "r", "{name}": "page.js", "{notification}": "n", "{charter}": "c", "{partner}": "p",
        "{hold}": "h", "{encounter}": "e",
    }  # fmt: skip
    for place, value in places.items():
        path = path.replace(place, value)
    assert "{" not in path, path
    return path


# --- who is asking ----------------------------------------------------------------------------------------------------
def test_every_route_but_the_listed_ones_needs_a_key(counter: Counter) -> None:
    """Walking every route of the app without a key gives 401 everywhere except on the list of anonymous ones."""
    found = routes(create_app(counter.service))
    assert len(found) >= 25
    assert {path for _, path in found} >= ANONYMOUS
    for method, path in sorted(found):
        response = counter.client.request(method, filled(path))
        if path in ANONYMOUS:
            assert response.status_code != 401, path
        else:
            assert_problem(response, 401, "access.no_key")
            assert response.headers["www-authenticate"].startswith("Basic ")


def test_strangers_learn_nothing_about_what_exists(counter: Counter) -> None:
    """Without a key an address that does not exist is answered like one that does."""
    assert_problem(counter.client.get("/no/such/address"), 401, "access.no_key")
    assert_problem(counter.get("/no/such/address"), 404, "request.no_such_address")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer cnt_", "Bearer cnt_0000000000000000_" + "A" * 43, "Basic", "Basic !", "Basic bm9jb2xvbg==",
     "Basic " + b64encode(b"x:\xff").decode(), "Digest x", "cnt_0000000000000000_" + "A" * 43],
)  # fmt: skip
def test_what_is_not_a_key_is_answered_alike(counter: Counter, header: str) -> None:
    """Malformed headers, unknown keys and other schemes are all 401, and the reply repeats none of it."""
    response = counter.client.get("/galleries", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert "A" * 43 not in response.text


def test_one_changed_character_is_another_key(counter: Counter) -> None:
    """A key with its last character changed opens nothing."""
    key = counter.world.created.api_keys[Role.OPERATOR]
    other = key[:-1] + ("A" if key[-1] != "A" else "B")
    response = counter.client.get("/galleries", headers={"Authorization": f"Bearer {other}"})
    assert_problem(response, 401, "access.bad_key")


# --- roles ------------------------------------------------------------------------------------------------------------
CALLS = [
    (Action.OPEN_ENCOUNTER, "POST", "/encounters", {"checkpoint": "lane-1", "eligibility": ADULT}),
    (Action.READ_GALLERY, "GET", "/galleries", None),
    (Action.MANAGE_GALLERY, "POST", "/galleries", {"gallery": "flight", "checkpoint": "gate-1"}),
    (Action.MANAGE_GALLERY, "POST", "/galleries/flight/references", None),
    (Action.MANAGE_GALLERY, "DELETE", "/galleries/flight/references/r", None),
    (Action.REVIEW, "GET", "/referrals", None),
    (Action.EXPORT_RECORD, "GET", "/record/bodies", None),
    (Action.EXPORT_RECORD, "GET", f"/record/bodies/{'00' * 32}", None),
    (Action.READ_METRICS, "GET", "/metrics", None),
    (Action.ADMINISTER, "POST", "/devices", {"device": "d", "public_key": "00" * 32, "checkpoints": ["lane-1"]}),
    (Action.ADMINISTER, "POST", "/keys", {"holder": "operator:9", "role": "operator"}),
]


def allowed(role: Role, action: Action, checkpoint: str = "lane-1") -> bool:
    """Return what the policy says about this role."""
    return policy_allows(role, action, checkpoint)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action, method, path, body", CALLS, ids=[f"{call[1]} {call[2]}" for call in CALLS])
def test_roles_may_over_http_what_the_policy_says(
    counter: Counter, role: Role, action: Action, *, method: str, path: str, body: object
) -> None:
    """Each role gets 403 for exactly those calls that the policy denies it."""
    response = counter.client.request(method, path, json=body, headers=counter.key(role))
    if allowed(role, action):
        assert response.status_code in {200, 201, 404, 409}, response.text
    else:
        assert_problem(response, 403, "access.denied")


@pytest.mark.parametrize("role", list(Role))
def test_attempts_follow_the_policy_too(counter: Counter, role: Role) -> None:
    """Opting out and verifying are denied to exactly the roles that the policy denies them, before any frame."""
    counter.world.extractor.frames_decoded = 0
    token = counter.opened()
    compared = counter.capture(token, b"face a 1", b"face a 2", role=role)
    opted = counter.post("/opt-outs", role=role, Token=counter.opened())
    assert (compared.status_code == 200) is allowed(role, Action.VERIFY)
    assert (opted.status_code == 200) is allowed(role, Action.OPT_OUT)
    assert counter.world.extractor.frames_decoded == (2 if allowed(role, Action.VERIFY) else 0)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ["/charters", "/", "/static/page.js", "/static/page.css", "/openapi.json"])
def test_every_role_may_read_charters_and_the_page(counter: Counter, role: Role, path: str) -> None:
    """What holds nothing about a person is open to everybody who is known."""
    assert counter.get(path, role).status_code == 200


def test_the_documented_roles_are_the_policys(counter: Counter) -> None:
    """The table in the documentation has a line for each role, and promises reading metrics to whom the policy does."""
    lines = {line.split("|")[1].strip(): line for line in INTRODUCTION.splitlines() if line.startswith("| ")}
    assert set(lines) - {"role"} == set(Role)
    assert {role for role in Role if "metrics" in lines[role]} == {
        role for role in Role if allowed(role, Action.READ_METRICS)
    }


# --- browsers ---------------------------------------------------------------------------------------------------------
def basic(counter: Counter, **headers: str) -> dict[str, str]:
    """Return headers as a browser sends them that has stored the operator's key."""
    stored = b64encode(f"officer:{counter.world.created.api_keys[Role.OPERATOR]}".encode()).decode()
    return {"Authorization": f"Basic {stored}"} | {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.mark.parametrize(
    "method, path, headers, passes",
    [
        ("GET", "/", {}, True),
        ("GET", "/", {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}, True),
        ("GET", "/", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, True),
        ("GET", "/galleries", {"Sec_Fetch_Site": "same-origin"}, True),
        ("GET", "/galleries", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, False),
        ("GET", "/galleries", {"Sec_Fetch_Site": "same-site"}, False),
        ("POST", "/opt-outs", {}, False),
        ("POST", "/opt-outs", {"Sec_Fetch_Site": "same-origin"}, False),
        ("POST", "/opt-outs", {"Countenance_Page": "1", "Sec_Fetch_Site": "cross-site"}, False),
        ("POST", "/opt-outs", {"Countenance_Page": "0"}, False),
        ("POST", "/opt-outs", {"Countenance_Page": "1"}, True),
        ("POST", "/opt-outs", {"Countenance_Page": "1", "Sec_Fetch_Site": "same-origin"}, True),
        ("DELETE", "/galleries/flight/references/r", {}, False),
    ],
)
def test_a_browsers_key_works_from_our_page_only(
    counter: Counter, method: str, path: str, headers: dict[str, str], *, passes: bool
) -> None:
    """What a browser sends by itself counts only when our page sent it; the page may be opened from anywhere."""
    response = counter.client.request(method, path, headers=basic(counter, **headers))
    if passes:
        assert response.status_code in {200, 422}, response.text
    else:
        assert_problem(response, 403, "access.cross_site")


@pytest.mark.parametrize(
    "host, passes",
    [("127.0.0.1:1", True), ("localhost", True), ("LOCALHOST:8433", True), ("[::1]:8433", True),
     ("evil.example", False),
     ("127.0.0.1.evil.example", False), ("localhost.evil.example:80", False), ("", False), ("127.0.0.1:1:2", False)],
)  # fmt: skip
def test_other_host_names_are_refused(counter: Counter, host: str, *, passes: bool) -> None:
    """A page that made its own name point here (DNS rebinding) is refused, also by health and the public log."""
    response = counter.client.get("/health/live", headers={"Host": host})
    if passes:
        assert response.status_code == 200
    elif host:
        assert_problem(response, 403, "access.unknown_host")
    else:
        assert response.status_code in {400, 403}


def test_every_reply_has_safe_headers(counter: Counter) -> None:
    """Pages, problems, refusals and the log alike: no foreign code, no framing, no guessing of types."""
    for path in ("/", "/galleries", "/nowhere", "/health/live", "/log/checkpoint", "/log/nothing"):
        for response in (counter.get(path), counter.client.get(path)):
            assert {name: response.headers[name] for name in SAFE if name != "content-security-policy"} == {
                name: value for name, value in SAFE.items() if name != "content-security-policy"
            }
            assert response.headers["content-security-policy"].startswith(SAFE["content-security-policy"])
            assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
            assert "unsafe" not in response.headers["content-security-policy"]


def test_only_the_public_log_may_be_kept(counter: Counter) -> None:
    """Everything but the public log is no-store."""
    for path in ("/", "/galleries", "/charters", "/openapi.json", "/static/page.js", "/health/ready", "/nowhere"):
        assert counter.get(path).headers["cache-control"] == "no-store"
    assert counter.get("/log/checkpoint").headers["cache-control"] == "no-cache"
