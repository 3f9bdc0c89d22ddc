"""A photograph becomes a probe, or a refusal that a person can act on; and never a crash or a bystander's template."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.capture import ImageLimits, decode
from countenance.face import DEFAULT_LIMITS, NO_LIMITS, Pipeline, build_pipeline, choose_config, compare
from countenance.face.align import TARGET
from countenance.terms import Accepted, Box, Frame, Landmarks, Reason, Refused, Stage
from fakes.networks import CONFIGURATIONS, accepted, photo, picture, pipeline, refused, scaled, turned, weights

GREY = 118


@pytest.fixture(params=CONFIGURATIONS)
def run(request: pytest.FixtureRequest) -> Pipeline:
    """Give the pipeline in each configuration."""
    return pipeline(request.param)


def beside(*pictures: np.ndarray) -> np.ndarray:
    """Return pictures side by side on grey, each centred in a column as high as the highest."""
    height = max(each.shape[0] for each in pictures)
    columns = []
    for each in pictures:
        above = (height - each.shape[0]) // 2
        columns.append(np.pad(each, ((above, height - each.shape[0] - above), (0, 0), (0, 0)), constant_values=GREY))
    return np.hstack(columns)


# --- what an accepted photograph gives ------------------------------------------------------------------------------
def test_a_probe_says_everything_about_itself(run: Pipeline, photos: Path) -> None:
    """Template of length 1 in float32 with its weights' name, quality, place, and the hash of the file."""
    frame = photo(photos / "person_b_1.jpg")
    extraction = run.run(frame)
    probe = accepted(extraction)
    values = probe.template.values
    assert values.shape == (run.dimension,) == (128,)
    assert values.dtype == np.float32
    assert abs(float(np.linalg.norm(values.astype(np.float64))) - 1) < 1e-6
    assert probe.template.weights == run.weights
    assert probe.image_sha256 == frame.sha256
    assert (probe.frame_width, probe.frame_height) == (frame.pixels.shape[1], frame.pixels.shape[0])
    assert probe.quality.feature_norm > 9
    assert probe.quality.faces == 1
    assert probe.quality.inter_eye_px == pytest.approx(
        np.linalg.norm(probe.landmarks[1] - probe.landmarks[0]), rel=1e-3
    )
    assert probe.quality.head_size == pytest.approx(probe.box.height / probe.frame_height)
    assert min(extraction.millis.detect, extraction.millis.quality, extraction.millis.embed) > 0
    assert extraction.millis.decode == 0


_TEMPLATE = """
import sys
from countenance import open_engine
print(open_engine().extract(open(sys.argv[1], "rb").read()).probe.template.values.tobytes().hex())
"""


def test_a_template_does_not_depend_on_blas(photos: Path) -> None:
    """Whichever kernels OpenBLAS chooses, the bits are the same: processes of one site may differ in that."""
    image = photos / "astronaut.png"
    found = {
        subprocess.run(
            [sys.executable, "-c", _TEMPLATE, image],
            env=os.environ | {"OPENBLAS_CORETYPE": kernel}, capture_output=True, text=True, check=True,
        ).stdout
        for kernel in ("Prescott", "Haswell")
    }  # fmt: skip
    assert len(found) == 1


def test_the_same_photograph_gives_the_same_bits(run: Pipeline, photos: Path) -> None:
    """Bit for bit, whatever came before, also in a pipeline compiled anew."""
    first = accepted(run.run(photo(photos / "person_a_2.jpg")))
    run.run(photo(photos / "impostor_1.jpg"))
    again = accepted(run.run(photo(photos / "person_a_2.jpg")))
    configuration = next(name for name in CONFIGURATIONS if pipeline(name) is run)
    anew = accepted(build_pipeline(weights(), choose_config(configuration)).run(photo(photos / "person_a_2.jpg")))
    assert len({probe.template.values.tobytes() for probe in (first, again, anew)}) == 1
    assert first.quality == again.quality == anew.quality
    assert first.landmarks.tobytes() == anew.landmarks.tobytes()


