"""The individual identification number of Kazakhstan (ИИН, ЖСН): twelve digits, of which the last checks the others.

YYMMDD, a digit for century and sex (1 and 2: 18xx, 3 and 4: 19xx, 5 and 6: 20xx), four of order, one check digit:
the sum by weights 1 to 11 modulo 11 or, where that gives 10, by weights 3 to 11, 1, 2 (a number for which both give 10
is never given out). Rules of the national registers of identification numbers, Law No. 223-III of 12 January 2007.
"""

from __future__ import annotations

from datetime import date

_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_LENGTH, _NONE = 12, 10


def is_an_iin(text: str) -> bool:
    """Whether it is one by its rule; not whether anybody has it."""
    if len(text) != _LENGTH or not (text.isascii() and text.isdigit()) or birth_date_of(text) is None:
        return False
    digits = [int(one) for one in text]
    sums = (sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 for weights in _WEIGHTS)
    return next((check for check in sums if check != _NONE), None) == digits[-1]


def birth_date_of(iin: str) -> date | None:
    """The birth date that stands in it; None where it is no day."""
    century = _CENTURIES.get(iin[6])
    try:
        return None if century is None else date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None
