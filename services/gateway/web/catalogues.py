"""The pages' texts as gettext catalogues: English stands in templates and code, `locale/<language>/<area>.po` the rest.

Read from the `.po` files as translators write them: nothing to compile, and no binary in the repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True)
class Catalogue:
    """One language's texts by the English ones."""

    language: str
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, language: str) -> Catalogue:
        """All areas' catalogues of a language; English needs none."""
        texts: dict[str, str] = {}
        for file in sorted((FOLDER / language).glob("*.po")):
            with file.open(encoding="utf-8") as lines:
                read = read_po(lines, locale=language)
            texts |= {str(one.id): str(one.string) for one in read if one.id and one.string and not one.fuzzy}
        return cls(language, texts)

    def gettext(self, text: str) -> str:
        """The text in this language; the English one where it has none, which a test does not let happen."""
        return self.texts.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Numbers are shown beside their noun, so that no language needs forms of number."""
        return self.gettext(one if count == 1 else many)


def noted(text: str) -> str:
    """Marks a text of the code for the catalogues; it is translated where it is shown."""
    return text
