"""What every chapter of a report may lean on: the state they share, and the way into the record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.reports.domain.values import Accused, Duty, Kind, Place, Role, State, Urgency
from shared.ladder import Climbing


class Chapter(Climbing):
    """Base of the chapters. The state is set when the report is received (`Report._received`)."""

    state: State
    reporter: str
    place: Place | None
    kinds: list[Kind]
    accused: list[Accused]
    walled: set[UUID]
    walled_since: set[UUID]
    immediate_danger: bool
    urgency: Urgency | None
    first_action_at: datetime | None
    owner: UUID | None
    triaged_by: str
    steps: int
    cases: list[UUID]
    joined: list[UUID]
    messages: int
    questions: set[int]
    attachments: set[UUID]
    due: dict[Duty, tuple[datetime, str]]
    open_duties: dict[Duty, datetime]
    behaviour_passed_on: bool

    @property
    def walled_roles(self) -> frozenset[Role]:
        """Roles kept away because somebody holding one is complained of and not identified yet (REP-02)."""
        return frozenset(walled_roles(self.accused))

    def _settle(self, *duties: Duty) -> None:
        """Keeps that duties are no longer open."""
        for duty in duties:
            self.open_duties.pop(duty, None)
            self._climbs_no_more(duty.value)


def codes(kinds: Collection[Kind]) -> list[str]:
    """Kinds as events keep them."""
    return sorted({kind.value for kind in kinds})


def walled_roles(accused: Sequence[Accused]) -> set[Role]:
    """The roles of those complained of who are not known by person."""
    return {one.role for one in accused if one.role is not None and one.person is None}
