"""Handlers of the School Safety Service, and what it says of who may take a case (SSS-01, SSS-02, SSS-04)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from services.cases.domain.errors import (
    MemberNotTrainedError,
    ServiceNotSetUpError,
    ServiceSetUpAlreadyError,
)
from services.cases.domain.meeting_minutes import MeetingMinutes
from services.cases.domain.safety_service import SafetyService, safety_service_id
from services.cases.domain.values import ConfirmedReport, Role
from shared.domain import Command
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class ServiceHandlers(Changing):
    """Who sits in the service, who is trained, how it meets."""

    @handles(commands.SetUpService)
    def set_up_service(self, command: commands.SetUpService, ledger: TenantLedger) -> Answer:
        """Once per school."""
        if ledger.find(SafetyService, safety_service_id(command.tenant)) is not None:
            raise ServiceSetUpAlreadyError
        service = SafetyService.set_up(tenant=command.tenant, book=ledger.book, **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id})

    @handles(commands.AdmitMember)
    def admit_member(self, command: commands.AdmitMember, ledger: TenantLedger) -> Answer:
        """Gives a seat."""
        service = service_to_change(command, ledger)
        service.admit_member(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id})

    @handles(commands.ReleaseMember)
    def release_member(self, command: commands.ReleaseMember, ledger: TenantLedger) -> Answer:
        """Ends a seat."""
        service = service_to_change(command, ledger)
        service.release_member(**asked(command), **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id})

    @handles(commands.RecordPoliceAgreement)
    def record_police_agreement(self, command: commands.RecordPoliceAgreement, ledger: TenantLedger) -> Answer:
        """Puts an agreement down."""
        service = service_to_change(command, ledger)
        service.record_police_agreement(**asked(command), **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id})

    @handles(commands.RecordTraining)
    def record_training(self, command: commands.RecordTraining, ledger: TenantLedger) -> Answer:
        """Puts a training down."""
        service = service_to_change(command, ledger)
        service.record_training(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id})

    def miss_deadline_of_the_service(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """Says that a duty of the service was missed, if it still is."""
        service = ledger.get(SafetyService, command.stream)
        ladder = self.ladder(ledger)
        service.miss_deadline(duty=command.duty, step=command.step, ladder=ladder, **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id})

    @handles(commands.HoldServiceMeeting)
    def hold_service_meeting(self, command: commands.HoldServiceMeeting, ledger: TenantLedger) -> Answer:
        """Puts a meeting down; its minutes go in a stream of their own, in the same append."""
        service = service_to_change(command, ledger)
        meeting, minutes = (derived_id(command.command_id, what) for what in ("meeting", "minutes"))
        said = asked(command) | {"minutes": minutes}
        service.hold_meeting(meeting=meeting, **said, book=ledger.book, **acted(command, ledger))
        written = MeetingMinutes.write(id=minutes, meeting=meeting, text=command.minutes, **acted(command, ledger))
        return ledger.save(service, written, answer={"service": service.id, "meeting": meeting})

    @handles(commands.ConfirmServiceMeeting)
    def confirm_service_meeting(self, command: commands.ConfirmServiceMeeting, ledger: TenantLedger) -> Answer:
        """A participant answers for themselves."""
        service = service_to_change(command, ledger)
        service.confirm_part(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(service, answer={"service": service.id, "meeting": command.meeting})

    @handles(commands.CorrectServiceMeeting)
    def correct_service_meeting(self, command: commands.CorrectServiceMeeting, ledger: TenantLedger) -> Answer:
        """Another wording stands; with it, where they differ, other minutes."""
        service = service_to_change(command, ledger)
        said = {name: value for name, value in asked(command).items() if name != "minutes"}
        service.correct_meeting(**said, **acted(command, ledger))
        minutes = ledger.find(MeetingMinutes, service.minutes_of(command.meeting))
        if minutes is not None:
            minutes.correct(text=command.minutes, **acted(command, ledger))
        corrected = [service] if minutes is None else [service, minutes]
        return ledger.save(*corrected, answer={"service": service.id, "meeting": command.meeting})

    @handles(commands.DiscussCaseInService)
    def discuss_case_in_service(self, command: commands.DiscussCaseInService, ledger: TenantLedger) -> Answer:
        """A case was discussed there: a confidential meeting of the case, of those of its team who were present."""
        case = self.case_to_change(command, ledger)
        service = service_in(ledger)
        case_meeting = derived_id(command.command_id, "meeting")
        service.discuss_case(
            meeting=command.meeting,
            case=case.id,
            case_meeting=case_meeting,
            present=command.present,
            **acted(command, ledger),
        )
        case.hold_meeting(
            meeting=case_meeting,
            held_at=service.meetings[command.meeting].held_at,
            participants=command.present,
            discussed=command.discussed,
            decisions=command.decisions,
            closing=None,
            **acted(command, ledger),
        )
        return ledger.save(case, service, answer={"case": case.id, "meeting": case_meeting})


def service_to_change(command: Command, ledger: TenantLedger) -> SafetyService:
    """The school's service, at the version the caller saw. Raises ServiceNotSetUpError, VersionConflictError."""
    service = service_in(ledger)
    service.expects(command.expected_version)
    return service


def service_in(ledger: TenantLedger) -> SafetyService:
    """The school's service. Raises ServiceNotSetUpError."""
    service = ledger.find(SafetyService, safety_service_id(ledger.tenant))
    if service is None:
        raise ServiceNotSetUpError
    return service


def let_take_case(ledger: TenantLedger, person: UUID, role: Role) -> None:
    """Raises NotAMemberError, MemberNotTrainedError (SSS-02).

    A school that has not set its service up yet shows that as a gap, and works its cases all the same: a child does not
    wait for an office to be filled (docs/decisions/0014).
    """
    service = ledger.find(SafetyService, safety_service_id(ledger.tenant))
    if service is not None:
        service.let_take_case(person=person, role=role, at=ledger.now())


def admissible(ledger: TenantLedger, report: ConfirmedReport) -> tuple[ConfirmedReport, dict[str, Any] | None]:
    """The report as a case takes it: without its owner where they may not take a case, and then who
    they are and why.
    """
    if report.owner is None or report.owner in report.walled:
        return report, None
    try:
        let_take_case(ledger, report.owner, report.owner_role)
    except MemberNotTrainedError as refusal:
        return replace(report, owner=None), {"person": report.owner, "reason": refusal.code}
    return report, None
