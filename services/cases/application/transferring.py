"""Handlers of a transfer: one append at the school that releases, one at the school that takes (CON-08).

Public events carry ids alone. What was released is read here, in the one service that holds both tenants' keys, and
sealed anew under the receiving school's: neither school reads the other's log, before or after.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases import commands
from services.cases.application.changing import Changing, acted
from services.cases.domain import access
from services.cases.domain.arrived_matter import ArrivedMatter, matter_of
from services.cases.domain.case import Case
from services.cases.domain.errors import BehindAWallError, NotASchoolHereError
from services.cases.domain.values import Part
from services.cases.read_models import walls_of_matters
from shared.domain import Actor, Event, UnknownError
from shared.ids import derived_id, new_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles

TOLD_BY: dict[Part, tuple[type[Event], ...]] = {
    Part.CHILD: (Case.ChildIdentified,),
    Part.RISK: (Case.AssessmentStepRecorded, Case.RiskAssessed),
    Part.PLANS: (Case.SupportPlanDrawnUp, Case.SafetyPlanDrawnUp, Case.PlanReviewed),
    Part.HELP: (Case.MedicalHelpOrganised, Case.MedicalHelpRecorded, Case.SessionHeld),
    Part.CHANGE: (Case.CriteriaRated, Case.Closed),
}
"""Which events a part is. A session's note is its helper's and goes nowhere (PLN-04)."""
_LEFT_OUT = {field.name for field in fields(Event)} | {"note", "participants", "rules", "meeting"}


class TransferHandlers(Changing):
    """The releasing head chooses, the receiving head takes or does not."""

    @handles(commands.ReleaseParts)
    def release_parts(self, command: commands.ReleaseParts, ledger: TenantLedger) -> Answer:
        """To a school of this installation."""
        case = self.case_to_change(command, ledger, may=access.may_release)
        known = None if command.to == command.tenant else self.tenancy_of(command.to)
        if known is None or known.department is None:
            raise NotASchoolHereError(to=str(command.to))
        transfer = derived_id(command.command_id, "transfer")
        case.release_parts(
            transfer=transfer, to=command.to, parts=command.parts, reason=command.reason, **acted(command, ledger)
        )
        return ledger.save(case, answer={"case": case.id, "transfer": transfer})

    @handles(commands.OfferMatter)
    def offer_matter(self, command: commands.OfferMatter, ledger: TenantLedger) -> Answer:
        """The receiving school hears of it; a release that is none any more changes nothing."""
        case = self.for_tenant(command.school).find(Case, command.case)
        release = case.releases.get(command.transfer) if case is not None else None
        if case is None or release is None or release.to != command.tenant:
            return ledger.save()
        if ledger.find(ArrivedMatter, matter_of(command.transfer)) is not None:
            return ledger.save()
        matter = ArrivedMatter.offer(
            transfer=command.transfer,
            school=command.school,
            case=command.case,
            parts=[part.value for part in release.parts],
            walled=case.walled,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(matter, answer={"matter": matter.id})

    @handles(commands.AcceptMatter)
    def accept_matter(self, command: commands.AcceptMatter, ledger: TenantLedger) -> Answer:
        """What was released becomes this school's own; what was erased there meanwhile does not come."""
        matter = self.matter_to_decide(ledger, command)
        sender = self.for_tenant(matter.school)
        case = sender.find(Case, matter.case)
        if case is None or matter.transfer not in case.releases:
            raise UnknownError(what="case")
        matter.accept(content=_content(sender, case, matter.transfer), walled=case.walled, **acted(command, ledger))
        return ledger.save(matter, answer={"matter": matter.id})

    @handles(commands.DeclineMatter)
    def decline_matter(self, command: commands.DeclineMatter, ledger: TenantLedger) -> Answer:
        """Nothing comes."""
        matter = self.matter_to_decide(ledger, command)
        matter.decline(reason=command.reason, **acted(command, ledger))
        return ledger.save(matter, answer={"matter": matter.id})

    @handles(commands.WallOffFromMatter)
    def wall_off_from_matter(self, command: commands.WallOffFromMatter, ledger: TenantLedger) -> Answer:
        """Who is walled off at the school that released is at the one that it went to."""
        matter = ledger.find(ArrivedMatter, matter_of(command.transfer))
        if matter is None or matter.school != command.school:
            return ledger.save()
        matter.wall_off(walled=command.persons, **acted(command, ledger))
        return ledger.save(matter)

    @handles(commands.NoteReleaseAnswered)
    def note_release_answered(self, command: commands.NoteReleaseAnswered, ledger: TenantLedger) -> Answer:
        """The trail of the school that released shows it."""
        case = ledger.find(Case, command.case)
        if case is None:
            return ledger.save()
        case.note_release_answered(transfer=command.transfer, outcome=command.outcome, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    def arrived_matter(self, ledger: TenantLedger, matter: UUID, by: Actor) -> ArrivedMatter:
        """The matter of that id; a wall before it costs what an unknown id costs. Raises UnknownError."""
        rows = walls_of_matters.c
        mine = (rows.tenant == ledger.tenant) & (rows.matter == matter) & (rows.person == by.person)
        with self.read(ledger.tenant) as connection:
            is_walled = connection.execute(select(rows.matter).where(mine)).first() is not None
        found = ledger.find(ArrivedMatter, new_id() if is_walled else matter)
        if is_walled:
            raise BehindAWallError
        if found is None:
            raise UnknownError(what="case")
        return found

    def matter_to_decide(
        self, ledger: TenantLedger, command: commands.AcceptMatter | commands.DeclineMatter
    ) -> ArrivedMatter:
        """The matter, where the caller decides on it, as they saw it. Raises UnknownError, NotPermittedError."""
        found = self.arrived_matter(ledger, command.matter, command.by)
        found.may_decide(command.by, self.heads_of(ledger))
        found.expects(command.expected_version)
        return found

    def heads_of(self, ledger: TenantLedger) -> frozenset[UUID]:
        """Who is head of the school now, as accounts has told."""
        tenancy = self.tenancy_of(ledger.tenant)
        return frozenset() if tenancy is None else tenancy.holders("head", ledger.now())


def _content(sender: TenantLedger, case: Case, transfer: UUID) -> dict[str, Any]:
    """By part, what its events said up to the release, oldest first; nothing of what came later."""
    release = case.releases[transfer]
    told = [event for _, event in sender.events(case.id) if event.originator_version < release.version]
    return {
        part.value: [_said(event) for event in told if isinstance(event, TOLD_BY[part])]
        for part in sorted(release.parts)
    }


def _said(event: Any) -> dict[str, Any]:
    facts = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in _LEFT_OUT}
    return {"topic": event.TOPIC, "at": event.timestamp, "facts": facts}
