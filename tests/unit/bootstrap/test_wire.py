"""What travels between service and inference process arrives bit for bit, or is refused by its length."""

from __future__ import annotations

import socket
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.bootstrap import wire
from countenance.errors import InferenceError
from countenance.terms import Accepted, Reason, Refused, Stage, StageMillis
from fakes.extractor import FakeExtractor, face


def test_accepted_survives_the_wire_bit_for_bit() -> None:
    """A probe comes out of the wire as it went in: template, landmarks, quality."""
    sent = FakeExtractor().extract(face("ann"))
    assert isinstance(sent, Accepted)
    received = wire.unpack(*wire.pack(sent))
    assert isinstance(received, Accepted)
    assert received.probe.template.values.tobytes() == sent.probe.template.values.tobytes()
    assert np.array_equal(received.probe.landmarks, sent.probe.landmarks)
    assert received.probe.quality == sent.probe.quality


def test_refused_survives_the_wire() -> None:
    """A refusal keeps stage, reason and advice."""
    sent = Refused(Stage.DETECTION, Reason.NO_FACE, "Look at the camera.", StageMillis(1, 2, 3, 4))
    assert wire.unpack(*wire.pack(sent)) == sent


@given(st.binary(max_size=5000))
def test_frames_arrive_whole(data: bytes) -> None:
    """What is sent as one frame is received as one frame, whatever its bytes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, data)
        assert wire.receive(theirs, 5000) == data


@pytest.mark.parametrize("sent", [struct.pack(">I", 101) + b"x" * 101, struct.pack(">I", 50) + b"cut", b"\x00\x00"])
def test_lengths_are_never_trusted(sent: bytes) -> None:
    """A frame over the limit, or cut short, is an inference fault and not memory."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(sent)
        ours.close()
        with pytest.raises(InferenceError):
            wire.receive(theirs, 100)


def test_a_closed_peer_is_the_end() -> None:
    """Nothing more to read is told apart from a broken frame."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.close()
        assert wire.receive(theirs, 100) is None


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=wire.AT_ONCE))
def test_requests_arrive_whole(images: list[bytes]) -> None:
    """The photographs of one request are received as they were sent, and the next request after them."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.ask(ours, images)
        wire.ask(ours, [b"next"])
        assert wire.asked(theirs) == images
        assert wire.asked(theirs) == [b"next"]


@pytest.mark.parametrize(
    "sent", [struct.pack(">I", 0), struct.pack(">I", wire.AT_ONCE + 1), struct.pack(">II", 2, 1) + b"x", b"\x00"]
)
def test_a_request_of_another_length_is_a_fault(sent: bytes) -> None:
    """No photograph, too many, or fewer than were said: a fault of ours, and nothing waits for more."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(sent)
        ours.close()
        with pytest.raises(InferenceError):
            wire.asked(theirs)


def test_a_closed_service_ends_the_requests() -> None:
    """Nothing more to read before a request is the end."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.close()
        assert wire.asked(theirs) is None


@pytest.mark.parametrize(
    "sent", [struct.pack(">I", 0), struct.pack(">I", 3), struct.pack(">II", 1, wire.MAX_HEAD + 1), b"", b"\x00"]
)
def test_an_answer_of_another_length_is_a_fault(sent: bytes) -> None:
    """None of the photographs, more than were asked for, a head too long, or none at all: the process is of no use."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(sent)
        ours.close()
        with pytest.raises(InferenceError):
            wire.answered(theirs, 2)
