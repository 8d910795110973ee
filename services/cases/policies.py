"""When another service's event, then our command; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from services.cases import commands, incoming
from shared.domain import Command
from shared.ids import derived_id
from shared.policy import Heard


def when_report_confirmed_open_case(event: incoming.ReportConfirmed, heard: Heard) -> Sequence[Command]:
    """A confirmed fact is entered in the register: it joins the cases named, or opens new ones (REP-07)."""
    envelopes = _envelopes("when_report_confirmed_open_case", heard)
    if event.cases:
        return [
            commands.LinkReport(case=case, report=event.report, **next(envelopes))
            for case in dict.fromkeys(event.cases)
        ]
    return [commands.OpenCase(report=event.report, **next(envelopes)) for _ in range(max(1, event.count_of_cases))]


def when_person_walled_off_wall_off_person(event: incoming.PersonWalledOff, heard: Heard) -> Sequence[Command]:
    """Whom a report keeps away, its cases keep away as well, however late that turns out (REP-02)."""
    envelopes = _envelopes("when_person_walled_off_wall_off_person", heard)
    return [
        commands.WallOffPerson(case=case, person=event.person, report=event.report, **next(envelopes))
        for case in dict.fromkeys(event.cases)
    ]


def when_facts_added_note_new_facts(event: incoming.FactsAdded, heard: Heard) -> Sequence[Command]:
    """What a reporter adds makes each case of the report look at its risk again (RSK-05)."""
    envelopes = _envelopes("when_facts_added_note_new_facts", heard)
    return [
        commands.NoteNewFacts(case=case, report=event.report, **next(envelopes)) for case in dict.fromkeys(event.cases)
    ]


def when_deadline_climbed_raise_notice(event: incoming.DeadlineClimbed, heard: Heard) -> Sequence[Command]:
    """The department is told in its own log: ids, codes, times (MON-09)."""
    envelope = next(_envelopes("when_deadline_climbed_raise_notice", heard)) | {"tenant": event.department}
    return [
        commands.RaiseNotice(
            school=heard.tenant,
            service=heard.source,
            matter=event.matter,
            duty=event.duty,
            due_at=event.due_at,
            climbed_at=event.climbed_at,
            rule=event.rule,
            walled=frozenset(event.walled),
            **envelope,
        )
    ]


def when_climb_ended_settle_notice(event: incoming.ClimbEnded, heard: Heard) -> Sequence[Command]:
    """And told when it is over."""
    envelope = next(_envelopes("when_climb_ended_settle_notice", heard)) | {"tenant": event.department}
    return [commands.SettleNotice(matter=event.matter, duty=event.duty, due_at=event.due_at, **envelope)]


def when_referral_requested_note_referral_requested(
    event: incoming.ReferralRequested, heard: Heard
) -> Sequence[Command]:
    """The case knows that the school turned to an agency."""
    return [commands.NoteReferralRequested(**_told("when_referral_requested_note_referral_requested", event, heard))]


def when_referral_delivered_note_referral_delivered(
    event: incoming.ReferralDelivered, heard: Heard
) -> Sequence[Command]:
    """A notification that arrived meets the duty to inform (REF-01)."""
    told = _told("when_referral_delivered_note_referral_delivered", event, heard)
    notifies = event.purpose == incoming.NOTIFICATION
    return [commands.NoteReferralDelivered(delivered_at=event.delivered_at, notifies=notifies, **told)]


def when_referral_accepted_note_referral_accepted(event: incoming.ReferralAccepted, heard: Heard) -> Sequence[Command]:
    """The case knows that the agency took it up."""
    return [commands.NoteReferralAccepted(**_told("when_referral_accepted_note_referral_accepted", event, heard))]


def when_referral_declined_note_referral_declined(event: incoming.ReferralDeclined, heard: Heard) -> Sequence[Command]:
    """Where an agency won't, the school must (REF-07)."""
    told = _told("when_referral_declined_note_referral_declined", event, heard)
    return [commands.NoteReferralDeclined(reason=event.reason, **told)]


