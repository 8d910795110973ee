"""What all handlers share: the regulations, loading by id, the access decision, and how a referral is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.referrals.domain import access, rules
from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.errors import NoSuchThingError
from services.referrals.domain.referral import Referral
from services.referrals.domain.templates import TemplateBook
from services.referrals.domain.values import ENDED, inbox_stream
from services.referrals.publications import PUBLICATIONS
from services.referrals.reactions import REACTIONS
from shared.domain import Command
from shared.ledger.append import InboxMark
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger
from shared.regulation import RuleBook


class Handlers(LedgerApplication):
    """Base of the groups of handlers that make up `ReferralsApplication`."""

    def __init__(self, parts: LedgerParts, regulations: RuleBook, templates: TemplateBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS)
        self.regulations = regulations
        self.templates = templates

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """As every application does; whoever tries an id that there is not is in the access log (CON-01)."""
        try:
            return super().execute(command, inbox=inbox, correlation=correlation)
        except NoSuchThingError:
            if not command.by.is_the_system:
                ids = [getattr(command, name) for name in ("case", "referral", "agency") if hasattr(command, name)]
                self.record_read(command.tenant, command.by, type(command).__name__, ids, "unknown", allowed=False)
            raise

    def agency(self, agency: UUID) -> Agency:
        """An agency of the directory. Raises UnknownError."""
        found = self.for_tenant(agency).find(Agency, agency)
        if found is None:
            raise NoSuchThingError(what="agency")
        return found

    def team(self, case: UUID, ledger: TenantLedger) -> CaseTeam:
        """A case's team. Raises UnknownError."""
        team = ledger.find(CaseTeam, case)
        if team is None:
            raise NoSuchThingError(what="case")
        return team

    def listed(self, field: str, code: str, key: str, ledger: TenantLedger) -> None:
        """Refuses a code that is not on the list in force under `key`."""
        rules.code_is_on_the_list(field, code, self.regulations.at(key, ledger.now()).value)

    def admit(self, decision: access.Decision, command: Command, what: str, id: UUID) -> None:
        """Refuses who may not, once the true rule stands in the access log."""
        if not decision.allowed:
            self.record_read(command.tenant, command.by, what, [id], decision.rule, allowed=False)
        rules.caller_is_allowed(decision, what)

    def referral_and_team(self, referral: UUID, ledger: TenantLedger) -> tuple[Referral, CaseTeam]:
        """A referral of this tenant, and the team of its case. Raises UnknownError."""
        found = ledger.find(Referral, referral)
        if found is None:
            raise NoSuchThingError(what="referral")
        return found, self.team(found.case, ledger)

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
