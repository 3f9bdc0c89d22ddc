"""The machine-readable zone (Doc 9303-3 to -7): text in, a zone whose check digits are right out, repairs always told.

``mrz`` reads it; ``layout`` knows the five formats, ``checks`` their digits, ``repair`` which slips a digit may mend.
"""

from countenance.documents.zone.layout import check_digit
from countenance.documents.zone.mrz import read_mrz

__all__ = ["check_digit", "read_mrz"]
