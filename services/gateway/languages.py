"""The three languages of refusals: which one a caller reads, and the texts in it (`texts/refusals.<language>.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.datastructures import LanguageAccept

from shared import yaml_files

LANGUAGES = ("kk", "ru", "en")
DEFAULT = "kk"
FOLDER = Path(__file__).parent / "texts"
GENERIC = "generic"
"""Under this key each section has the text for a code that has none of its own."""

_A_CODE = re.compile(r"[a-z][a-z0-9_.]*\Z")


@dataclass(frozen=True)
class Texts:
    """The texts of one language: a title for each kind of refusal; a sentence for each code, for each fault, and for
    each rule that keeps somebody from something.
    """

    language: str
    titles: Mapping[str, str]
    refusals: Mapping[str, str]
    faults: Mapping[str, str]
    rules: Mapping[str, str]

    @classmethod
    def load(cls, language: str) -> Texts:
        """From the language's file."""
        read: dict[str, Any] = yaml_files.read(FOLDER / f"refusals.{language}.yaml")
        return cls(language, read["titles"], read["refusals"], read["faults"], read["rules"])

    def title(self, kind: str) -> str:
        """What kind of refusal it is, in a few words."""
        return self.titles.get(kind, self.titles[GENERIC])

    def detail(self, code: str, facts: Mapping[str, Any]) -> str:
        """What stands in the way, in a sentence; of an unknown code the generic one, which names it."""
        text = self.refusals.get(code, self.refusals[GENERIC])
        known = _plain(facts)
        return text.format_map(_Facts({"code": code, "why": self.rule(str(known.get("rule")))} | known))

    def rule(self, rule: str) -> str:
        """Why a rule keeps somebody from something: its own text, its family's, else the generic one."""
        family = rule.rpartition(".")[0]
        return self.rules.get(rule) or self.rules.get(family) or self.rules[GENERIC]

    def fault(self, code: str) -> str:
        """What is wrong with a field."""
        return self.faults.get(code, self.faults[GENERIC])


@cache
def load_all() -> Mapping[str, Texts]:
    """Every language's texts; read once."""
    return {language: Texts.load(language) for language in LANGUAGES}


def chosen(accepted: LanguageAccept) -> str:
    """The language to answer in: the caller's best of ours, else Kazakh."""
    return accepted.best_match(LANGUAGES, DEFAULT) or DEFAULT


def is_code(value: object) -> bool:
    """Whether it reads like a code of ours, and not like a library's sentence."""
    return isinstance(value, str) and _A_CODE.match(value) is not None


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if isinstance(value, str | int) and name != "code"}


class _Facts(dict[str, Any]):
    """Facts for a text; one that is not there leaves a dash."""

    def __missing__(self, name: str) -> str:
        return "–"
