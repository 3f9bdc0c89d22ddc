"""What came over HTTP is read back whole, or refused as what it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance import errors
from countenance.interfaces import wire
from countenance.interfaces.api.examples import EXAMPLES
from countenance.interfaces.shown import reply_body, server_timing
from countenance.terms import EnrolmentVerdict, StageTime

VERDICT = b'{"row":1,"reference_id":"r","verdict":"enrolled","reason":"","advice":""}\n'
SUMMARY = b'{"summary":{"enrolled":1,"duplicate":0,"refused":0,"full":0}}\n'

STAGES = st.lists(
    st.builds(
        StageTime, st.sampled_from(["live.decode", "extract", "compare"]),
        st.integers(0, 99_999).map(lambda hundredths: hundredths / 100),
    ),
    max_size=5,
)  # fmt: skip


@given(STAGES)
def test_a_reply_travels_whole(stages: list[StageTime]) -> None:
    """A reply that was shown over HTTP is the same reply when read back, times by stage included."""
    reply = wire.reply(EXAMPLES["ReplyBody"], server_timing(tuple(stages)))
    assert reply.millis == tuple(stages)
    assert json.loads(reply_body(reply).model_dump_json()) == EXAMPLES["ReplyBody"]


def test_verdicts_are_numbered_on() -> None:
    """Rows of a later request continue the count of those before."""
    (verdict,) = wire.verdicts([VERDICT, SUMMARY], 64, wire.row_verdict)
    assert (verdict.row, verdict.verdict) == (65, EnrolmentVerdict.ENROLLED)


@pytest.mark.parametrize("lines", [[], [VERDICT], [VERDICT, VERDICT]])
def test_a_stream_that_breaks_off_is_noticed(lines: list[bytes]) -> None:
    """Without a last line, summary or problem, some rows may be missing, and that is an error."""
    with pytest.raises(errors.SiteError) as caught:
        list(wire.verdicts(lines, 0, wire.row_verdict))
    assert caught.value.code == "site.unreachable"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"code":"a.b"}'])
def test_what_is_no_problem_is_still_an_error(body: bytes) -> None:
    """A reply from something else than countenance is an error that names the status."""
    error = wire.error(502, body)
    assert isinstance(error, errors.SiteError)
    assert "502" in error.message
    assert error.remedy


@pytest.mark.parametrize(
    "status, code, kind",
    [
        (401, "access.bad_key", errors.NotAuthenticated),
        (403, "access.denied", errors.AccessError),
        (403, "charter.not_in_force", errors.CharterError),
        (404, "gallery.unknown", errors.NotFound),
        (409, "gallery.closed", errors.GalleryError),
        (409, "encounter.expired", errors.EncounterError),
        (413, "request.too_large", errors.RequestTooLarge),
        (503, "record.damaged", errors.RecordError),
        (507, "storage.full", errors.StorageError),
        (500, "service.fault", errors.SiteError),
    ],
)
def test_a_problem_is_the_error_it_was(status: int, code: str, kind: type[errors.CountenanceError]) -> None:
    """Status and code together say which boundary it was."""
    problem = {"status": status, "code": code, "detail": "It is so.", "remedy": "Do this."}
    error = wire.error(status, json.dumps(problem).encode())
    assert type(error) is kind
    assert (error.code, error.message, error.remedy) == (code, "It is so.", "Do this.")
