"""A receipt: 100 random bits that bring whoever reported back to the report, without a name or an account (REP-03).

Written as six groups of four letters and digits; the last four are check characters, so that whatever is mistyped or
swapped is told at once. The server keeps a keyed hash of it as the id of a stream, and nothing from which it follows.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, FirstEvent, registered

BITS = 100
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""

_READ_AS = str.maketrans("ILOАВСЕНКМОРТХУІ", "110ABCEHKM0PTXY1")
"""What is read for something else, small or large; Cyrillic letters of the same shape among them."""

_CHECKS = 4
_LENGTH = BITS // 5 + _CHECKS
_PRIMITIVE = 0b100101
"""x^5 + x^2 + 1, by which GF(32) is made."""


def written(secret: int) -> str:
    """A receipt as it is shown: `7H2K-9QXA-…`."""
    digits = [secret >> 5 * place & 31 for place in reversed(range(BITS // 5))]
    code = "".join(ALPHABET[digit] for digit in [*digits, *_check_digits(digits)])
    return "-".join(code[begin : begin + 4] for begin in range(0, _LENGTH, 4))


def read(text: str) -> str | None:
    """The receipt that somebody typed, with nothing between its characters; None where it is none."""
    said = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    code = "".join(one for one in said if one.isalnum())
    if len(code) != _LENGTH or set(code) - set(ALPHABET):
        return None
    digits = [ALPHABET.index(one) for one in code]
    return code if _check_digits(digits[:-_CHECKS]) == digits[-_CHECKS:] else None


def receipt_stream(key: bytes, code: str) -> UUID:
    """The stream of a receipt that was `read`: its keyed hash."""
    return UUID(bytes=hmac.new(key, code.encode(), sha256).digest()[:16], version=4)


@registered
class Receipt(Aggregate):
    """Where a receipt leads to."""

    TOPIC = "reports.receipt"

    class Issued(FirstEvent):
        """Whoever reported was told a receipt, once. The actor is the report's own pseudonym."""

        TOPIC = "reports.receipt_issued"
        report: UUID

    @classmethod
    def issue(cls, *, id: UUID, report: UUID, by: Actor, at: datetime) -> Self:
        """Lets the receipt whose stream is `id` lead to `report`."""
        return cls._begin(cls.Issued, id=id, by=by, at=at, report=report)

    def _issued(self, event: Issued) -> None:
        self.report = event.report


def _check_digits(digits: Sequence[int]) -> list[int]:
    """The parity of a Reed-Solomon code over GF(32): up to four wrong characters never go unseen."""
    rest = [0] * _CHECKS
    for digit in digits:
        factor = digit ^ rest[0]
        rest = [
            *(below ^ _times(factor, part) for below, part in zip(rest[1:], _GENERATOR[:-1], strict=True)),
            _times(factor, _GENERATOR[-1]),
        ]
    return rest


def _times(one: int, other: int) -> int:
    """The product in GF(32)."""
    product = 0
    while other:
        product ^= one * (other & 1)
        one, other = one << 1, other >> 1
        one ^= _PRIMITIVE * (one >> 5)
    return product


def _generator() -> list[int]:
    """(x - 1)(x - a)(x - a²)(x - a³), a = x, without its leading 1."""
    product, root = [1], 1
    for _ in range(_CHECKS):
        product = [
            high ^ low for high, low in zip([*product, 0], [0, *(_times(root, one) for one in product)], strict=True)
        ]
        root = _times(root, 2)
    return product[1:]


_GENERATOR = _generator()
