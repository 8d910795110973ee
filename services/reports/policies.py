"""When another service's event is heard, what we do about it; pure."""

from __future__ import annotations

from collections.abc import Sequence

from services.reports.commands import JoinCaseTeam, LeaveCaseTeam, LinkCase, WallOffFromCase
from services.reports.incoming import CaseOpened, CaseWalled, DestructionApproved, TeamMemberJoined, TeamMemberLeft
from shared.destructions import DestroyAlong
from shared.domain import Command
from shared.policy import Heard


def when_case_opened_link_case(event: CaseOpened, heard: Heard) -> Sequence[Command]:
    """The report shows which case it led to (REP-07)."""
    name = "when_case_opened_link_case"
    return [
        LinkCase(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            report=event.report,
            case=event.case,
        )
    ]


def when_case_walled_wall_off_from_case(event: CaseOpened | CaseWalled, heard: Heard) -> Sequence[Command]:
    """Whom a case keeps away is kept away from all its reports, whichever of them named the person (REP-02)."""
    name = "when_case_walled_wall_off_from_case"
    if not event.walled:
        return []
    return [
        WallOffFromCase(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            case=event.case,
            persons=tuple(event.walled),
        )
    ]


def when_team_member_joined_join_case_team(event: TeamMemberJoined, heard: Heard) -> Sequence[Command]:
    """The case's team may read the reports that led to it (CON-01)."""
    name = "when_team_member_joined_join_case_team"
    return [
        JoinCaseTeam(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            case=event.case,
            person=event.person,
            role=event.role,
        )
    ]


def when_team_member_left_leave_case_team(event: TeamMemberLeft, heard: Heard) -> Sequence[Command]:
    """Whoever left the team reads them no longer (CON-01)."""
    name = "when_team_member_left_leave_case_team"
    return [
        LeaveCaseTeam(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            case=event.case,
            person=event.person,
        )
    ]


def when_destruction_approved_destroy_along(event: DestructionApproved, heard: Heard) -> Sequence[Command]:
    """With a case that two persons destroy goes what belongs to it here."""
    name = "when_destruction_approved_destroy_along"
    return [
        DestroyAlong(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            erasure=event.erasure,
            streams=tuple(event.streams),
            rule=event.rule,
            requested_by=event.requested_by,
            approved_by=event.approved_by,
        )
    ]
