"""What we listen to: type, reader, policy."""

from __future__ import annotations

from collections.abc import Sequence

from services.cases import policies, schemas
from shared.policy import Reaction

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
)
