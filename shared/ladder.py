"""The ladder that a missed duty climbs: its owner, the coordinator, the head, the department; each rung once.

A rung on which nobody stands, or only who is walled off or was told already, is passed over. When the next rung is due
is counted from when this one was, by a regulation of the service: so a clock that stood still catches up in order, and
an auditor finds the same times. A duty that was due in danger, or at high risk, climbs by rules of its own:

    <service>.climb_to_<rung>[_in_danger|_high]
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from shared.domain import Actor, DomainError
from shared.regulation import RuleBook

LEADING = ("head", "deputy")
"""The roles that lead a tenant, in the order in which they are told."""
RUNGS = ("owner", "coordinator", "head", "department")
OWNER, COORDINATOR, HEAD, DEPARTMENT = range(len(RUNGS))
LEAD = "department_safeguarding_lead"
DEPARTMENTS_LEAD = f"role:{LEAD}"
HURRIED = ("_in_danger", "_high")
"""How the keys of rules end under which a duty climbs faster."""


class RungNotDueError(DomainError):
    """The clock came with a rung that was climbed already, and the next is not due yet: it comes again."""

    code = "common.rung_not_due"


@dataclass(frozen=True, kw_only=True)
class Climb:
    """How far a duty that was due at `due_at` has climbed; `next_at` is None once the ladder has ended."""

    due_at: datetime
    step: int
    told: tuple[str, ...]
    next_at: datetime | None
    next_rule: str = ""
    department: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """One tenant's ladder now: `leading` are those who lead it, the heads first; None where nothing is known of them.

    Who is told stands as `person:<id>`, or as `role:<role>` where only the role is known.
    """

    service: str
    book: RuleBook
    leading: Mapping[str, frozenset[UUID]] | None = None
    department: UUID | None = None

    def leaders(self, walled: Collection[UUID], walled_roles: Collection[str] = ()) -> list[str]:
        """The head, or who stands in where no head may know of it; `walled_roles` hold somebody not identified yet."""
        if self.leading is None:
            return [f"role:{role}" for role in LEADING if role not in walled_roles][:1]
        free = (self.leading[role] - frozenset(walled) for role in self.leading if role not in walled_roles)
        return named(next(filter(None, free), frozenset()))

    def climb(
        self,
        *,
        due_at: datetime,
        rule: str,
        so_far: Climb | None,
        step: int,
        owner: Sequence[str],
        coordinator: Sequence[str],
        walled: Collection[UUID],
        walled_roles: Collection[str] = (),
        at: datetime,
    ) -> dict[str, Any] | None:
        """What an event says of the next rung; None where the ladder has ended or nothing is due yet.

        {"step", "told", "climbs_at", "climb_rule", "department", "walled"}; the last two for the department alone.
        Raises RungNotDueError for a rung that was climbed already.
        """
        expected, start = (0, due_at) if so_far is None else (so_far.step + 1, so_far.next_at)
        if start is None:
            return None
        if at < start:
            if step < expected:
                raise RungNotDueError
            return None
        people: dict[int, Sequence[str]] = {
            OWNER: owner,
            COORDINATOR: coordinator,
            HEAD: self.leaders(walled, walled_roles),
            DEPARTMENT: [] if LEAD in walled_roles else [DEPARTMENTS_LEAD],
        }
        told = set() if so_far is None else set(so_far.told)
        rung = _next_rung(people, expected, told)
        if rung is None:
            return None
        now_told = [one for one in people[rung] if one not in told]
        following = _next_rung(people, rung + 1, told | set(now_told))
        at_the_top = rung == DEPARTMENT
        return {
            "step": rung,
            "told": now_told,
            **self._next(following, rule, start),
            "department": self.department if at_the_top else None,
            "walled": sorted(map(str, walled)) if at_the_top else [],
        }

    def _next(self, rung: int | None, rule: str, start: datetime) -> dict[str, Any]:
        if rung is None:
            return {"climbs_at": None, "climb_rule": ""}
        key = rule.partition("@")[0]
        hurried = next((ending for ending in HURRIED if key.endswith(ending)), "")
        deadline = self.book.deadline(f"{self.service}.climb_to_{RUNGS[rung]}{hurried}", start)
        return {"climbs_at": deadline.due_at, "climb_rule": deadline.rule}


class Climbing:
    """Mixin of aggregates that owe duties: keeps how far each has climbed, and tells when what came up to the
    department is settled. Its `ClimbEnded` event has `duty`, `due_at` and `department`.
    """

    ClimbEnded: ClassVar[Any]
    climbs: dict[str, Climb]

    def _record(self, event_class: Any, *, by: Actor, at: datetime, **facts: Any) -> None:
        """Records, and says of each duty that had climbed to the department and is settled by it that it is."""
        before = {duty: climb for duty, climb in self.climbs.items() if climb.step == DEPARTMENT}
        super()._record(event_class, by=by, at=at, **facts)  # type: ignore[misc]
        for duty, climb in before.items():
            if self.climbs.get(duty) is not climb:
                ended = {"duty": duty, "due_at": climb.due_at, "department": climb.department}
                super()._record(self.ClimbEnded, by=by, at=at, **ended)  # type: ignore[misc]

    def _has_climbed(self, duty: str, event: Any) -> None:
        """Keeps what an event says of a rung; events from before the ladder ended it."""
        before = self.climbs.get(duty)
        self.climbs[duty] = Climb(
            due_at=event.due_at,
            step=event.step,
            told=((*before.told,) if before else ()) + tuple(event.told),
            next_at=event.climbs_at,
            next_rule=event.climb_rule,
            department=event.department,
        )

    def _climbs_no_more(self, *duties: str) -> None:
        """Keeps that duties are settled, or have another time."""
        for duty in duties:
            self.climbs.pop(duty, None)

    def _climb_ended(self, event: Any) -> None:
        """The duty's own event has settled it."""


def named(persons: Collection[UUID | None]) -> list[str]:
    """Persons as events name them."""
    return sorted(f"person:{person}" for person in persons if person is not None)


def climb_body(event: Any, duty: str = "") -> Mapping[str, Any]:
    """The public form of what came up to the department: ids, codes, times; `duty` where the event has it in parts."""
    return {
        "matter": event.originator_id,
        "duty": duty or event.duty,
        "due_at": event.due_at,
        "climbed_at": event.timestamp,
        "rule": event.rule,
        "department": event.department,
        "walled": list(event.walled),
    }


def climb_ended_body(event: Any) -> Mapping[str, Any]:
    """The public form of its end."""
    return {
        "matter": event.originator_id,
        "duty": event.duty,
        "due_at": event.due_at,
        "department": event.department,
    }


def _next_rung(people: Mapping[int, Sequence[str]], first: int, told: Collection[str]) -> int | None:
    """The lowest rung from `first` on where somebody stands who was not told yet."""
    return next((rung for rung in range(first, len(RUNGS)) if set(people[rung]) - set(told)), None)