def test_people_are_known_years_apart_and_told_apart(run: Pipeline, photos: Path) -> None:
    """Photographs of one person taken years apart score 0.5 or more, of different people less."""
    names = ("person_a_1", "person_a_2", "person_b_1", "person_b_2", "impostor_1", "impostor_2")
    probes = {name: accepted(run.run(photo(photos / f"{name}.jpg"))) for name in names}
    for one in names:
        for other in names:
            same = one[:-1] == other[:-1] and one[0] == "p"
            score = compare(probes[one], probes[other])
            if one != other and same:
                assert score >= 0.5, (one, other)
            elif one != other:
                assert score < 0.5, (one, other)


@pytest.mark.parametrize(
    "configuration, degrees",
    [("full-fp32", -15), ("full-fp32", 15), ("shipped", -35), ("shipped", -20), ("shipped", 20), ("shipped", 35)],
)
def test_a_tilted_head_is_still_the_same_person(configuration: str, degrees: int, photos: Path) -> None:
    """A tilted head keeps its template, beyond what limits allow: alignment turns it upright."""
    free = replace(pipeline(configuration), limits=NO_LIMITS)
    for name in ("person_a_2.jpg", "person_b_1.jpg", "impostor_1.jpg", "obama.jpg"):
        pixels = photo(photos / name).pixels
        upright, tilted = (accepted(free.run(picture(turned(pixels, angle)))) for angle in (0, degrees))
        assert compare(upright, tilted) > 0.8, name


@pytest.mark.parametrize("name", ["obama_partial_face.jpg", "obama_partial_face2.jpg"])
def test_a_partial_face_is_compared_or_refused(run: Pipeline, name: str, photos: Path) -> None:
    """A face of which a third is missing is either good enough to match its whole, or refused with advice."""
    whole, part = run.run(photo(photos / "obama.jpg")), run.run(photo(photos / name))
    if isinstance(part, Accepted):
        assert compare(part.probe, accepted(whole)) > 0.5
    else:
        assert part.advice


def test_reduced_decoding_measures_the_original(run: Pipeline, photos: Path) -> None:
    """A file decoded smaller keeps the distance between the eyes in the file's own pixels, and nearly its template."""
    data = (photos / "person_b_2.jpg").read_bytes()
    whole = decode(data)
    reduced = decode(data, limits=ImageLimits(max_pixels=200_000))
    assert isinstance(whole, Frame)
    assert isinstance(reduced, Frame)
    assert max(reduced.pixels.shape) * 2 <= max(whole.pixels.shape) + 1
    one, other = accepted(run.run(whole)), accepted(run.run(reduced))
    assert other.quality.inter_eye_px == pytest.approx(one.quality.inter_eye_px, rel=0.05)
    assert np.linalg.norm(other.landmarks[1] - other.landmarks[0]) < 0.6 * one.quality.inter_eye_px
    assert compare(one, other) > 0.9


# --- nobody, several, bystanders ------------------------------------------------------------------------------------
def nobody() -> dict[str, np.ndarray]:
    """Return pictures without a face."""
    random = np.random.default_rng(11)
    fur = cv2.GaussianBlur(random.integers(0, 256, (300, 451, 3), np.uint8), (0, 0), 1.5)
    across = np.linspace(0, 255, 400, dtype=np.uint8)
    return {
        "black": np.zeros((480, 640, 3), np.uint8),
        "white": np.full((480, 640, 3), 255, np.uint8),
        "noise": random.integers(0, 256, (480, 640, 3), np.uint8),
        "fur": fur,
        "slope": np.broadcast_to(across[np.newaxis, :, np.newaxis], (300, 400, 3)).copy(),
        "one pixel": np.zeros((1, 1, 3), np.uint8),
    }


@pytest.mark.parametrize("name", nobody())
def test_nobody_is_refused_with_advice(run: Pipeline, name: str) -> None:
    """A picture without a face says where to look; nothing was measured or embedded."""
    refusal = refused(run.run(picture(nobody()[name])))
    assert (refusal.stage, refusal.reason) == (Stage.DETECTION, Reason.NO_FACE)
    assert "look at the camera" in refusal.advice
    assert refusal.millis.detect > 0
    assert refusal.millis.quality == refusal.millis.embed == 0


