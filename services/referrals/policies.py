"""When something happens elsewhere, then we do something here: pure, one function per pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.referrals.commands import (
    AdmitMember,
    DissolveTeam,
    FormTeam,
    ListAgency,
    NameCoordinator,
    NoteGlassBroken,
    NoteState,
    PlaceInInbox,
    ReformTeam,
    ReleaseMember,
    WallOffPersons,
)
from services.referrals.domain.values import State
from services.referrals.incoming import (
    AgencyRegistered,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseWalled,
    CoordinatorAppointed,
    DestructionApproved,
    GlassBroken,
    ReferralMoved,
    ReferralRequested,
    TeamMemberJoined,
    TeamMemberLeft,
)
from shared.destructions import DestroyAlong
from shared.domain import Command
from shared.policy import Heard


def when_agency_registered_list_agency(event: AgencyRegistered, heard: Heard) -> Sequence[Command]:
    """A registered agency stands in the directory (REF-02)."""
    policy = "when_agency_registered_list_agency"
    return [
        ListAgency(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            agency=event.agency,
            kind=event.kind,
            channel=event.channel,
            virtual_host=event.virtual_host,
            encryption_key=event.encryption_key,
            signing_key=event.signing_key,
            department=event.department,
        )
    ]


def when_case_opened_form_team(event: CaseOpened, heard: Heard) -> Sequence[Command]:
    """A case has a team, and people who are walled off from it, from its first moment."""
    policy = "when_case_opened_form_team"
    return [
        FormTeam(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
            walled=event.walled,
        )
    ]


def when_case_walled_wall_off_persons(event: CaseWalled, heard: Heard) -> Sequence[Command]:
    """Whom the case keeps away from later on, its referrals keep away as well (REP-02)."""
    policy = "when_case_walled_wall_off_persons"
    if not event.walled:
        return []
    return [
        WallOffPersons(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
            persons=event.walled,
        )
    ]


def when_team_member_joined_admit_member(event: TeamMemberJoined, heard: Heard) -> Sequence[Command]:
    """Who works on the case may work on its referrals."""
    policy = "when_team_member_joined_admit_member"
    return [
        AdmitMember(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
            person=event.person,
            role=event.role,
        )
    ]


def when_team_member_left_release_member(event: TeamMemberLeft, heard: Heard) -> Sequence[Command]:
    """Who no longer works on the case may no longer see its referrals."""
    policy = "when_team_member_left_release_member"
    return [
        ReleaseMember(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
            person=event.person,
        )
    ]


def when_coordinator_appointed_name_coordinator(event: CoordinatorAppointed, heard: Heard) -> Sequence[Command]:
    """Who holds the case is told of its referrals' clocks."""
    policy = "when_coordinator_appointed_name_coordinator"
    return [
        NameCoordinator(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
            person=event.person,
        )
    ]


def when_glass_broken_note_it(event: GlassBroken, heard: Heard) -> Sequence[Command]:
    """Who sees the case for a time sees its referrals as long (CON-01)."""
    policy = "when_glass_broken_note_it"
    return [
        NoteGlassBroken(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
            person=event.person,
            until=event.until,
        )
    ]


def when_case_closed_dissolve_team(event: CaseClosed, heard: Heard) -> Sequence[Command]:
    """Nothing new is asked of anybody for a closed case."""
    policy = "when_case_closed_dissolve_team"
    return [
        DissolveTeam(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
        )
    ]


def when_case_reopened_reform_team(event: CaseReopened, heard: Heard) -> Sequence[Command]:
    """A case that was opened again may be referred again (PLN-06)."""
    policy = "when_case_reopened_reform_team"
    return [
        ReformTeam(
            tenant=heard.tenant,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            case=event.case,
        )
    ]


# -- our own events, heard by ourselves: effects in the tenant of the agency


def when_referral_requested_place_in_inbox(event: ReferralRequested, heard: Heard) -> Sequence[Command]:
    """What a school asks lies in the agency's inbox, and in nobody else's (REF-04)."""
    policy = "when_referral_requested_place_in_inbox"
    return [
        PlaceInInbox(
            tenant=event.agency,
            command_id=heard.command_id(policy),
            by=heard.actor(policy),
            cause=heard.id,
            referral=event.referral,
            agency=event.agency,
            school=heard.tenant,
            requested_at=heard.happened_at,
            acknowledge_by=event.acknowledge_by,
            begin_by=event.begin_by,
            report_back_by=event.report_back_by,
        )
    ]


def when_referral_moved_note_state(state: State) -> Callable[[ReferralMoved, Heard], Sequence[Command]]:
    """The policy for events after which a referral is in `state`: the agency's inbox shows it so."""
    policy = "when_referral_moved_note_state"

    def note(event: ReferralMoved, heard: Heard) -> Sequence[Command]:
        return [
            NoteState(
                tenant=event.agency,
                command_id=heard.command_id(policy),
                by=heard.actor(policy),
                cause=heard.id,
                referral=event.referral,
                state=event.state or state.value,
                changed_at=heard.happened_at,
            )
        ]

    return note


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
