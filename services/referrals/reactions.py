"""Which policy answers which public event."""

from __future__ import annotations

from collections.abc import Sequence

from services.referrals import policies, schemas
from services.referrals.domain.values import State
from shared.policy import Reaction
from shared.tenancy import tenancy_reactions

# An agency's own act notes its state in its inbox at once. Our own events are heard as well, for what the school does
# (cancelling) and so that a crash between the two tenants heals.
_STATES = {
    "referrals.referral_accepted.v1": State.ACCEPTED,
    "referrals.referral_declined.v1": State.REJECTED,
    "referrals.referral_begun.v1": State.IN_PROGRESS,
    "referrals.referral_completed.v1": State.COMPLETED,
    "referrals.referral_cancelled.v1": State.CANCELLED,
}

REACTIONS: Sequence[Reaction] = (
    Reaction(
        listens_to="accounts.agency_registered.v1",
        reader=schemas.read_agency_registered,
        policy=policies.when_agency_registered_list_agency,
    ),
    Reaction(
        listens_to="cases.case_opened.v1",
        reader=schemas.read_case_opened,
        policy=policies.when_case_opened_form_team,
    ),
    Reaction(
        listens_to="cases.report_linked.v1",
        reader=schemas.read_report_linked,
        policy=policies.when_case_walled_wall_off_persons,
    ),
    Reaction(
        listens_to="cases.person_walled_off.v1",
        reader=schemas.read_person_walled_off,
        policy=policies.when_case_walled_wall_off_persons,
    ),
    Reaction(
        listens_to="cases.team_member_joined.v1",
        reader=schemas.read_team_member_joined,
        policy=policies.when_team_member_joined_admit_member,
    ),
    Reaction(
        listens_to="cases.team_member_left.v1",
        reader=schemas.read_team_member_left,
        policy=policies.when_team_member_left_release_member,
    ),
    Reaction(
        listens_to="cases.coordinator_appointed.v1",
        reader=schemas.read_coordinator_appointed,
        policy=policies.when_coordinator_appointed_name_coordinator,
    ),
    Reaction(
        listens_to="cases.glass_broken.v1",
        reader=schemas.read_glass_broken,
        policy=policies.when_glass_broken_note_it,
    ),
    Reaction(
        listens_to="cases.case_closed.v1",
        reader=schemas.read_case_closed,
        policy=policies.when_case_closed_dissolve_team,
    ),
    Reaction(
        listens_to="cases.case_reopened.v1",
        reader=schemas.read_case_reopened,
        policy=policies.when_case_reopened_reform_team,
    ),
    Reaction(
        listens_to="referrals.referral_requested.v1",
        reader=schemas.read_referral_requested,
        policy=policies.when_referral_requested_place_in_inbox,
    ),
    *(
        Reaction(
            listens_to=type_,
            reader=schemas.read_referral_moved,
            policy=policies.when_referral_moved_note_state(state),
        )
        for type_, state in _STATES.items()
    ),
    Reaction(
        listens_to="cases.destruction_approved.v1",
        reader=schemas.read_destruction_approved,
        policy=policies.when_destruction_approved_destroy_along,
    ),
    *tenancy_reactions("referrals"),
)
