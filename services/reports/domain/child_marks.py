"""By what a child is found again among sealed records: keyed hashes of what is told, equal where that is (REP-09).

By IIN; by name with birth date; by name with class. Never by birth date or name alone. Spelling is evened out: order of
the words, case, quotes, and Kazakh letters that people write as Russian ones.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from hashlib import sha256

from services.reports.domain.iin import birth_date_of
from services.reports.domain.values import Accused, Category, Child

_AS_RUSSIAN = str.maketrans("әғқңөұүһіё", "агкноуухие", "ьъ")


class Mark(StrEnum):
    """What a mark is made of."""

    IIN = "iin"
    NAME_AND_BIRTH_DATE = "name and birth date"
    NAME_AND_CLASS = "name and class"


def marks_of(child: Child | None, key_of: Callable[[str], bytes]) -> Mapping[str, str]:
    """The marks of a child as far as it is known; `key_of` gives the tenant's key of a blind index."""
    if child is None:
        return {}
    name, group = " ".join(sorted(_words(child.name))), "".join(_words(child.class_name))
    born = child.birth_date or (birth_date_of(child.iin) if child.iin else None)
    told = {
        Mark.IIN: child.iin,
        Mark.NAME_AND_BIRTH_DATE: f"{name}|{born.isoformat()}" if name and born else "",
        Mark.NAME_AND_CLASS: f"{name}|{group}" if name and group else "",
    }
    return {
        mark.value: hmac.new(key_of(mark.value), text.encode(), sha256).hexdigest()[:32]
        for mark, text in told.items()
        if text
    }


def adult_marks_of(adults: Iterable[Accused], key_of: Callable[[str], bytes]) -> list[str]:
    """Marks of adults complained of who are named by two words or more: one is a role, or anybody's (REP-13)."""
    names = {" ".join(sorted(_words(one.name))) for one in adults if one.category is not Category.PEER}
    key = key_of("adult name")
    return sorted(hmac.new(key, name.encode(), sha256).hexdigest()[:32] for name in names if " " in name)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().translate(_AS_RUSSIAN))
