"""Who is kept away from a report, and that the cases it led to hear of it (REP-02, REP-07)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.chapters.chapter import Chapter, walled_roles
from services.reports.domain.values import Accused, State, WallReason
from shared.domain import Actor, Event


class Walling(Chapter):
    """Walls and cases belong together: whom a report keeps away is kept away from its cases as well."""

    class PersonWalledOff(Event):
        """It turned out whom to keep away: somebody accused, or close to one (REP-02); also from `cases` it led to.

        `walled_roles` are those kept away still, of accused not known yet; events from before it was kept do not say.
        """

        TOPIC = "reports.person_walled_off"
        person: UUID
        reason: str
        accused: int | None
        cases: Sequence[UUID] = ()
        walled_roles: Sequence[str] | None = None

    class CaseLinked(Event):
        """A case was opened because of this report."""

        TOPIC = "reports.case_linked"
        case: UUID

    class WallPassedOn(Event):
        """The case became known after the person was walled off: it is told as well (REP-02)."""

        TOPIC = "reports.wall_passed_on"
        person: UUID
        case: UUID

    class JoinedWith(Event):
        """Somebody said that another report is about the same events (REP-07)."""

        TOPIC = "reports.report_joined_with"
        other: UUID

    def wall_off(self, *, person: UUID, reason: WallReason, accused: int | None, by: Actor, at: datetime) -> None:
        """Keeps `person` away from now on, and from the cases it led to, whether the report has ended or not.

        `accused` is the index of the one complained of who it turned out to be.
        """
        rules.accused_exists(self, accused)
        known = accused is None or self.accused[accused].person == person
        unknown = [one for index, one in enumerate(self.accused) if index != accused]
        if person not in self.walled or not known:
            self._record(
                self.PersonWalledOff,
                by=by,
                at=at,
                person=person,
                reason=reason.value,
                accused=accused,
                cases=list(self.cases),
                walled_roles=sorted(walled_roles(unknown)),
            )

    def join(self, *, other: UUID, walled: Collection[UUID], by: Actor, at: datetime) -> None:
        """Keeps away whom the other one keeps away, and notes that both are about the same events (REP-02, REP-07)."""
        self.share_walls(walled=walled, by=by, at=at)
        self._record(self.JoinedWith, by=by, at=at, other=other)

    def share_walls(self, *, walled: Collection[UUID], by: Actor, at: datetime) -> None:
        """Keeps away whom a report of the same events keeps away (REP-02)."""
        for person in sorted(set(walled) - self.walled):
            self.wall_off(person=person, reason=WallReason.JOINED_REPORT, accused=None, by=by, at=at)

    def link_case(self, *, case: UUID, by: Actor, at: datetime) -> None:
        """Notes the case that was opened because of this report; noting it again changes nothing.

        The case knows who was walled off when the report was confirmed; of those walled off since, it is told now.
        """
        if case in self.cases:
            return
        self._record(self.CaseLinked, by=by, at=at, case=case)
        for person in sorted(self.walled_since):
            self._record(self.WallPassedOn, by=by, at=at, person=person, case=case)

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        if self.state is State.CONFIRMED and event.person not in self.walled:
            self.walled_since.add(event.person)
        self.walled.add(event.person)
        if event.accused is not None:
            known = self.accused[event.accused]
            self.accused[event.accused] = Accused(
                name=known.name, category=known.category, role=known.role, person=event.person
            )

    def _joined_with(self, event: JoinedWith) -> None:
        self.joined.append(event.other)

    def _case_linked(self, event: CaseLinked) -> None:
        self.cases.append(event.case)

    def _wall_passed_on(self, event: WallPassedOn) -> None:
        """Nothing later depends on it."""
