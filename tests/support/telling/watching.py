"""What readers saw, step by step: asked over the API at moments at which everything had been heard and projected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import requests

from cli.api_client import Api
from tests.support.telling.stage import Heads, Stage

TRIES = 200


@dataclass(frozen=True)
class Question:
    """What is asked: a GET, or a POST whose fields are secret."""

    path: str
    body: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Seen:
    """A question of a reader and its answer, to the letter."""

    reader: str
    question: Question
    status: int
    content: bytes


@dataclass(frozen=True)
class Note:
    """What was seen after a step, at which state of the logs, at what time by the suite's clock."""

    after: str
    heads: Heads
    at: datetime
    seen: Sequence[Seen]


def headers_of(api: Api) -> dict[str, str]:
    """What a reader's request says of them."""
    said = {"Accept-Language": api.language, "X-Qorgan-Tenant": str(api.tenant)}
    if api.session:
        said["Authorization"] = f"Bearer {api.session}"
    if api.purpose:
        said["X-Qorgan-Purpose"] = api.purpose
    return said


class Watch:
    """Asks readers' questions of a running suite, and keeps what they saw."""

    def __init__(self, stage: Stage, school: UUID, readers: Mapping[str, Api]) -> None:
        self.stage = stage
        self.school = school
        self.readers = dict(readers)
        self.notes: list[Note] = []
        self._http = requests.Session()
        self._http.trust_env = False

    def ask(self, reader: str, question: Question) -> Seen:
        """A reader's question, answered."""
        api = self.readers[reader]
        address = f"{api.address}/api/v1{question.path}"
        method, body = ("GET", None) if question.body is None else ("POST", dict(question.body))
        answer = self._http.request(method, address, json=body, headers=headers_of(api), timeout=30)
        return Seen(reader, question, answer.status_code, answer.content)

    def note(self, after: str, asked: Callable[[Collection[str]], Iterable[tuple[str, Question]]]) -> Note:
        """Asks all of it between two looks at the logs that found the same: nobody wrote in between.

        `asked` is told which services' logs of the school have moved since the last note.
        """
        for _ in range(TRIES):
            before, at = self.stage.settled(self.school), self.stage.now()
            seen = [self.ask(reader, question) for reader, question in asked(self._moved(before))]
            if self.stage.heads(self.school) == before:
                self.notes.append(Note(after, before, at, seen))
                return self.notes[-1]
        raise TimeoutError(f"the logs never stood still after {after!r}")

    def _moved(self, heads: Heads) -> set[str]:
        last = self.notes[-1].heads if self.notes else {}
        return {
            name
            for name, tenant in heads
            if tenant == self.school and heads[name, tenant] > last.get((name, tenant), 0)
        }