def test_a_suit_without_a_face_is_nobody(run: Pipeline, photos: Path) -> None:
    """The lower half of a portrait holds a person and no face."""
    pixels = photo(photos / "astronaut.png").pixels
    assert refused(run.run(picture(pixels[300:]))).reason is Reason.NO_FACE


def test_two_people_are_refused(run: Pipeline, photos: Path) -> None:
    """Two people side by side are several faces, and the advice says how many and what to do."""
    one, two = photo(photos / "person_b_1.jpg").pixels, photo(photos / "impostor_2.jpg").pixels
    refusal = refused(run.run(picture(beside(one, two))))
    assert (refusal.stage, refusal.reason) == (Stage.QUALITY, Reason.SEVERAL_FACES)
    assert "2 faces" in refusal.advice
    assert "one person at a time" in refusal.advice
    assert refusal.millis.embed == 0


@pytest.mark.parametrize("place", ["left", "right", "behind"])
def test_a_bystander_is_never_matched(run: Pipeline, place: str, photos: Path) -> None:
    """A small face in the background changes neither who is compared nor, to speak of, the template."""
    main, other = photo(photos / "person_b_1.jpg").pixels, photo(photos / "impostor_1.jpg").pixels
    empty = beside(np.full((600, 300, 3), GREY, np.uint8), main, np.full((600, 300, 3), GREY, np.uint8))
    company = empty.copy()
    small = scaled(other, 0.3)
    x = {"left": 30, "right": empty.shape[1] - small.shape[1] - 30, "behind": 330}[place]
    y = 5 if place == "behind" else 300
    company[y : y + small.shape[0], x : x + small.shape[1]] = small
    alone, together = accepted(run.run(picture(empty))), accepted(run.run(picture(company)))
    assert compare(alone, together) > 0.95
    assert together.quality.faces == 1
    assert compare(together, accepted(run.run(photo(photos / "impostor_1.jpg")))) < 0.4


@dataclass(frozen=True)
class Finds:
    """A detector that finds what it was told."""

    faces: Sequence[tuple[Box, Landmarks]]

    def detect(self, frame: Frame) -> Sequence[tuple[Box, Landmarks]]:  # noqa: ARG002 - the port's signature
        """Return the faces."""
        return self.faces


def real_face(frame: Frame) -> tuple[Box, Landmarks]:
    """Return the one face of a photograph."""
    return pipeline().detector.detect(frame)[0]


def decoy(main: Box, share: float) -> tuple[Box, Landmarks]:
    """Return a face beside the main one, surer, slimmer, and ``share`` times as high."""
    return Box(5, 5, main.width * 0.4, main.height * share, 0.99), TARGET


@pytest.mark.parametrize(
    "shares, faces", [([], 1), ([0.499], 1), ([0.5], 2), ([0.5, 0.499, 1.5], 3), ([0.1] * 10, 1), ([0.51] * 10, 11)]
)
def test_half_as_high_is_company(shares: list[float], faces: int, photos: Path) -> None:
    """A face at least half as high as the main one counts, a smaller one is a bystander: exactly half counts."""
    frame = photo(photos / "person_b_1.jpg")
    main = real_face(frame)
    found = [main, *(decoy(main[0], share) for share in shares)]
    for order in (found, found[::-1]):
        extraction = replace(pipeline(), detector=Finds(order)).run(frame)
        if faces == 1:
            assert accepted(extraction).quality.faces == 1
        else:
            assert f"{faces} faces" in refused(extraction).advice


def test_the_largest_box_is_the_main_face(photos: Path) -> None:
    """The main face is the largest by area, not the surest or the first, and it alone is embedded."""
    frame = photo(photos / "person_b_1.jpg")
    main = real_face(frame)
    found = [decoy(main[0], 0.4), main, decoy(main[0], 0.3)]
    probe = accepted(replace(pipeline(), detector=Finds(found)).run(frame))
    assert probe.box == main[0]
    assert probe.landmarks is main[1]
    assert probe.template.values.tobytes() == accepted(pipeline().run(frame)).template.values.tobytes()


