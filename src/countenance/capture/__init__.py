"""The world becomes frames: untrusted photograph bytes in, an upright RGB ``Frame`` or a reasoned refusal out.

:func:`decode` reads one JPEG, PNG or WebP in bounded memory and never raises for a bad image. Video comes later.
"""

from countenance.capture.image import ImageLimits, decode

__all__ = ["ImageLimits", "decode"]
