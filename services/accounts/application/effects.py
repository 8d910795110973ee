"""Effects of the administrator's commands in the tenants they are about; asked by `administering` alone."""

from __future__ import annotations

from services.accounts import commands
from services.accounts.application.base import AccountsBase
from services.accounts.domain.agency import Agency
from services.accounts.domain.department import Department
from services.accounts.domain.errors import AlreadyRegisteredError
from services.accounts.domain.login import Login
from services.accounts.domain.person import Person
from services.accounts.domain.school import School
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class Effects(AccountsBase):
    """Handlers that load, call, save."""

    @handles(commands.FoundSchool)
    def found_school(self, command: commands.FoundSchool, ledger: TenantLedger) -> Answer:
        """The school, as its own tenant's first event."""
        self._is_free(ledger)
        school = School.register(
            id=ledger.tenant,
            department=command.department,
            name=command.name,
            language=command.language,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(school)

    @handles(commands.ListAgency)
    def list_agency(self, command: commands.ListAgency, ledger: TenantLedger) -> Answer:
        """The agency, as its own tenant's first event."""
        self._is_free(ledger)
        agency = Agency.register(
            id=ledger.tenant,
            department=command.department,
            kind=command.kind,
            name=command.name,
            channel=command.channel,
            virtual_host=command.virtual_host,
            encryption_key=command.encryption_key,
            signing_key=command.signing_key,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(agency)

    @handles(commands.NoteConfirmation)
    def note_confirmation(self, command: commands.NoteConfirmation, ledger: TenantLedger) -> Answer:
        """The agency's entry holds as of now."""
        agency = ledger.get(Agency, ledger.tenant)
        agency.confirm(by=command.by, at=ledger.now())
        return ledger.save(agency)

    @handles(commands.EnrolPerson)
    def enrol_person(self, command: commands.EnrolPerson, ledger: TenantLedger) -> Answer:
        """The person, in the home tenant."""
        person = Person.register(
            id=command.person,
            home=ledger.tenant,
            name=command.name,
            language=command.language,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(person)

    @handles(commands.ReserveLogin)
    def reserve_login(self, command: commands.ReserveLogin, ledger: TenantLedger) -> Answer:
        """Takes a login name, where nobody has it."""
        if ledger.find(Login, command.login):
            raise AlreadyRegisteredError(what="login")
        login = Login.reserve(
            id=command.login, person=command.person, home=command.home, by=command.by, at=ledger.now()
        )
        return ledger.save(login)

    @handles(commands.StorePassword)
    def store_password(self, command: commands.StorePassword, ledger: TenantLedger) -> Answer:
        """The hash of a new password."""
        person = ledger.get(Person, command.person)
        person.set_password(hash=command.hash, sessions_before=command.sessions_before, by=command.by, at=ledger.now())
        return ledger.save(person)

    @handles(commands.GrantRole)
    def grant_role(self, command: commands.GrantRole, ledger: TenantLedger) -> Answer:
        """A role of the person."""
        person = ledger.get(Person, command.person)
        person.assign_role(
            grant=derived_id(command.command_id, "grant"),
            tenant=command.at,
            kind=command.kind,
            role=command.role,
            starts_at=command.starts_at or ledger.now(),
            ends_at=command.ends_at,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(person)

    @handles(commands.WithdrawRole)
    def withdraw_role(self, command: commands.WithdrawRole, ledger: TenantLedger) -> Answer:
        """A role of the person ends."""
        person = ledger.get(Person, command.person)
        person.end_role(tenant=command.at, role=command.role, by=command.by, at=ledger.now())
        return ledger.save(person)

    @handles(commands.EndSessions)
    def end_sessions(self, command: commands.EndSessions, ledger: TenantLedger) -> Answer:
        """Sessions signed before now hold no longer."""
        person = ledger.get(Person, command.person)
        person.revoke_sessions(sessions_before=command.sessions_before, by=command.by, at=ledger.now())
        return ledger.save(person)

    @handles(commands.SetLock)
    def set_lock(self, command: commands.SetLock, ledger: TenantLedger) -> Answer:
        """Out, or in again."""
        person = ledger.get(Person, command.person)
        change = person.lock if command.locked else person.unlock
        change(by=command.by, at=ledger.now())
        return ledger.save(person)

    @staticmethod
    def _is_free(ledger: TenantLedger) -> None:
        """A tenant is one thing."""
        for kind in (Department, School, Agency):
            if ledger.find(kind, ledger.tenant):
                raise AlreadyRegisteredError(what=kind.__name__.lower())
