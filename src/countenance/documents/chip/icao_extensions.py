"""Two extensions that Doc 9303-12 fills in its own way: types of document, and states in alternative names.

Neither is critical, so that a reader may go on without it, and nobody but the CSCA can have spoilt it: one that is not
as the Doc has it says nothing, and the certificate stays readable.
"""

from __future__ import annotations

from typing import Any

from countenance.documents.chip.tlv import read_all, read_tag
from countenance.errors import DocumentError

_DOCUMENT_TYPES = "2.23.136.1.1.6.2"
_ALTERNATIVE_NAME = "2.5.29.17"
_LOCALITY = b"\x55\x04\x07"
"""2.5.4.7, as DER has it."""
_SEQUENCE, _DIRECTORY_NAME = 0x30, 0xA4
_MOST = 50
"""Types, names, and parts of a name."""


def document_types(extensions: Any, what: str) -> frozenset[str]:
    """Return the types in a documentTypeList (Doc 9303-12 7.1.1.6): a version and a SET of strings; without fillers."""
    try:
        listed = read_all(read_tag(_value(extensions, _DOCUMENT_TYPES, what), _SEQUENCE, what), what, most=2)[1:]
        types = [one.value for group in listed for one in read_all(group.value, what, most=_MOST)]
    except DocumentError:
        return frozenset()
    return _codes(types)


def alternative_states(extensions: Any, what: str) -> frozenset[str]:
    """Return localityName of each directory name in the subject's alternative names (Doc 9303-12 7.1.1.2)."""
    try:
        names = read_all(read_tag(_value(extensions, _ALTERNATIVE_NAME, what), _SEQUENCE, what), what, most=_MOST)
        parts = [
            part
            for name in names
            if name.tag == _DIRECTORY_NAME
            for part in read_all(read_tag(name.value, _SEQUENCE, what), what, most=_MOST)
        ]
        pairs = [read_all(one.value, what, most=2) for part in parts for one in read_all(part.value, what, most=_MOST)]
    except DocumentError:
        return frozenset()
    return _codes([pair[-1].value for pair in pairs if pair and pair[0].value == _LOCALITY])


def _value(extensions: Any, oid: str, what: str) -> bytes:
    """Return an extension's value undecoded, its last element; the library would refuse the whole for one bad value."""
    found = next((item.dump() for item in extensions if item["extn_id"].dotted == oid), None)
    return read_all(read_tag(found, _SEQUENCE, what), what, most=3)[-1].value if found else b""


def _codes(texts: list[bytes]) -> frozenset[str]:
    return frozenset(text.decode("ascii", "replace").replace("<", "").strip().upper() for text in texts) - {""}
