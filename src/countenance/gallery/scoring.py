"""What a score is, exactly, and how far any float32 kernel can be from it. Pure.

**The exact score** of two templates: their products, each exact in float64 (24 + 24 bits < 53), padded with zeros to a
power of two and summed by halves: the first half of the terms plus the second half, until one is left; then clipped to
[-1, 1], because templates are of length 1 only to float32 precision. Only element-wise IEEE 754 additions in a fixed
order: the same bits on every machine, in every batch, for every position in the gallery.

**The bound** (:func:`epsilon`): for vectors x, y of dimension d and any order of summation, with or without fused
multiply-add, |fl(x.y) - x.y| <= g(d) |x|.|y| with g(n) = n u / (1 - n u) and u = 2^-24 in float32 (Higham, *Accuracy
and Stability of Numerical Algorithms*, 2nd ed., section 3.1), and |x|.|y| <= |x| |y| <= (1 + LENGTH_TOLERANCE)^2
(Cauchy-Schwarz). The exact score's own rounding is below 2^-53 (1 + log2 d) times the same, and products that underflow
change less than d 2^-126; both are far below the slack between d u and (d + 1) u, so

    epsilon(d) = g(d + 1) (1 + LENGTH_TOLERANCE)^2        (7.7e-6 for d = 128, 3.1e-5 for d = 512)

holds between any backend's score and the exact one before clipping, and clipping both brings them no further apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from countenance.errors import GalleryError

LENGTH_TOLERANCE = 1e-4
"""How far a template's length may be from 1; normalised float32 vectors are within 1e-6."""
MAX_DIMENSION = 65_536
_UNIT_ROUNDOFF = 2.0**-24
_AT_ONCE = 4096  # rows scored at once, so that a threshold everyone passes needs no second gallery of memory


def epsilon(dimension: int) -> float:
    """Return the bound on |approximate - exact| for templates of this dimension."""
    roundings = (dimension + 1) * _UNIT_ROUNDOFF
    return roundings / (1 - roundings) * (1 + LENGTH_TOLERANCE) ** 2


def exact_scores(rows: NDArray[np.float32], probe: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the exact score of each row of ``rows``, shape (n, d), against ``probe``, shape (d,); float64, (n,)."""
    blocks = [_exact_block(rows[start : start + _AT_ONCE], probe) for start in range(0, len(rows), _AT_ONCE)]
    return np.concatenate(blocks) if blocks else np.empty(0, np.float64)


def _exact_block(rows: NDArray[np.float32], probe: NDArray[np.float32]) -> NDArray[np.float64]:
    count, dimension = rows.shape
    width = 1 << (dimension - 1).bit_length()
    terms = np.zeros((count, width), np.float64)
    np.multiply(rows, probe, out=terms[:, :dimension], dtype=np.float64)
    while width > 1:
        width //= 2
        terms = terms[:, :width] + terms[:, width:]
    return np.clip(terms[:, 0], -1.0, 1.0) + 0.0  # + 0.0 turns a negative zero into zero


def checked(values: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """Return template values of shape (n, d) as a contiguous block, having refused what has no meaning.

    Raises:
        GalleryError: ``gallery.bad_template``: not float32, another dimension, NaN or infinite, or not of length 1.
    """
    if values.dtype != np.float32 or values.ndim != 2 or values.shape[1] != dimension:  # noqa: PLR2004 - rows, columns
        raise bad_template(f"{values.dtype} of shape {values.shape}, where float32 of dimension {dimension} belongs")
    rows = np.ascontiguousarray(values)
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    lowest, highest = (1 - LENGTH_TOLERANCE) ** 2, (1 + LENGTH_TOLERANCE) ** 2
    if not np.all((squares >= lowest) & (squares <= highest)):  # NaN and infinity fail this too
        raise bad_template("not of length 1, or not finite")
    return rows


def bad_template(what: str) -> GalleryError:
    """Return ``gallery.bad_template``; ``what`` says what is wrong without any of the values."""
    return GalleryError(
        "gallery.bad_template",
        f"A template is {what}.",
        remedy="Make the template again from the photograph with the site's weights.",
    )
