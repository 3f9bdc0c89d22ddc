"""What travels between the service and an inference process: length-bounded frames of bytes and JSON, never pickles.

Request: 4-byte big-endian count, then for each photograph its 4-byte length and bytes. Answer:
4-byte count of the first photographs that it is about, then for each: 4-byte length of a JSON head, the head, then the
template's float32 little-endian bytes where there is one. Landmarks travel in the head.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from socket import socket

import numpy as np

from countenance.errors import InferenceError
from countenance.terms import Accepted, Box, Extraction, Probe, Quality, Reason, Refused, Stage, StageMillis, Template

MAX_REQUEST = 64_000_000
"""Bytes; above every bound a photograph has, so a length beyond it is a fault of ours."""
AT_ONCE = 8
"""Photographs of one request, at most."""
WITHIN_S = 0.25
"""Seconds after which a process begins with no other photograph of a request: somebody may stand before a camera."""
MAX_HEAD = 65_536
MAX_TEMPLATE = 65_536
_LENGTH = struct.Struct(">I")


def send(channel: socket, data: bytes) -> None:
    """Send one length-prefixed frame."""
    channel.sendall(_LENGTH.pack(len(data)) + data)


def receive(channel: socket, limit: int) -> bytes | None:
    """Return the next frame, or None when the peer closed before it began.

    Raises:
        InferenceError: ``inference.garbled``, a frame longer than ``limit`` or cut short.
    """
    head = _exactly(channel, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > limit:
        raise _garbled(f"a frame of {length} bytes where at most {limit} are allowed")
    body = _exactly(channel, length)
    if body is None and length:
        raise _garbled("a frame cut short")
    return body or b""


def ask(channel: socket, images: Sequence[bytes]) -> None:
    """Send one request of at most ``AT_ONCE`` photographs."""
    channel.sendall(_LENGTH.pack(len(images)))
    for image in images:
        send(channel, image)


def asked(channel: socket) -> list[bytes] | None:
    """Return the next request's photographs, or None when the service closed before it began.

    Raises:
        InferenceError: ``inference.garbled``.
    """
    head = _exactly(channel, _LENGTH.size)
    if head is None:
        return None
    (count,) = _LENGTH.unpack(head)
    if not 1 <= count <= AT_ONCE:
        raise _garbled(f"a request for {count} photographs where at most {AT_ONCE} are allowed")
    images = [receive(channel, MAX_REQUEST) for _ in range(count)]
    if None in images:
        raise _garbled("a request cut short")
    return [image for image in images if image is not None]


def answer(channel: socket, extractions: Sequence[Extraction]) -> None:
    """Answer the last request, about all of its photographs or the first of them."""
    channel.sendall(_LENGTH.pack(len(extractions)))
    for extraction in extractions:
        head, values = pack(extraction)
        send(channel, head)
        send(channel, values)


def answered(channel: socket, most: int) -> list[Extraction]:
    """Return the answer to a request for ``most`` photographs: one extraction at least.

    Raises:
        InferenceError: ``inference.died``, ``inference.garbled``.
    """
    found: list[Extraction] = []
    count = _exactly(channel, _LENGTH.size)
    if count is None:
        raise _died()
    if not 1 <= _LENGTH.unpack(count)[0] <= most:
        raise _garbled("another number of answers than it was asked for")
    for _ in range(_LENGTH.unpack(count)[0]):
        head, values = receive(channel, MAX_HEAD), receive(channel, MAX_TEMPLATE)
        if head is None or values is None:
            raise _died()
        found.append(unpack(head, values))
    return found


def pack(extraction: Extraction) -> tuple[bytes, bytes]:
    """Return (JSON head, template bytes) of an extraction."""
    if isinstance(extraction, Refused):
        return json.dumps({"refused": asdict(extraction)}).encode(), b""
    probe = extraction.probe
    head = {
        "weights": probe.template.weights,
        "quality": asdict(probe.quality),
        "box": asdict(probe.box),
        "landmarks": [float(value) for value in probe.landmarks.ravel()],
        "image_sha256": probe.image_sha256,
        "frame": [probe.frame_width, probe.frame_height],
        "millis": asdict(extraction.millis),
    }
    return json.dumps(head).encode(), probe.template.values.astype("<f4").tobytes()


def unpack(head: bytes, values: bytes) -> Extraction:
    """Return the extraction that :func:`pack` packed, bit for bit."""
    fields = json.loads(head)
    if "refused" in fields:
        refused = fields["refused"]
        return Refused(
            Stage(refused["stage"]), Reason(refused["reason"]), refused["advice"], StageMillis(**refused["millis"])
        )
    probe = Probe(
        template=Template(np.frombuffer(values, "<f4").astype(np.float32), fields["weights"]),
        quality=Quality(**fields["quality"]),
        box=Box(**fields["box"]),
        landmarks=np.array(fields["landmarks"], np.float32).reshape(5, 2),
        image_sha256=fields["image_sha256"],
        frame_width=fields["frame"][0],
        frame_height=fields["frame"][1],
    )
    return Accepted(probe, StageMillis(**fields["millis"]))


def _exactly(channel: socket, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = channel.recv(min(count - len(parts), 1 << 20))
        if not part:
            if parts:
                raise _garbled("a frame cut short")
            return None
        parts += part
    return bytes(parts)


def _died() -> InferenceError:
    return InferenceError("inference.died", "An inference process ended.", remedy="Do an ordinary manual check.")


def _garbled(what: str) -> InferenceError:
    return InferenceError(
        "inference.garbled", f"An inference process sent {what}.", remedy="Do an ordinary manual check."
    )