def test_evaluations_take_the_central_face(photos: Path) -> None:
    """With the rule ``central`` the face nearest the middle counts, alone, however small or cut off."""
    frame = photo(photos / "person_b_1.jpg")
    height, width = frame.pixels.shape[:2]
    middle = (Box(width / 2 - 30, height / 2 - 30, 60, 60, 0.7), TARGET - 60)
    found = Finds([real_face(frame), middle, real_face(frame)])
    probe = accepted(replace(pipeline(), detector=found, main_face="central", limits=NO_LIMITS).run(frame))
    assert probe.box == middle[0]
    assert probe.quality.faces == 1


def test_a_face_without_a_place_is_no_face(photos: Path) -> None:
    """Landmarks that are not numbers, which no good network gives, never reach alignment."""
    for bad in (np.nan, np.inf):
        lost = (Box(10, 10, 99, 99, 0.9), np.full((5, 2), bad, np.float32))
        refusal = refused(replace(pipeline(), detector=Finds([lost])).run(photo(photos / "person_b_1.jpg")))
        assert refusal.reason is Reason.NO_FACE


# --- quality, on real photographs -----------------------------------------------------------------------------------
def shrunk(pixels: np.ndarray) -> np.ndarray:
    """Return the portrait as from far away."""
    return scaled(pixels, 0.15)


def blurred(pixels: np.ndarray) -> np.ndarray:
    """Return the portrait out of focus."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), 12), np.uint8)


def dark(pixels: np.ndarray) -> np.ndarray:
    """Return the portrait with a tenth of the light."""
    return pixels // 10


def bright(pixels: np.ndarray) -> np.ndarray:
    """Return the portrait nearly white."""
    return 255 - (255 - pixels) // 4


def faded(pixels: np.ndarray) -> np.ndarray:
    """Return the portrait as through fog."""
    return pixels // 8 + np.uint8(112)


def cut_off(pixels: np.ndarray) -> np.ndarray:
    """Return the portrait from the nose's wing on."""
    return pixels[:, 340:]


BAD = {
    Reason.FACE_TOO_SMALL: (shrunk, r"Move closer: \d+ px between the eyes, 24 needed"),
    Reason.BLURRED: (blurred, r"Hold still.*sharpness \d+, 12 needed"),
    Reason.TOO_DARK: (dark, r"More light.*brightness \d+ %, 12 % needed"),
    Reason.TOO_BRIGHT: (bright, r"Less light.*brightness \d+ %, 82 % allowed"),
    Reason.LOW_CONTRAST: (faded, r"contrast \d %, 5 % needed"),
    Reason.FACE_CUT_OFF: (cut_off, r"Move into the picture: \d of 5 points"),
}


@pytest.mark.parametrize("reason", BAD, ids=str)
def test_a_bad_photograph_says_what_to_do(run: Pipeline, reason: Reason, photos: Path) -> None:
    """Each fault of a real photograph has its reason, and advice with what was found and what is needed."""
    spoil, advice = BAD[reason]
    refusal = refused(run.run(picture(spoil(photo(photos / "person_b_1.jpg").pixels))))
    assert (refusal.stage, refusal.reason) == (Stage.QUALITY, reason)
    assert re.search(advice, refusal.advice), refusal.advice
    assert refusal.millis.quality > 0
    assert refusal.millis.embed == 0


def test_a_tilted_head_is_told_to_straighten(photos: Path) -> None:
    """A head tilted by 40 degrees, either way, is refused as tilted, with the angle."""
    pixels = photo(photos / "person_a_2.jpg").pixels
    for degrees in (-40, 40):
        refusal = refused(pipeline().run(picture(turned(pixels, degrees))))
        assert refusal.reason is Reason.TILTED
        assert re.search(r"Hold the head upright: it is tilted by about \d+ degrees, 25 are allowed", refusal.advice)


