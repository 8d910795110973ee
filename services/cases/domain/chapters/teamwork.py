"""Who works on the case: team, confidentiality warning, coordinator (SSS-03, CON-01, -02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Ground, Leaving, Member, Role
from shared.domain import Actor, Event


class Teamwork(Chapter):
    """People come, go and coordinate."""

    class TeamMemberJoined(Event):
        """A person came on the team, or the role of the member who triaged was made precise (CON-01)."""

        TOPIC = "cases.team_member_joined"
        person: UUID
        role: str

    class TeamMemberLeft(Event):
        """A person is no longer on the team; `reason` is a code, `material` whether it was handed over (CON-04)."""

        TOPIC = "cases.team_member_left"
        person: UUID
        role: str
        reason: str
        material: str = "unknown"

    class ConfidentialityWarningAccepted(Event):
        """The person accepted the warning before first sight (CON-02)."""

        TOPIC = "cases.confidentiality_warning_accepted"
        person: UUID

    class CoordinatorAppointed(Event):
        """Coordination passed to `person`, from `before` if anyone held it, on a ground and with a reason (SSS-03)."""

        TOPIC = "cases.coordinator_appointed"
        person: UUID
        before: UUID | None
        reason: str
        ground: str = "unknown"

    class OwnerNotAdmitted(Event):
        """Whoever confirmed the report may not take the case; `reason` is why. The head appoints another (SSS-02)."""

        TOPIC = "cases.owner_not_admitted"
        person: UUID
        reason: str

    def join_team(self, *, person: UUID, role: Role, by: Actor, at: datetime) -> None:
        """Lets a person in; a walled one never (REP-02), an employee outside the service by the head alone (CON-02)."""
        rules.case_is_open(self)
        rules.head_or_coordinator_acts(self, by)
        rules.role_is_one_of_the_schools(role)
        rules.head_shares_outside_the_service(by, role)
        rules.person_is_not_walled(self, person)
        rules.person_can_join(self, person)
        self._record(self.TeamMemberJoined, by=by, at=at, person=person, role=role.value)

    def leave_team(self, *, person: UUID, reason: Leaving, by: Actor, at: datetime) -> None:
        """Ends a person's part in the case; the coordinator hands over first (SSS-03), and everybody their material.

        Whoever left the school can't be asked any more: the event says that their material is unaccounted for (CON-04).
        """
        rules.case_is_open(self)
        rules.head_or_coordinator_acts(self, by)
        rules.person_is_on_the_team(self, person)
        rules.coordinator_hands_over_first(self, person)
        rules.material_is_handed_over_first(self, person, reason)
        self._part_with(person, reason, by=by, at=at)

    def accept_confidentiality_warning(self, *, by: Actor, at: datetime) -> None:
        """The person promises confidentiality, and may see the case from then on (CON-02); twice is harmless."""
        rules.person_is_on_the_team(self, by.person)
        if by.person is not None and not self.team[by.person].accepted:
            self._record(self.ConfidentialityWarningAccepted, by=by, at=at, person=by.person)

    def appoint_coordinator(self, *, person: UUID, ground: Ground, reason: str, by: Actor, at: datetime) -> None:
        """Passes coordination on, by topic, tasks or leadership skills, with the reason (SSS-03)."""
        rules.case_is_open(self)
        rules.head_or_coordinator_acts(self, by)
        rules.person_is_on_the_team(self, person)
        rules.coordination_changes_hands(self, person)
        self._appoint(person, reason, ground.value, by=by, at=at)

    def note_owner_not_admitted(self, *, person: UUID, reason: str, by: Actor, at: datetime) -> None:
        """Says why whoever confirmed the report is not on the team by that (SSS-02)."""
        rules.system_acts(by)
        self._record(self.OwnerNotAdmitted, by=by, at=at, person=person, reason=reason)

    def _appoint(self, person: UUID, reason: str, ground: str, *, by: Actor, at: datetime) -> None:
        self._record(
            self.CoordinatorAppointed,
            by=by,
            at=at,
            person=person,
            before=self.coordinator,
            reason=reason,
            ground=ground,
        )

    def _admit_owner(self, person: UUID | None, role: Role, *, by: Actor, at: datetime) -> None:
        """Whoever confirmed the report is first on the team and coordinates, unless walled; then the head appoints."""
        if person is None or person in self.walled:
            return
        if person not in self.team:
            self._record(self.TeamMemberJoined, by=by, at=at, person=person, role=role.value)
        if self.coordinator is None:
            self._appoint(person, "confirmed_the_report", Ground.TOPIC_OF_THE_CASE.value, by=by, at=at)

    def _part_with_the_walled(self, *, by: Actor, at: datetime) -> None:
        """Members who are walled off from now on leave at once (REP-02)."""
        for person in sorted(self.walled & set(self.team)):
            self._part_with(person, Leaving.WALLED, by=by, at=at)

    def _part_with(self, person: UUID, reason: Leaving, *, by: Actor, at: datetime) -> None:
        role = self.team[person].role.value
        material = "handed_over" if person in self.handed_over else "unaccounted"
        self._record(
            self.TeamMemberLeft, by=by, at=at, person=person, role=role, reason=reason.value, material=material
        )

    def _team_member_joined(self, event: TeamMemberJoined) -> None:
        self.team[event.person] = Member(Role(event.role))

    def _team_member_left(self, event: TeamMemberLeft) -> None:
        del self.team[event.person]
        self.handed_over.discard(event.person)
        if self.coordinator == event.person:
            self.coordinator = None

    def _owner_not_admitted(self, event: OwnerNotAdmitted) -> None:
        """The team is without them."""

    def _confidentiality_warning_accepted(self, event: ConfidentialityWarningAccepted) -> None:
        self.team[event.person] = replace(self.team[event.person], accepted=True)

    def _coordinator_appointed(self, event: CoordinatorAppointed) -> None:
        self.coordinator = event.person
