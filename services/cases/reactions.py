"""What we listen to: type, reader, policy."""

from __future__ import annotations

from collections.abc import Sequence

from services.cases import policies, schemas
from shared.policy import Reaction
from shared.tenancy import tenancy_reactions

CLIMBING = ("reports", "cases", "referrals")
"""Services whose missed duties climb to the department; our own as well, since it is another tenant."""

REACTIONS: Sequence[Reaction] = (
    Reaction(
        listens_to="reports.report_confirmed.v1",
        reader=schemas.read_report_confirmed,
        policy=policies.when_report_confirmed_open_case,
    ),
    Reaction(
        listens_to="reports.person_walled_off.v1",
        reader=schemas.read_person_walled_off,
        policy=policies.when_person_walled_off_wall_off_person,
    ),
    Reaction(
        listens_to="accounts.grant_given.v1",
        reader=schemas.read_grant_given,
        policy=policies.when_grant_given_note_member_named,
    ),
    Reaction(
        listens_to="accounts.grant_ended.v1",
        reader=schemas.read_grant_ended,
        policy=policies.when_grant_ended_note_grant_ended,
    ),
    Reaction(
        listens_to="referrals.referral_requested.v1",
        reader=schemas.read_referral_requested,
        policy=policies.when_referral_requested_note_referral_requested,
    ),
    Reaction(
        listens_to="referrals.referral_delivered.v1",
        reader=schemas.read_referral_delivered,
        policy=policies.when_referral_delivered_note_referral_delivered,
    ),
    Reaction(
        listens_to="referrals.referral_accepted.v1",
        reader=schemas.read_referral_accepted,
        policy=policies.when_referral_accepted_note_referral_accepted,
    ),
    Reaction(
        listens_to="referrals.referral_declined.v1",
        reader=schemas.read_referral_declined,
        policy=policies.when_referral_declined_note_referral_declined,
    ),
    Reaction(
        listens_to="referrals.referral_fell_silent.v1",
        reader=schemas.read_referral_fell_silent,
        policy=policies.when_referral_fell_silent_note_referral_fell_silent,
    ),
    Reaction(
        listens_to="referrals.referral_completed.v1",
        reader=schemas.read_referral_completed,
        policy=policies.when_referral_completed_note_referral_completed,
    ),
    Reaction(
        listens_to="referrals.referral_cancelled.v1",
        reader=schemas.read_referral_cancelled,
        policy=policies.when_referral_cancelled_note_referral_cancelled,
    ),
    Reaction(
        listens_to="reports.facts_added.v1",
        reader=schemas.read_facts_added,
        policy=policies.when_facts_added_note_new_facts,
    ),
    *(
        Reaction(
            listens_to=f"{service}.deadline_climbed.v1",
            reader=schemas.read_deadline_climbed,
            policy=policies.when_deadline_climbed_raise_notice,
        )
        for service in CLIMBING
    ),
    *(
        Reaction(
            listens_to=f"{service}.climb_ended.v1",
            reader=schemas.read_climb_ended,
            policy=policies.when_climb_ended_settle_notice,
        )
        for service in CLIMBING
    ),
    Reaction(
        listens_to="cases.parts_released.v1",
        reader=schemas.read_parts_released,
        policy=policies.when_parts_released_offer_matter,
    ),
    Reaction(
        listens_to="cases.wall_passed_on.v1",
        reader=schemas.read_wall_passed_on,
        policy=policies.when_wall_passed_on_wall_off_from_matter,
    ),
    Reaction(
        listens_to="cases.matter_answered.v1",
        reader=schemas.read_matter_answered,
        policy=policies.when_matter_answered_note_release_answered,
    ),
    *tenancy_reactions("cases"),
)