@pytest.mark.parametrize("degrees", [60, 90, 180])
def test_a_head_lying_on_its_side_is_never_compared(run: Pipeline, degrees: int, photos: Path) -> None:
    """Turned so far that its template means nothing, a face is refused, whatever the landmarks claim."""
    for name in ("person_a_2.jpg", "impostor_1.jpg", "obama.jpg"):
        assert refused(run.run(picture(turned(photo(photos / name).pixels, degrees)))).advice


def test_a_turned_head_is_told_to_face_the_camera(photos: Path) -> None:
    """Landmarks of a head turned far to the side are refused with the angle, before anything is embedded."""
    frame = photo(photos / "person_b_1.jpg")
    box, landmarks = real_face(frame)
    landmarks[2] += np.float32([0.6, 0]) * np.linalg.norm(landmarks[1] - landmarks[0])
    refusal = refused(replace(pipeline(), detector=Finds([(box, landmarks)])).run(frame))
    assert (refusal.stage, refusal.reason) == (Stage.QUALITY, Reason.TURNED_AWAY)
    assert re.search(r"turned by about \d+ degrees, 32 are allowed", refusal.advice)
    assert refusal.millis.embed == 0


def test_what_cannot_be_made_out_is_refused(run: Pipeline, photos: Path) -> None:
    """An embedding below the network's own least norm is refused after embedding, with advice."""
    strict = replace(run, limits=replace(DEFAULT_LIMITS, min_feature_norm=99.0))
    refusal = refused(strict.run(photo(photos / "person_b_1.jpg")))
    assert (refusal.stage, refusal.reason) == (Stage.EMBEDDING, Reason.POOR_TEMPLATE)
    assert re.search(r"uncover it.*strength \d+\.\d, 99\.0 needed", refusal.advice)
    assert refusal.millis.embed > 0


def test_the_packaged_network_has_a_least_norm() -> None:
    """Sites refuse embeddings shorter than the packaged network's limit; other limits are the defaults."""
    assert pipeline().limits == replace(DEFAULT_LIMITS, min_feature_norm=weights().spec.min_feature_norm)
    assert pipeline().limits.min_feature_norm == 9.0


@dataclass(frozen=True)
class Embeds:
    """An embedder that gives the same vector for every crop."""

    value: float
    weights: str = "0" * 64
    dimension: int = 128

    def embed(self, crops: np.ndarray) -> np.ndarray:
        """Return one vector a crop."""
        return np.full((len(crops), self.dimension), self.value, np.float32)


@pytest.mark.parametrize("value", [0.0, 1e-12, np.nan, np.inf])
def test_an_embedding_without_direction_is_refused(value: float, photos: Path) -> None:
    """Zero, not a number or infinite: no template comes of it, also where no limit is set."""
    broken = replace(pipeline(), embedder=Embeds(value), limits=NO_LIMITS)
    refusal = refused(broken.run(photo(photos / "person_b_1.jpg")))
    assert (refusal.stage, refusal.reason) == (Stage.EMBEDDING, Reason.POOR_TEMPLATE)


# --- anything at all ------------------------------------------------------------------------------------------------
@settings(max_examples=40)
@given(data=st.data())
def test_no_picture_makes_it_raise(data: st.DataObject, photos: Path) -> None:
    """Any crop of a real photograph, flipped, turned, noisy or scaled, is accepted or refused with advice."""
    pixels = photo(photos / data.draw(st.sampled_from(["person_a_1.jpg", "astronaut.png"]))).pixels
    height, width = pixels.shape[:2]
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    pixels = pixels[top : data.draw(st.integers(top + 1, height)), left : data.draw(st.integers(left + 1, width))]
    pixels = np.rot90(pixels, data.draw(st.integers(0, 3)))[:: data.draw(st.sampled_from([1, -1]))]
    noise = data.draw(st.integers(0, 60))
    grain = np.random.default_rng(noise).integers(-noise, noise + 1, pixels.shape)
    pixels = scaled(np.clip(pixels + grain, 0, 255).astype(np.uint8), data.draw(st.sampled_from([0.3, 1.0, 1.7])))
    extraction = pipeline().run(picture(pixels))
    if isinstance(extraction, Refused):
        assert extraction.advice.endswith(".")
    else:
        assert np.isfinite(extraction.probe.template.values).all()
