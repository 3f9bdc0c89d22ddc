"""One submission per encounter at a time: parallel sends cannot buy extra frames or extra answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from countenance.access import token_digest
from countenance.errors import EncounterError


class InFlight:
    """The tokens that are being answered right now, as digests, in this process (which alone holds the site lock)."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy: set[bytes] = set()

    @contextmanager
    def only(self, token: str) -> Iterator[None]:
        """Hold ``token`` while its submission is answered.

        Raises:
            EncounterError: ``encounter.busy``, another submission with this token is being answered;
                ``encounter.unknown_token``, the text cannot be a token.
        """
        digest = token_digest(token)
        with self._lock:
            if digest in self._busy:
                raise EncounterError(
                    "encounter.busy",
                    "Another submission of this encounter is being answered.",
                    remedy="Wait for its answer; an identical resend then gets the same reply.",
                )
            self._busy.add(digest)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(digest)
