"""Machine-readable zones of passports that nobody holds, with right check digits."""

from __future__ import annotations

from countenance.documents.zone.layout import check_digit


def passport_zone(number: str, birth: str = "850412", issuer: str = "UTO", expires: str = "310415") -> str:
    """Return a TD3 zone; ``birth`` and ``expires`` are YYMMDD."""
    checked = [f"{part}{check_digit(part)}" for part in (number.ljust(9, "<"), birth, expires, "<" * 14)]
    first = f"P<{issuer.ljust(3, '<')}SPECIMEN<<ANY".ljust(44, "<")
    nationality = issuer.ljust(3, "<")
    whole = check_digit("".join(checked))
    return f"{first}{checked[0]}{nationality}{checked[1]}X{checked[2]}{checked[3]}{whole}"
