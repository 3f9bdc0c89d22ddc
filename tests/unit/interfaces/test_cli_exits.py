"""The exit status fails closed: every boundary has one, and none of them is success."""

from __future__ import annotations

import json

import pytest

from countenance import errors
from countenance.interfaces.cli.exits import (
    EXIT_STATUSES,
    NOT_AS_EXPECTED,
    NOT_SET_UP,
    OK,
    REFUSED,
    UNAVAILABLE,
    status_of,
)
from countenance.interfaces.cli.said import Said, fail, finish

BOUNDARIES = [
    (errors.CharterError, REFUSED),
    (errors.AccessError, REFUSED),
    (errors.NotAuthenticated, REFUSED),
    (errors.EncounterError, REFUSED),
    (errors.GalleryError, REFUSED),
    (errors.CaseError, REFUSED),
    (errors.CountError, REFUSED),
    (errors.CustodyError, REFUSED),
    (errors.NotFound, REFUSED),
    (errors.RequestTooLarge, REFUSED),
    (errors.DocumentError, NOT_AS_EXPECTED),
    (errors.SiteError, NOT_SET_UP),
    (errors.BackupError, NOT_SET_UP),
    (errors.ConfigurationError, NOT_SET_UP),
    (errors.WeightsError, NOT_SET_UP),
    (errors.OperatingPointError, NOT_SET_UP),
    (errors.PolicyError, NOT_SET_UP),
    (errors.EvaluationError, NOT_SET_UP),
    (errors.StorageError, UNAVAILABLE),
    (errors.RecordError, UNAVAILABLE),
    (errors.VaultError, UNAVAILABLE),
    (errors.InferenceError, UNAVAILABLE),
    (errors.CountenanceError, UNAVAILABLE),
]


@pytest.mark.parametrize("boundary, status", BOUNDARIES)
def test_each_boundary_has_its_status(boundary: type[errors.CountenanceError], status: int) -> None:
    """An error's status says whose turn it is, whatever its code."""
    assert status_of(boundary("some.code", "What.", remedy="Do.")) == status


def test_no_boundary_is_forgotten() -> None:
    """Every error class of ours stands in the table above, and every status is explained in the help."""
    kinds = (item for item in vars(errors).values() if isinstance(item, type))
    classes = {kind for kind in kinds if issubclass(kind, errors.CountenanceError)}
    assert classes == {boundary for boundary, _ in BOUNDARIES}
    assert {status for _, status in BOUNDARIES} | {OK} <= {status for status, _ in EXIT_STATUSES}


def test_an_error_is_told_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence, what to do and the stable code go to standard error; standard output stays empty."""
    with pytest.raises(SystemExit) as ended:
        fail(errors.CharterError("charter.not_in_force", "The charter is not in force.", remedy="Renew it."))
    shown = capsys.readouterr()
    assert shown.err == "countenance: The charter is not in force. Renew it. [charter.not_in_force]\n"
    assert (shown.out, ended.value.code) == ("", REFUSED)


@pytest.mark.parametrize("as_json", [False, True])
def test_an_answer_is_told_one_way_or_the_other(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    """Programs get one JSON object and nothing else, people get text not read as markup; the status is the same."""
    with pytest.raises(SystemExit) as ended:
        finish(Said({"outcome": "match"}, ("a [bold]sentence[/]",), 1), as_json=as_json)
    shown = capsys.readouterr().out
    assert ended.value.code == 1
    if as_json:
        assert json.loads(shown) == {"outcome": "match"}
    else:
        assert shown == "a [bold]sentence[/]\n"


def test_a_service_that_breaks_off_is_unavailable() -> None:
    """A site that is not in order started nothing; a service that no longer answers may have done something."""
    assert status_of(errors.SiteError("site.unreachable", "No answer.", remedy="Again.")) == UNAVAILABLE
    assert status_of(errors.SiteError("site.locked", "Busy.", remedy="Wait.")) == NOT_SET_UP
