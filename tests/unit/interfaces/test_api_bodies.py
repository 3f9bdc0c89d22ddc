"""Bodies are counted as they come: lines are what they would be in one piece, slow and large ones end as problems."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from countenance.errors import RequestTooLarge
from countenance.interfaces.api.bodies import Budget, body_lines, patience, whole_body


def request_of(chunks: Sequence[bytes], *, ends: bool = True, headers: dict[str, str] | None = None) -> Request:
    """Return a request whose body arrives in these pieces, and then ends, or never does."""
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if ends:
        messages.append({"type": "http.request", "body": b"", "more_body": False})
    arriving = iter(messages)

    async def receive() -> Message:
        """Give the next message."""
        try:
            return next(arriving)
        except StopIteration:
            await asyncio.Event().wait()
            raise

    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive)


async def collected(request: Request, limit: int) -> list[bytes]:
    """Return every line."""
    return [line async for line in body_lines(request, limit)]


@given(st.lists(st.binary(max_size=12).map(lambda data: data.replace(b"x", b"\n")), max_size=12))
def test_lines_do_not_depend_on_how_they_arrive(chunks: list[bytes]) -> None:
    """Cut anywhere, a body has the lines that it has in one piece, blank ones left out."""
    whole = b"".join(chunks)
    assert asyncio.run(collected(request_of(chunks), 1000)) == [line for line in whole.split(b"\n") if line.strip()]


@pytest.mark.parametrize("chunks", [[b"12345\n"], [b"123", b"45\n"], [b"12345"], [b"1\n123", b"45", b"\n"]])
def test_a_line_over_its_bound_is_refused(chunks: list[bytes]) -> None:
    """However it arrives, a line longer than the bound ends the reading."""
    with pytest.raises(RequestTooLarge):
        asyncio.run(collected(request_of(chunks), 4))
    assert asyncio.run(collected(request_of(chunks), 5))


async def read(request: Request, limit: int, budget: Budget, seconds: float = 5) -> bytes:
    """Return the whole body."""
    async with whole_body(request, limit, budget, seconds) as body:
        return bytes(body)


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(0, 60))
def test_a_body_is_whole_or_refused(chunks: list[bytes], limit: int) -> None:
    """Within the bound every byte is there; over it nothing is; the budget is whole again in both cases."""
    budget = Budget(1000)
    whole = b"".join(chunks)
    if len(whole) <= limit:
        assert asyncio.run(read(request_of(chunks), limit, budget)) == whole
    else:
        with pytest.raises(RequestTooLarge):
            asyncio.run(read(request_of(chunks), limit, budget))
    assert budget.left == 1000


@pytest.mark.parametrize("declared", ["5", "0000000000005", "99999999999999999999999999"])
def test_a_declared_length_over_the_bound_is_enough(declared: str) -> None:
    """A length over the bound is refused before anything is awaited."""
    request = request_of([], ends=False, headers={"Content-Length": declared})
    with pytest.raises(RequestTooLarge):
        asyncio.run(read(request, 4, Budget(1000)))


def test_a_body_that_never_comes_ends_as_408() -> None:
    """Whoever sends too slowly is told so, and what was held is given back."""
    budget = Budget(1000)
    with pytest.raises(HTTPException) as caught:
        asyncio.run(read(request_of([b"abc"], ends=False), 10, budget, seconds=0.01))
    assert (caught.value.status_code, budget.left) == (408, 1000)


def test_bodies_beyond_the_budget_are_told_to_wait() -> None:
    """Two bodies that together exceed the budget: the second is 503 while the first is held, and fits after it."""

    async def two() -> None:
        """Reserve twice."""
        budget = Budget(10)
        async with whole_body(request_of([b"1234567"]), 100, budget):
            with pytest.raises(HTTPException) as caught:
                await read(request_of([b"1234"]), 100, budget)
            assert caught.value.status_code == 503
        assert await read(request_of([b"1234"]), 100, budget) == b"1234"

    asyncio.run(two())


def test_a_sender_that_goes_away_is_noticed() -> None:
    """A disconnect in mid-body is not an empty rest."""

    async def receive() -> Message:
        """Give the next message."""
        return {"type": "http.disconnect"}

    budget = Budget(10)
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)
    with pytest.raises(ClientDisconnect):
        asyncio.run(read(request, 10, budget))
    assert budget.left == 10


def test_patience_passes_other_errors_on() -> None:
    """Only time is turned into 408."""
    with pytest.raises(ValueError, match="other"):
        asyncio.run(_raise_inside())


async def _raise_inside() -> None:
    with patience(5):
        raise ValueError("other")
