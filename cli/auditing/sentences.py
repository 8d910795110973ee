"""Events as sentences in three languages, by the catalogues `services/gateway/texts/events.<language>.yaml`."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from shared import yaml_files
from shared.regulation import ALMATY

LANGUAGES = ("kk", "ru", "en")
HIDDEN = frozenset({"timestamp", "originator_topic", "class_version"})
A_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?")
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
A_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """One language's texts."""
    texts: Mapping[str, Any] = _read(f"events.{language}.yaml")
    return texts


@cache
def words(language: str) -> Mapping[str, str]:
    """One language's words for codes."""
    column = LANGUAGES.index(language)
    return {code: forms[column] for code, forms in _read("codes.yaml").items()}


def _read(name: str) -> Any:
    return yaml_files.read(Path(str(files("services.gateway").joinpath("texts", name))))


@dataclass(frozen=True)
class Sentences:
    """Says events in one language; `names` gives names for ids, where they are known."""

    language: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def _texts(self) -> Mapping[str, Any]:
        return catalogue(self.language)

    def what(self, topic: str, facts: Mapping[str, Any] | None) -> str:
        """What happened; its topic and facts where there is no sentence, and that it doesn't open, where it doesn't."""
        if facts is None:
            return str(self._texts["unopened"]).format(topic=topic)
        template = self._texts["sentences"].get(topic)
        if template is None:
            shown = {name: value for name, value in facts.items() if name not in HIDDEN}
            return f"{topic}: {self._pairs(shown)}"
        return TWO_STOPS.sub(".", _Facts(self).vformat(template, (), facts))

    @property
    def erased(self) -> str:
        """What stands for an event whose stream was erased."""
        return str(self._texts["erased"])

    def who(self, actor: str) -> str:
        """Who did it, from what stands in the leaf."""
        kind, _, rest = actor.partition(":")
        template = self._texts["actors"].get(kind)
        return template.format(id=self.value(rest)) if template else actor

    def under(self, facts: Mapping[str, Any] | None) -> str:
        """Under which rules; nothing where the event names none."""
        rules = [value for name, value in (facts or {}).items() if name == "rule" or name.endswith("_rule")]
        rules += (facts or {}).get("rules") or []
        return ", ".join(dict.fromkeys(str(rule) for rule in rules if rule))

    def label(self, name: str) -> str:
        """A word of the audit's own, such as a column's title."""
        return str(self._texts["labels"].get(name, name))

    def fault(self, code: str) -> str:
        """What a fault's code means."""
        code, _, rest = code.partition(":")
        text = str(self._texts["faults"].get(code, code))
        return f"{text}: {self.fault(rest)}" if rest else text

    def value(self, value: Any) -> str:
        """One fact, readable: names for ids, words for codes, times of Almaty."""
        if value is None or value in ("", [], {}):
            return "—"
        if isinstance(value, bool):
            return str(self._texts["labels"]["yes" if value else "no"])
        if isinstance(value, Mapping):
            return self._pairs(value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return ", ".join(self.value(one) for one in value)
        return self._text(str(value))

    def _text(self, text: str) -> str:
        if text in self.names:
            return self.names[text]
        if A_TIME.match(text):
            return moment(datetime.fromisoformat(text), self.language)
        if A_CODE.fullmatch(text):
            return words(self.language).get(text, text)
        return _short(text)

    def _pairs(self, facts: Mapping[str, Any]) -> str:
        return "; ".join(f"{self._text(name)}: {self.value(value)}" for name, value in facts.items())


class _Facts(string.Formatter):
    """Fills a sentence's places with facts; a fact that an older event lacks is a dash."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The fact, readable."""
        return self._sentences.value(kwargs.get(str(key)))


def moment(at: datetime, language: str) -> str:
    """A time of Almaty, to the second, as people who speak the language write it."""
    date = "%Y-%m-%d" if language == "en" else "%d.%m.%Y"
    return at.astimezone(ALMATY).strftime(f"{date} %H:%M:%S").removesuffix(":00")


def _short(text: str) -> str:
    """An id by its first eight digits, any other text as it is."""
    try:
        return f"{str(UUID(text))[:8]}…"
    except ValueError:
        return text