def when_referral_fell_silent_note_referral_fell_silent(
    event: incoming.ReferralFellSilent, heard: Heard
) -> Sequence[Command]:
    """Where an agency is silent, the school must (REF-07)."""
    told = _told("when_referral_fell_silent_note_referral_fell_silent", event, heard)
    return [commands.NoteReferralFellSilent(silent_clock=event.silent_clock, **told)]


def when_referral_completed_note_referral_completed(
    event: incoming.ReferralCompleted, heard: Heard
) -> Sequence[Command]:
    """An outcome returns to the case."""
    told = _told("when_referral_completed_note_referral_completed", event, heard)
    return [commands.NoteReferralCompleted(outcome=event.outcome, **told)]


def when_referral_cancelled_note_referral_cancelled(
    event: incoming.ReferralCancelled, heard: Heard
) -> Sequence[Command]:
    """The case waits for that agency no more."""
    return [commands.NoteReferralCancelled(**_told("when_referral_cancelled_note_referral_cancelled", event, heard))]


def when_grant_given_note_member_named(event: incoming.GrantGiven, heard: Heard) -> Sequence[Command]:
    """The agency named its person for a seat (REF-05)."""
    policy = "when_grant_given_note_member_named"
    envelope = _envelope(policy, heard, heard.command_id(policy))
    return [commands.NoteMemberNamed(case=event.case, seat=event.seat, person=event.person, **envelope)]


def when_grant_ended_note_grant_ended(event: incoming.GrantEnded, heard: Heard) -> Sequence[Command]:
    """A seat without a grant is none (REF-05)."""
    policy = "when_grant_ended_note_grant_ended"
    envelope = _envelope(policy, heard, heard.command_id(policy))
    return [commands.NoteGrantEnded(case=event.case, seat=event.seat, reason=event.reason, **envelope)]


# -- our own events, heard by ourselves: effects in the tenant of another school (CON-08)


def when_parts_released_offer_matter(event: incoming.PartsReleased, heard: Heard) -> Sequence[Command]:
    """The school that the child goes to hears of it."""
    policy = "when_parts_released_offer_matter"
    envelope = _envelope(policy, heard, heard.command_id(policy)) | {"tenant": event.to}
    return [commands.OfferMatter(transfer=event.transfer, school=heard.tenant, case=event.case, **envelope)]


def when_wall_passed_on_wall_off_from_matter(event: incoming.WallPassedOn, heard: Heard) -> Sequence[Command]:
    """Whom the case keeps away since then sees nothing of what came of it (REP-02)."""
    policy = "when_wall_passed_on_wall_off_from_matter"
    envelope = _envelope(policy, heard, heard.command_id(policy)) | {"tenant": event.to}
    facts: dict[str, Any] = {"transfer": event.transfer, "persons": tuple(event.walled)}
    return [commands.WallOffFromMatter(school=heard.tenant, **facts, **envelope)]


def when_matter_answered_note_release_answered(event: incoming.MatterAnswered, heard: Heard) -> Sequence[Command]:
    """The trail of the school that released shows what became of it."""
    policy = "when_matter_answered_note_release_answered"
    envelope = _envelope(policy, heard, heard.command_id(policy)) | {"tenant": event.school}
    facts: dict[str, Any] = {"transfer": event.transfer, "case": event.case, "outcome": event.outcome}
    return [commands.NoteReleaseAnswered(**facts, **envelope)]


def _told(policy: str, event: incoming.ReferralTold, heard: Heard) -> dict[str, Any]:
    facts = {"referral": event.referral, "case": event.case, "agency": event.agency}
    return facts | _envelope(policy, heard, heard.command_id(policy))


def _envelopes(policy: str, heard: Heard) -> Iterator[dict[str, Any]]:
    """Envelopes of one event's commands: the first under the policy's own id, the others derived from it."""
    first, count = heard.command_id(policy), 0
    while True:
        yield _envelope(policy, heard, derived_id(first, str(count)) if count else first)
        count += 1


def _envelope(policy: str, heard: Heard, command_id: UUID) -> dict[str, Any]:
    return {"tenant": heard.tenant, "command_id": command_id, "by": heard.actor(policy), "cause": heard.id}
