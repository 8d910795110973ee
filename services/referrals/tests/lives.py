"""Aggregates that have lived through every event there is; nothing of theirs is collected yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.entry import DirectoryEntry
from services.referrals.domain.link import HandedTo, Link
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import Channel, Clock, Step
from services.referrals.tests import builders as b
from shared.domain import Aggregate


def all_of_them() -> Sequence[Aggregate]:
    """One of each kind, and as many referrals as there are ends."""
    return [an_agency(), an_inbox_entry(), a_case_team(), an_entry(), *links(), *referrals()]


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
    refused: dict[str, Any] = {
        "message": "requested",
        "status": "http_503",
        "rule": "referrals.webhook_waits@2026-01-01",
    }
    entry.note_failure(next_at=b.MONDAY + timedelta(minutes=1), by=b.POLICY, at=b.MONDAY, **refused)
    entry.resume_sending(message="requested", by=b.POLICY, at=b.MONDAY)
    entry.note_link(link=b.an_id("сілтеме"), by=b.HEAD, at=b.MONDAY)
    return entry


def an_entry() -> DirectoryEntry:
    """Described, revised, confirmed; its webhook set, disabled and enabled again."""
    held: dict[str, Any] = {
        "confirm_by": b.MONDAY + timedelta(days=180),
        "rule": "referrals.entry_confirmed@2026-01-01",
    }
    acted: dict[str, Any] = {"by": b.ADMINISTRATOR, "at": b.MONDAY}
    entry = DirectoryEntry.describe(agency=b.POLICE, details=b.DETAILS, **held, **acted)
    entry.revise(details={**b.DETAILS, "hours": "дүйсенбі–жұма"}, **held, **acted)
    entry.confirm(**held, **acted)
    entry.set_webhook(address="https://police.example/qorgan", **acted)
    entry.disable_webhook(failures=20, rule="referrals.webhook_failures@2026-01-01", **acted)
    entry.enable_webhook(**acted)
    return entry


def a_link(id: str = "сілтеме") -> Link:
    """Handed over by the school, open for 30 days."""
    return Link.issue(
        id=b.an_id(id),
        referral=b.an_id("жолдама"),
        school=b.SCHOOL,
        handed_to=HandedTo.SCHOOL,
        expires_at=b.MONDAY + timedelta(days=30),
        rule="referrals.link_life@2026-01-01",
        by=b.HEAD,
        at=b.MONDAY,
    )


def links() -> Sequence[Link]:
    """Answered to its end, withdrawn, expired."""
    used, revoked, expired = a_link(), a_link("сілтеме 2"), a_link("сілтеме 3")
    used.open(by=b.OFFICER, at=b.MONDAY)
    used.answer(step=Step.DECLINE, ended=True, by=b.OFFICER, at=b.MONDAY)
    revoked.revoke(reason="withdrawn", by=b.HEAD, at=b.MONDAY)
    expired.expire(by=b.CLOCK, at=b.MONDAY + timedelta(days=30))
    return used, revoked, expired


def a_case_team() -> CaseTeam:
    """Formed, changed, asking an agency, closed and opened again."""
    team = b.a_team((b.PEDAGOGUE, "social_pedagogue"), walled=(b.TEACHER,))
    assert b.PEDAGOGUE.person is not None
    team.name_coordinator(person=b.PEDAGOGUE.person, by=b.POLICY, at=b.MONDAY)
    assert b.DEPUTY.person is not None
    team.note_glass_broken(person=b.DEPUTY.person, until=b.MONDAY + timedelta(hours=24), by=b.POLICY, at=b.MONDAY)
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
    for step in range(3):
        whole.referral.fall_silent(**b.silence(step=step), by=b.CLOCK, at=silent_at + timedelta(days=3 * step))
    whole.accepted().begun().on_hold()
    whole.referral.resume(agency=b.POLICE, by=b.OFFICER, at=whole.at)
    whole.completed()
    left = b.a_referral(id="үнсіз").requested().referral
    left.fall_silent(**b.silence(step=0), by=b.CLOCK, at=silent_at)
    words = {"reason": "Басқа орган көмектесті", "best_interests": "Бала көмек алды"}
    left.leave_silence(clock=Clock.ACKNOWLEDGE, **words, by=b.PEDAGOGUE, at=silent_at)
    failed = b.a_referral(id="сәтсіз").requested().accepted()
    failed.referral.fail(agency=b.POLICE, reason="family_not_found", text="Көшіп кеткен", by=b.OFFICER, at=failed.at)
    declined = b.a_referral(id="бас тартқан").requested().declined()
    cancelled = b.a_referral(id="қайтарылған").requested().cancelled()
    expired = b.a_referral(id="ескірген").requested()
    rule = "referrals.link_life@2026-01-01"
    expired.referral.note_link_expired(due_at=expired.at, rule=rule, by=b.CLOCK, at=expired.at)
    return [whole.referral, left, declined.referral, failed.referral, cancelled.referral, expired.referral]
