"""A photograph with what was found in it, as HTML and SVG."""

from __future__ import annotations

from countenance.interfaces.demo.markup import Html, tag
from countenance.interfaces.demo.pictures import HEIGHT, WIDTH, Picture
from countenance.interfaces.demo.story import MADE
from countenance.terms import Accepted


def photo(picture: Picture, *, marks: bool) -> Html:
    """Return the photograph, the face's box and five landmarks drawn over it where a face was found."""
    image = tag("img", src=picture.uri, width=WIDTH, height=HEIGHT, alt=_described(picture))
    made = MADE.get(picture.file)
    small = f"width:{100 * made.share**0.5:.0f}%" if made else None
    return tag("div", image, _marks(picture) if marks else None, class_="photo", style=small)


def figure(picture: Picture, role: str) -> Html:
    """Return the photograph with its caption: what it is in the story, its file, what was found."""
    caption = tag("figcaption", tag("b", role), tag("br"), name_of(picture), tag("br"), _in_short(picture))
    return tag("figure", photo(picture, marks=True), caption)


def _marks(picture: Picture) -> Html | None:
    if not isinstance(picture.extraction, Accepted):
        return None
    probe, scale, left, top = picture.extraction.probe, picture.scale, picture.left, picture.top
    box = tag(
        "rect", x=_px((probe.box.x - left) * scale), y=_px((probe.box.y - top) * scale),
        width=_px(probe.box.width * scale), height=_px(probe.box.height * scale), rx=6, stroke_width=3,
    )  # fmt: skip
    points = (
        tag("circle", cx=_px((x - left) * scale), cy=_px((y - top) * scale), r=4.5, stroke_width=1.5)
        for x, y in probe.landmarks.tolist()
    )
    return tag("svg", box, *points, viewBox=f"0 0 {WIDTH} {HEIGHT}", aria_hidden="true")


def name_of(picture: Picture) -> str:
    """Return the photograph's file name, or what the demo made it from."""
    return MADE[picture.file].told if picture.file in MADE else picture.file


def _in_short(picture: Picture) -> str:
    if not isinstance(picture.extraction, Accepted):
        return "not usable"
    quality = picture.extraction.probe.quality
    return f"{quality.inter_eye_px:.0f} px between the eyes, turned {abs(quality.yaw_deg):.0f}°"


def _described(picture: Picture) -> str:
    if isinstance(picture.extraction, Accepted):
        return f"Photograph {picture.file}, one face marked."
    return f"Photograph {name_of(picture)}, not usable: {picture.extraction.advice}"


def _px(value: float) -> str:
    return f"{value:.1f}"
