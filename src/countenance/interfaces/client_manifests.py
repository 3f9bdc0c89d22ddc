"""The part of ``Client`` that streams rows into galleries and follows them: references, manifests and portraits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from countenance.interfaces import wire
from countenance.interfaces.client_custody import CustodyClient
from countenance.interfaces.schemas_staging import AnnouncedBody, BoardingBody, announced_of, boarding_of
from countenance.procedures import RowVerdict
from countenance.terms import Enrolment
from countenance.terms.staging import Announced, Boarding, EventTerms, PortraitRow, PortraitsFrom, PortraitVerdict

ROWS_PER_REQUEST = 144
"""Few enough that verdicts fit into the connection's buffers while this side only sends."""

_BYTES = {"Content-Type": "application/octet-stream"}

Row = TypeVar("Row")
Verdict = TypeVar("Verdict")


class ManifestsClient(CustodyClient):
    """Filling galleries of a served site."""

    def enrol(self, gallery_id: str, rows: Iterable[Enrolment]) -> Iterator[RowVerdict]:
        """Enrol rows, a verdict each once it is durable; rows are read as they are sent, some ahead of the verdicts."""
        path = f"/galleries/{wire.in_path(gallery_id)}/references"
        return self._stream(path, rows, wire.enrolment_line, _id, wire.row_verdict)

    def announce(self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms) -> Announced:
        """Open a gallery for a manifest's event, or bring it to what a re-issued manifest says."""
        query = urlencode(_asked(checkpoint_id, terms))
        path = f"/galleries/{wire.in_path(gallery_id)}/manifest?{query}"
        return announced_of(AnnouncedBody.model_validate_json(self._send("PUT", path, file, _BYTES).read()))

    def fill(  # noqa: PLR0917 - one event's whole context
        self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms, source: PortraitsFrom, years: int
    ) -> tuple[Announced, Iterator[PortraitVerdict]]:  # fmt: skip
        """Announce a manifest and have whoever is wanted staged with portraits of the site's own."""
        asked = {**_asked(checkpoint_id, terms), "portraits": source, "reference_years": str(years)}
        answer = self._send("POST", f"/galleries/{wire.in_path(gallery_id)}/staging?{urlencode(asked)}", file, _BYTES)
        told = announced_of(AnnouncedBody.model_validate(json.loads(answer.readline())["announced"], strict=False))
        return told, wire.verdicts(answer, 0, wire.portrait_verdict)

    def portray(self, gallery_id: str, rows: Iterable[PortraitRow]) -> Iterator[PortraitVerdict]:
        """Stage portraits of expected travellers, as :meth:`enrol` does rows."""
        path = f"/galleries/{wire.in_path(gallery_id)}/portraits"
        return self._stream(path, rows, wire.portrait_line, _number, wire.portrait_verdict)

    def boarding(self, gallery_id: str) -> Boarding:
        """Return where a manifest's travellers stand."""
        answer = self._call("GET", f"/galleries/{wire.in_path(gallery_id)}/manifest")
        return boarding_of(BoardingBody.model_validate(answer, strict=False))

    def follow(self, gallery_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield a manifest's counts, as ``FollowedBody`` travels, at once and at each change, until it is closed."""
        kind = ""
        for line in self._send("GET", f"/galleries/{wire.in_path(gallery_id)}/manifest/events", None, {}):
            name, _, value = line.decode("utf-8").rstrip("\n").partition(": ")
            kind = value if name == "event" else kind
            if name == "data" and kind == "problem":
                raise wire.error(int(json.loads(value)["status"]), value.encode())
            if name == "data":
                yield json.loads(value)

    def _stream(
        self, path: str, rows: Iterable[Row], line: Callable[[Row], bytes], whose: Callable[[Row], object],
        read: Callable[[Mapping[str, Any], int], Verdict],
    ) -> Iterator[Verdict]:  # fmt: skip
        """Send rows in several requests, those of one person in one: their references are numbered within it."""
        remaining = iter(rows)
        ahead = list(islice(remaining, 1))
        done = 0
        while ahead:
            count = 0

            def lines() -> Iterator[bytes]:
                nonlocal count
                while ahead:
                    row = ahead.pop()
                    count += 1
                    yield line(row)
                    ahead.extend(islice(remaining, 1))
                    if count >= ROWS_PER_REQUEST and ahead and whose(ahead[0]) != whose(row):
                        return

            answer = self._send("POST", path, lines(), {"Content-Type": "application/x-ndjson"})
            yield from wire.verdicts(answer, done, read)
            done += count


def _asked(checkpoint_id: str, terms: EventTerms) -> dict[str, str]:
    return {
        "checkpoint": checkpoint_id, "zone": terms.zone, "at": terms.moment, "port": terms.port, "lists": terms.listed,
    }  # fmt: skip


def _id(row: Enrolment) -> str:
    return row.reference_id


def _number(row: PortraitRow) -> int:
    return row.number
