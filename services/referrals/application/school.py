"""What the school does: drafts, approves, takes back; and its clocks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.referrals.application.base import state_of
from services.referrals.application.links import LinkHandlers
from services.referrals.commands import ApproveReferral, CancelReferral, DraftReferral, LeaveSilence
from services.referrals.domain import access, link, rules
from services.referrals.domain.referral import Deadline, Referral
from services.referrals.domain.templates import Template
from services.referrals.domain.values import CLOCK_OF_DUTY, Clock, Purpose, Urgency
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles
from shared.regulation import local_day


class SchoolHandlers(LinkHandlers):
    """A referral in the hands of the school that asks (REF-03, REF-07)."""

    @handles(DraftReferral)
    def draft_referral(self, command: DraftReferral, ledger: TenantLedger) -> Answer:
        """Fills in the template of the agency's kind."""
        team = self.team(command.case, ledger, command.by)
        self.admit(access.working(team, command.by, ledger.now()), command, "case", command.case)
        agency, now = self.agency(command.agency), ledger.now()
        template = self.templates.in_force(agency.kind, local_day(now))
        referral = Referral.draft(
            id=derived_id(command.command_id, "referral"),
            case=command.case,
            agency=command.agency,
            kind=agency.kind,
            purpose=Purpose(command.purpose),
            urgency=Urgency(command.urgency),
            template=template,
            facts=command.facts,
            by=command.by,
            at=now,
        )
        team.open_referral(agency=agency.id, referral=referral.id, by=command.by, at=now)
        return ledger.save(referral, team, answer=state_of(referral) | _shown(referral, template))

    @handles(ApproveReferral)
    def approve_referral(self, command: ApproveReferral, ledger: TenantLedger) -> Answer:
        """Lets exactly the fields leave that the approver saw, and asks the agency."""
        referral, team = self.referral_and_team(command.referral, ledger, command.by)
        decision = access.approving(team, command.by)
        self.admit(decision, command, "referral", referral.id)
        referral.expects(command.expected_version)
        rules.case_is_open(team)
        now = ledger.now()
        referral.approve(fields=command.fields, rule=decision.rule, by=command.by, at=now)
        clocks = {clock: self._deadline(clock, referral.urgency, ledger) for clock in Clock}
        referral.request(clocks=clocks, by=command.by, at=now)
        return ledger.save(referral, answer=state_of(referral))

    @handles(CancelReferral)
    def cancel_referral(self, command: CancelReferral, ledger: TenantLedger) -> Answer:
        """Takes it back."""
        referral, team = self.referral_and_team(command.referral, ledger, command.by)
        self.admit(access.working(team, command.by, ledger.now()), command, "referral", referral.id)
        referral.expects(command.expected_version)
        self.listed("reason", command.reason, "referrals.cancel_reasons", ledger)
        referral.cancel(reason=command.reason, by=command.by, at=ledger.now())
        return self.save_moved(referral, team, command, ledger)

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """A clock ran out; whether it did, the referral decides."""
        if command.duty == link.DUTY:
            return self.miss_link(command, ledger)
        referral, team = self.referral_and_team(command.stream, ledger, command.by)
        clock = CLOCK_OF_DUTY.get(command.duty)
        missed = clock is not None and referral.fall_silent(
            clock=clock,
            step=command.step,
            ladder=self.ladder(ledger),
            coordinator=team.coordinator,
            walled={UUID(person) for person in team.walled},
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(referral, answer={"missed": missed})

    @handles(LeaveSilence)
    def leave_silence(self, command: LeaveSilence, ledger: TenantLedger) -> Answer:
        """Does no more about an agency's silence, for a reason."""
        referral, team = self.referral_and_team(command.referral, ledger, command.by)
        self.admit(access.working(team, command.by, ledger.now()), command, "referral", referral.id)
        referral.expects(command.expected_version)
        facts = {"reason": command.reason, "best_interests": command.best_interests}
        referral.leave_silence(clock=Clock(command.clock), **facts, by=command.by, at=ledger.now())
        return ledger.save(referral, answer=state_of(referral))

    def _deadline(self, clock: Clock, urgency: Urgency, ledger: TenantLedger) -> Deadline:
        due = ledger.book.deadline(f"referrals.{clock}_{urgency}", ledger.now())
        return Deadline(due.due_at, due.rule)


def _shown(referral: Referral, template: Template) -> dict[str, Any]:
    return {"template": template.rule, "fields": sorted(referral.facts)}
