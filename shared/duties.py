"""Duties: what falls due, what is done, and the command with which a clock says that one was missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class Opens:
    """An event opened a duty: due when, owned by whom (`role:<role>` or `person:<uuid>`), by which rule.

    `step` is its rung.
    """

    duty: str
    stream: UUID
    due_at: datetime
    owner: str
    rule: str
    step: int = 0


@dataclass(frozen=True, kw_only=True)
class Meets:
    """An event ended a duty: done, dropped with a reason, or missed for good."""

    duty: str
    stream: UUID


@dataclass(frozen=True, kw_only=True)
class Passes:
    """An event passed a duty on to another owner; its time and rung stay."""

    duty: str
    stream: UUID
    owner: str


@dataclass(frozen=True, kw_only=True)
class Climbed:
    """A missed duty climbed to the rung `step`, where `told` learnt of it; the next one is an `Opens` of its own."""

    duty: str
    stream: UUID
    step: int
    told: Sequence[str]
    due_at: datetime
    climbed_at: datetime
    rule: str


Change = Opens | Meets | Passes | Climbed


def climbed(event: Any, duty: str, rule: str, owner: str) -> Sequence[Change]:
    """What a rung leads to: it is kept, and the next falls due, if there is one."""
    said = Climbed(
        duty=duty,
        stream=event.originator_id,
        step=event.step,
        told=event.told,
        due_at=event.due_at,
        climbed_at=event.timestamp,
        rule=rule,
    )
    if event.climbs_at is None:
        return [said]
    following = Opens(
        duty=duty,
        stream=event.originator_id,
        due_at=event.climbs_at,
        owner=owner,
        rule=event.climb_rule,
        step=event.step + 1,
    )
    return [said, following]


@dataclass(frozen=True, kw_only=True)
class MissDeadline(Command):
    """A clock found a duty of `stream` past its time; the aggregate decides whether that still holds."""

    stream: UUID
    duty: str
    step: int
