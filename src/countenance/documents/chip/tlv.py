"""Tag, length, value: the one way into a chip's bytes, with every length checked before it is used.

BER as ISO/IEC 7816-4 and Doc 9303-10 4.6, 4.7 use it: tags of one to three bytes, definite lengths of at most four,
not necessarily shortest (chips in the field pad them). Nothing recurses; what is nested is read level by level.
"""

from __future__ import annotations

from dataclasses import dataclass

from countenance.errors import DocumentError

_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_MORE = 0x80
_MOST_TAG_BYTES = 3
_MOST_LENGTH_BYTES = 4
_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element."""

    tag: int
    """All tag bytes as one big-endian number, such as 0x5F1F."""
    value: bytes
    raw: bytes
    """Tag, length and value as they stood."""


@dataclass(frozen=True, slots=True)
class _Header:
    tag: int
    start: int
    """Offset of the value's first byte."""
    end: int
    """Offset behind the value's last byte."""
    constructed: bool


def read_one(data: bytes, what: str) -> Tlv:
    """Return the single element that ``data`` is; ``what`` names it in errors ("EF.SOD").

    Raises:
        DocumentError: cut short, of indefinite or absurd length, or with bytes behind it (``chip.tlv_…``).
    """
    header = _header(data, 0, len(data), what)
    if header.end != len(data):
        raise DocumentError(
            "chip.tlv_trailing", f"{what} has {len(data) - header.end} bytes behind its end.", remedy=_READ_AGAIN
        )
    return Tlv(header.tag, data[header.start :], data)


def read_tag(data: bytes, tag: int, what: str) -> bytes:
    """Return the value of the single element that ``data`` is, which must have this ``tag``.

    Raises:
        DocumentError: as :func:`read_one`, or another tag (``chip.tlv_tag``).
    """
    found = read_one(data, what)
    if found.tag != tag:
        raise DocumentError("chip.tlv_tag", f"{what} has tag {found.tag:X}, not {tag:X}.", remedy=_READ_AGAIN)
    return found.value


def read_all(data: bytes, what: str, *, most: int) -> tuple[Tlv, ...]:
    """Return the elements that stand one behind the other in ``data``, at most ``most``.

    Raises:
        DocumentError: as :func:`read_one`, or more elements than allowed (``chip.tlv_many``).
    """
    found: list[Tlv] = []
    offset = 0
    while offset < len(data):
        if len(found) == most:
            raise _many(what, most)
        header = _header(data, offset, len(data), what)
        found.append(Tlv(header.tag, data[header.start : header.end], data[offset : header.end]))
        offset = header.end
    return tuple(found)


def by_tag(data: bytes, what: str, *, most: int = 32) -> dict[int, bytes]:
    """Return the values of the elements in ``data`` by tag.

    Raises:
        DocumentError: as :func:`read_all`, or a tag that stands there twice (``chip.tlv_twice``).
    """
    found: dict[int, bytes] = {}
    for item in read_all(data, what, most=most):
        if item.tag in found:
            raise DocumentError("chip.tlv_twice", f"{what} has tag {item.tag:X} twice.", remedy=_READ_AGAIN)
        found[item.tag] = item.value
    return found


def bound(data: bytes, what: str, *, most: int = 20_000, deepest: int = 24) -> None:
    """Check that ``data`` is one element with at most ``most`` elements in it, nested at most ``deepest`` deep.

    Done before a general ASN.1 parser sees the bytes, so that its time, memory and stack are bounded. Indefinite
    lengths are refused on the way: Doc 9303-10 4.6.2.2 and Doc 9303-12 7.1 ask for DER.

    Raises:
        DocumentError: as :func:`read_one`; too many (``chip.tlv_many``) or too deep (``chip.tlv_deep``).
    """
    read_one(data, what)
    count, pending = 0, [(0, len(data), 0)]
    while pending:
        offset, end, depth = pending.pop()
        if depth > deepest:
            raise DocumentError("chip.tlv_deep", f"{what} is nested more than {deepest} deep.", remedy=_READ_AGAIN)
        while offset < end:
            count += 1
            if count > most:
                raise _many(what, most)
            header = _header(data, offset, end, what)
            if header.constructed:
                pending.append((header.start, header.end, depth + 1))
            offset = header.end


def _header(data: bytes, offset: int, end: int, what: str) -> _Header:
    """Read tag and length at ``offset``; the value must end at or before ``end``."""
    after_tag = offset + 1
    if offset < end and data[offset] & _LONG_TAG == _LONG_TAG:
        while after_tag < end and data[after_tag] & _MORE:
            after_tag += 1
        after_tag += 1
    if after_tag >= end:
        raise _cut_short(what)
    if after_tag - offset > _MOST_TAG_BYTES:
        raise DocumentError(
            "chip.tlv_tag_long", f"{what} has a tag of more than {_MOST_TAG_BYTES} bytes.", remedy=_READ_AGAIN
        )
    start, length = after_tag + 1, data[after_tag]
    if length & _MORE:
        count = length & ~_MORE
        if not 0 < count <= _MOST_LENGTH_BYTES:
            raise DocumentError(
                "chip.tlv_length", f"{what} has an indefinite length or one of {count} bytes.", remedy=_READ_AGAIN
            )
        start += count
        length = int.from_bytes(data[start - count : start], "big")
    if start + length > end:
        raise _cut_short(what)
    constructed = bool(data[offset] & _CONSTRUCTED)
    return _Header(int.from_bytes(data[offset:after_tag], "big"), start, start + length, constructed)


def _cut_short(what: str) -> DocumentError:
    return DocumentError("chip.tlv_cut_short", f"{what} ends before its length says.", remedy=_READ_AGAIN)


def _many(what: str, most: int) -> DocumentError:
    return DocumentError("chip.tlv_many", f"{what} has more than {most} elements.", remedy=_READ_AGAIN)
