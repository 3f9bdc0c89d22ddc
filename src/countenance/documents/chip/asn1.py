"""The edge to the ASN.1 library: bytes are bounded before it, and whatever it trips over is our error behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from countenance.documents.chip.tlv import bound
from countenance.errors import DocumentError
from countenance.terms import Instant

_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."


@contextmanager
def asn1_faults(what: str) -> Iterator[None]:
    """Turn what the library raises for malformed data into ``chip.malformed``; ``what`` names the data in the sentence.

    The library decodes when a value is asked for, so everything that is wanted is taken out inside this block.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise DocumentError("chip.malformed", f"{what} is not well-formed ASN.1.", remedy=_READ_AGAIN) from error


def load(spec: Any, data: bytes, what: str, *, most: int = 20_000) -> Any:
    """Return ``data`` as the library's ``spec``, lazily decoded; use inside :func:`asn1_faults`.

    Raises:
        DocumentError: not one element, indefinite lengths, too many elements or too deep (``chip.tlv_…``).
    """
    bound(data, what, most=most)
    return spec.load(data, strict=True)


def instant(value: datetime) -> Instant:
    """Return a moment of the library as ours; the library reads UTCTime and GeneralizedTime with their zone."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return Instant(round(value.timestamp() * 1000))
