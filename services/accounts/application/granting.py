"""Grants: what cases tell of seats for outsiders, and the agency's person for each (REF-05, ARCHITECTURE section 4)."""

from __future__ import annotations

from uuid import UUID

from services.accounts import commands
from services.accounts.application.base import AccountsBase
from services.accounts.domain import rules
from services.accounts.domain.errors import NotOfThisDepartmentError
from services.accounts.domain.grant_offer import GrantOffer
from services.accounts.domain.matter_grants import MatterGrants, grants_of
from services.accounts.domain.person import Person
from services.accounts.domain.values import NAMED_FOR_GRANTS
from shared.domain import Command, NotPermittedError, UnknownError
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class Granting(AccountsBase):
    """In the school's tenant by policy; in the agency's by its duty officer, or by the department's lead."""

    @handles(commands.AskGrant)
    def ask_grant(self, command: commands.AskGrant, ledger: TenantLedger) -> Answer:
        """A seat was offered: the agency hears of it, if it is one of the school's department."""
        department = self.department_of(command.tenant)
        if department is None or self.department_of(command.agency) != department:
            raise NotOfThisDepartmentError
        grants = ledger.find(MatterGrants, grants_of(command.tenant, command.matter)) or MatterGrants.begin(
            school=command.tenant, matter=command.matter, by=command.by, at=ledger.now()
        )
        grants.keep_away(people=command.walled, by=command.by, at=ledger.now())
        grants.ask(
            grant=command.grant,
            agency=command.agency,
            rights=command.rights,
            ends_at=command.ends_at,
            by=command.by,
            at=ledger.now(),
        )
        where = {"school": command.tenant, "matter": command.matter}
        self.elsewhere(commands.PlaceOffer, command, command.agency, grant=command.grant, **where)
        return ledger.save(grants, answer={"grant": command.grant})

    @handles(commands.PlaceOffer)
    def place_offer(self, command: commands.PlaceOffer, ledger: TenantLedger) -> Answer:
        """The offer, in the agency's tenant."""
        if ledger.find(GrantOffer, command.grant):
            return ledger.save()
        offer = GrantOffer.offer(
            id=command.grant, school=command.school, matter=command.matter, by=command.by, at=ledger.now()
        )
        return ledger.save(offer)

    @handles(commands.NamePersonForGrant)
    def name_person_for_grant(self, command: commands.NamePersonForGrant, ledger: TenantLedger) -> Answer:
        """The agency's own person, who is on duty there; the school's grant is given by it."""
        self._on_duty(command, ledger, command.grant)
        offer = ledger.get(GrantOffer, command.grant)
        person = ledger.find(Person, command.person)
        if person is None or not person.roles_at(ledger.tenant, ledger.now()) & NAMED_FOR_GRANTS:
            raise UnknownError(what="person")
        facts = {"matter": offer.matter, "grant": command.grant, "person": command.person, "agency": ledger.tenant}
        self.elsewhere(commands.GiveGrant, command, offer.school, **facts)
        return ledger.save(answer={"grant": command.grant})

    @handles(commands.WithdrawFromGrant)
    def withdraw_from_grant(self, command: commands.WithdrawFromGrant, ledger: TenantLedger) -> Answer:
        """The agency takes its person back."""
        self._on_duty(command, ledger, command.grant)
        offer = ledger.get(GrantOffer, command.grant)
        facts = {"matter": offer.matter, "grant": command.grant, "agency": ledger.tenant}
        self.elsewhere(commands.TakeGrantBack, command, offer.school, **facts)
        return ledger.save(answer={"grant": command.grant})

    @handles(commands.GiveGrant)
    def give_grant(self, command: commands.GiveGrant, ledger: TenantLedger) -> Answer:
        """In the school's tenant: the person may act from now on."""
        grants = ledger.get(MatterGrants, grants_of(command.tenant, command.matter))
        grants.name_person(
            grant=command.grant, agency=command.agency, person=command.person, by=command.by, at=ledger.now()
        )
        return ledger.save(grants)

    @handles(commands.TakeGrantBack)
    def take_grant_back(self, command: commands.TakeGrantBack, ledger: TenantLedger) -> Answer:
        """In the school's tenant: it ends by the agency."""
        grants = ledger.get(MatterGrants, grants_of(command.tenant, command.matter))
        grants.withdraw(grant=command.grant, agency=command.agency, by=command.by, at=ledger.now())
        return ledger.save(grants)

    @handles(commands.EndGrant)
    def end_grant(self, command: commands.EndGrant, ledger: TenantLedger) -> Answer:
        """The case ended a seat."""
        grants = ledger.find(MatterGrants, grants_of(command.tenant, command.matter))
        if grants is None:
            return ledger.save()
        grants.end(grant=command.grant, reason=command.reason, by=command.by, at=ledger.now())
        return ledger.save(grants)

    @handles(commands.EndGrantsOfMatter)
    def end_grants_of_matter(self, command: commands.EndGrantsOfMatter, ledger: TenantLedger) -> Answer:
        """The case is closed."""
        grants = ledger.find(MatterGrants, grants_of(command.tenant, command.matter))
        if grants is None:
            return ledger.save()
        grants.end_all(reason="case_closed", by=command.by, at=ledger.now())
        return ledger.save(grants)

    @handles(commands.KeepAwayFromGrants)
    def keep_away_from_grants(self, command: commands.KeepAwayFromGrants, ledger: TenantLedger) -> Answer:
        """The case walls people off; where nobody was let in yet, the next seat tells whom."""
        grants = ledger.find(MatterGrants, grants_of(command.tenant, command.matter))
        if grants is None:
            return ledger.save()
        grants.keep_away(people=command.people, by=command.by, at=ledger.now())
        return ledger.save(grants)

    def _on_duty(self, command: Command, ledger: TenantLedger, grant: UUID) -> None:
        """That the caller speaks for the agency; records each denial."""
        try:
            rules.duty_officer_speaks_for_the_agency(command.by)
        except NotPermittedError as denial:
            self.record_read(ledger.tenant, command.by, "grant", [grant], denial.rule, allowed=False)
            raise
