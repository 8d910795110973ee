"""Aggregates that have lived through every event there is; nothing of theirs is collected yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import Channel, Clock
from services.referrals.tests import builders as b
from shared.domain import Aggregate


def all_of_them() -> Sequence[Aggregate]:
    """One of each kind, and as many referrals as there are ends."""
    return [an_agency(), an_inbox_entry(), a_case_team(), *referrals()]


def an_agency() -> Agency:
    """Listed, then reached in another way."""
    entry = {"kind": "police", "channel": "web", "virtual_host": None, "encryption_key": None, "signing_key": None}
    agency = Agency.list(id=b.POLICE, by=b.POLICY, at=b.MONDAY, **entry)
    keys = {
        "encryption_key": {"kty": "EC", "crv": "P-256", "x": "…", "y": "…"},
        "signing_key": {"kty": "OKP", "crv": "Ed25519", "x": "…"},
    }
    changed = entry | {"channel": "amqp", "virtual_host": "police-almaly", **keys}
    agency.revise_entry(by=b.POLICY, at=b.MONDAY, **changed)
    return agency


def an_inbox_entry() -> InboxEntry:
    """Placed, told, and accepted."""
    due = {f"{clock}_by": b.MONDAY + timedelta(hours=hours) for clock, hours in zip(Clock, (4, 24, 240), strict=True)}
    entry = InboxEntry.place(
        referral=b.an_id("жолдама"),
        school=b.SCHOOL,
        channel=Channel.AMQP,
        requested_at=b.MONDAY,
        by=b.POLICY,
        at=b.MONDAY,
        **due,
    )
    entry.note_told(message="requested", message_id="хабар-1", by=b.POLICY, at=b.MONDAY)
    entry.note_state(state="accepted", changed_at=b.MONDAY + timedelta(minutes=5), by=b.OFFICER, at=b.MONDAY)
    return entry


def a_case_team() -> CaseTeam:
    """Formed, changed, asking an agency, closed and opened again."""
    team = b.a_team((b.PEDAGOGUE, "social_pedagogue"), walled=(b.TEACHER,))
    assert b.PEDAGOGUE.person is not None
    team.name_coordinator(person=b.PEDAGOGUE.person, by=b.POLICY, at=b.MONDAY)
    team.open_referral(agency=b.POLICE, referral=b.an_id("жолдама"), by=b.PEDAGOGUE, at=b.MONDAY)
    team.end_referral(agency=b.POLICE, referral=b.an_id("жолдама"), by=b.OFFICER, at=b.MONDAY)
    team.release_member(person=b.PEDAGOGUE.person, by=b.POLICY, at=b.MONDAY)
    assert b.PSYCHOLOGIST.person is not None
    team.wall_off(persons=[b.PSYCHOLOGIST.person], by=b.POLICY, at=b.MONDAY)
    team.dissolve(by=b.POLICY, at=b.MONDAY)
    team.reform(by=b.POLICY, at=b.MONDAY)
    return team


def referrals() -> Sequence[Referral]:
    """Completed after a hold and a silence, declined, failed, cancelled; streams of their own."""
    whole = b.a_referral().requested().delivered()
    silent_at = whole.referral.deadlines[Clock.ACKNOWLEDGE].due_at
    whole.referral.fall_silent(clock=Clock.ACKNOWLEDGE, by=b.CLOCK, at=silent_at)
    whole.accepted().begun().on_hold()
    whole.referral.resume(agency=b.POLICE, by=b.OFFICER, at=whole.at)
    whole.completed()
    failed = b.a_referral(id="сәтсіз").requested().accepted()
    failed.referral.fail(agency=b.POLICE, reason="family_not_found", text="Көшіп кеткен", by=b.OFFICER, at=failed.at)
    declined = b.a_referral(id="бас тартқан").requested().declined()
    cancelled = b.a_referral(id="қайтарылған").requested().cancelled()
    return [whole.referral, declined.referral, failed.referral, cancelled.referral]
