"""What all handlers share: the regulations, loading by id, the access decision, and how a referral is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select

from services.referrals.application.walls import wall_before_case, wall_before_referral
from services.referrals.domain import access, rules
from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.errors import BehindAWallError, NoSuchThingError
from services.referrals.domain.referral import Referral
from services.referrals.domain.templates import TemplateBook
from services.referrals.domain.values import ENDED, inbox_stream
from services.referrals.publications import PUBLICATIONS
from services.referrals.reactions import REACTIONS
from shared.domain import Actor, Aggregate, Command
from shared.ids import new_id
from shared.ledger.append import InboxMark
from shared.ledger.application import Answer, LedgerParts, TenantLedger
from shared.regulation import RuleBook
from shared.tenancy import InTenancy


class Handlers(InTenancy):
    """Base of the groups of handlers that make up `ReferralsApplication`."""

    def __init__(self, parts: LedgerParts, regulations: RuleBook, templates: TemplateBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS, regulations=regulations)
        self.templates = templates

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """As every application does; whoever tries an id that there is not is in the access log (CON-01)."""
        try:
            return super().execute(command, inbox=inbox, correlation=correlation)
        except NoSuchThingError as none:
            if not command.by.is_the_system:
                ids = [getattr(command, name) for name in ("case", "referral", "agency") if hasattr(command, name)]
                self.record_read(command.tenant, command.by, type(command).__name__, ids, none.rule, allowed=False)
            raise

    def may_see_history(self, ledger: TenantLedger, stream: UUID, by: Actor) -> str | None:
        """The team of its case sees what became of a referral meanwhile; an agency only that it stands elsewhere."""
        referral = ledger.find(Referral, stream)
        team = None if referral is None else ledger.find(CaseTeam, referral.case)
        decision = None if team is None else access.reading(team, by, ledger.now())
        return decision.rule if decision is not None and decision.allowed else None

    def agency(self, agency: UUID) -> Agency:
        """An agency of the directory. Raises UnknownError."""
        found = self.for_tenant(agency).find(Agency, agency)
        if found is None:
            raise NoSuchThingError(what="agency")
        return found

    def stand_before_no_wall(self, ledger: TenantLedger, by: Actor, kind: type[Aggregate], chosen: Select[Any]) -> None:
        """Refuses where the read model knows of a wall; that costs what an id of nothing costs (CON-08).

        The rows may be late by moments; what decides is the team, by `access`. Raises UnknownError.
        """
        if by.person is None:
            return
        with self.read(ledger.tenant) as connection:
            is_walled = bool(connection.scalar(select(exists(chosen))))
        if is_walled:
            ledger.find(kind, new_id())
            raise BehindAWallError(what="referral" if kind is Referral else "case")

    def team(self, case: UUID, ledger: TenantLedger, by: Actor) -> CaseTeam:
        """A case's team. Raises UnknownError."""
        self.stand_before_no_wall(ledger, by, CaseTeam, wall_before_case(ledger.tenant, case, by))
        team = ledger.find(CaseTeam, case)
        if team is None:
            raise NoSuchThingError(what="case")
        return team

    def listed(self, field: str, code: str, key: str, ledger: TenantLedger) -> None:
        """Refuses a code that is not on the list in force under `key`."""
        rules.code_is_on_the_list(field, code, ledger.book.at(key, ledger.now()).value)

    def admit(self, decision: access.Decision, command: Command, what: str, id: UUID) -> None:
        """Refuses who may not, once the true rule stands in the access log."""
        if not decision.allowed:
            self.record_read(command.tenant, command.by, what, [id], decision.rule, allowed=False)
        rules.caller_is_allowed(decision, what)

    def referral_and_team(self, referral: UUID, ledger: TenantLedger, by: Actor) -> tuple[Referral, CaseTeam]:
        """A referral of this tenant, and the team of its case. Raises UnknownError."""
        self.stand_before_no_wall(ledger, by, Referral, wall_before_referral(ledger.tenant, referral, by))
        found = ledger.find(Referral, referral)
        if found is None:
            raise NoSuchThingError(what="referral")
        return found, self.team(found.case, ledger, by)

    def save_moved(self, referral: Referral, team: CaseTeam, command: Command, ledger: TenantLedger) -> Answer:
        """Saves a referral; where it ended, the agency may be asked anew for that case."""
        if referral.state in ENDED:
            team.end_referral(agency=referral.agency, referral=referral.id, by=command.by, at=ledger.now())
        return ledger.save(referral, team, answer=state_of(referral))

    def inbox_entry(self, referral: UUID, ledger: TenantLedger) -> InboxEntry:
        """A referral's entry in this agency's inbox. Raises UnknownError."""
        entry = ledger.find(InboxEntry, inbox_stream(referral))
        if entry is None:
            raise NoSuchThingError(what="referral")
        return entry


def state_of(referral: Referral) -> dict[str, Any]:
    """How commands on a referral are answered."""
    return {
        "referral": str(referral.id),
        "state": referral.state.value,
        "version": referral.version,
        "changed_at": referral.changed_at.isoformat(),
    }
