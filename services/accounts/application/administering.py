"""What the administrator of a department does: tenants, people, roles, engagements."""

from __future__ import annotations

from services.accounts import commands
from services.accounts.application.base import AccountsBase
from services.accounts.domain import rules
from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.department import Department
from services.accounts.domain.errors import AlreadyRegisteredError
from services.accounts.domain.person import Person
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class Administering(AccountsBase):
    """Handlers of the administrator's commands; each asks first whether the caller is one."""

    @handles(commands.RegisterDepartment)
    def register_department(self, command: commands.RegisterDepartment, ledger: TenantLedger) -> Answer:
        """A department, with the tenant's id as its own."""
        rules.installer_registers_departments(command.by)
        if ledger.find(Department, ledger.tenant):
            raise AlreadyRegisteredError(what="department")
        department = Department.register(
            id=ledger.tenant, name=command.name, language=command.language, by=command.by, at=ledger.now()
        )
        return ledger.save(department, answer={"department": department.id})

    @handles(commands.RegisterSchool)
    def register_school(self, command: commands.RegisterSchool, ledger: TenantLedger) -> Answer:
        """A school: first in its own tenant, then in the department's list."""
        department = self.administered(command, ledger)
        school = command.school or derived_id(command.command_id, "school")
        facts = {"name": command.name, "language": command.language}
        self.elsewhere(commands.FoundSchool, command, school, department=department.id, **facts)
        self.follow(department, school, [*department.policies, *department.days])
        department.add_school(
            school=school, name=command.name, language=command.language, by=command.by, at=ledger.now()
        )
        return ledger.save(department, answer={"school": school})

    @handles(commands.RegisterAgency)
    def register_agency(self, command: commands.RegisterAgency, ledger: TenantLedger) -> Answer:
        """An agency: first in its own tenant, then in the department's list (REF-02)."""
        department = self.administered(command, ledger)
        agency = command.agency or derived_id(command.command_id, "agency")
        self.elsewhere(
            commands.ListAgency,
            command,
            agency,
            department=department.id,
            kind=command.kind,
            name=command.name,
            channel=command.channel,
            virtual_host=command.virtual_host,
            encryption_key=command.encryption_key,
            signing_key=command.signing_key,
        )
        department.add_agency(agency=agency, by=command.by, at=ledger.now())
        return ledger.save(department, answer={"agency": agency})

    @handles(commands.ConfirmAgency)
    def confirm_agency(self, command: commands.ConfirmAgency, ledger: TenantLedger) -> Answer:
        """The directory's entry still holds (REF-02)."""
        rules.tenant_is_of_the_department(self.administered(command, ledger), command.agency)
        self.elsewhere(commands.NoteConfirmation, command, command.agency)
        return ledger.save(answer={"agency": command.agency})

    @handles(commands.RegisterPerson)
    def register_person(self, command: commands.RegisterPerson, ledger: TenantLedger) -> Answer:
        """A person in their home tenant; the login name is taken first, so that no two people have it."""
        rules.tenant_is_of_the_department(self.administered(command, ledger), command.home)
        person = derived_id(command.command_id, "person")
        if command.login is not None:
            self.elsewhere(
                commands.ReserveLogin,
                command,
                self.parts.platform,
                login=self.login_stream(command.login),
                person=person,
                home=command.home,
            )
        facts = {"name": command.name, "language": command.language}
        self.elsewhere(commands.EnrolPerson, command, command.home, person=person, **facts)
        return ledger.save(answer={"person": person})

    @handles(commands.SetPassword)
    def set_password(self, command: commands.SetPassword, ledger: TenantLedger) -> Answer:
        """A new password, of which only the hash is kept; earlier sessions end."""
        self.of_person(command, ledger)
        least = ledger.book.at("accounts.password_length", ledger.now()).value
        rules.password_is_long_enough(command.password, least)
        self.elsewhere(
            commands.StorePassword,
            command,
            command.home,
            person=command.person,
            hash=self.passwords.hash(command.password),
            sessions_before=self.real_clock.now(),
        )
        return ledger.save(answer={"person": command.person})

    @handles(commands.AssignRole)
    def assign_role(self, command: commands.AssignRole, ledger: TenantLedger) -> Answer:
        """A role at one of the department's tenants."""
        department = self.administered(command, ledger)
        rules.tenant_is_of_the_department(department, command.home)
        self.elsewhere(
            commands.GrantRole,
            command,
            command.home,
            person=command.person,
            at=command.at,
            kind=rules.tenant_is_of_the_department(department, command.at),
            role=command.role,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
        )
        return ledger.save(answer={"person": command.person})

    @handles(commands.EndRole)
    def end_role(self, command: commands.EndRole, ledger: TenantLedger) -> Answer:
        """A role ends now."""
        rules.tenant_is_of_the_department(self.administered(command, ledger), command.home)
        facts = {"person": command.person, "at": command.at, "role": command.role}
        self.elsewhere(commands.WithdrawRole, command, command.home, **facts)
        return ledger.save(answer={"person": command.person})

    @handles(commands.RevokeSessions)
    def revoke_sessions(self, command: commands.RevokeSessions, ledger: TenantLedger) -> Answer:
        """Signs a person out everywhere."""
        self.of_person(command, ledger)
        facts = {"person": command.person, "sessions_before": self.real_clock.now()}
        self.elsewhere(commands.EndSessions, command, command.home, **facts)
        return ledger.save(answer={"person": command.person})

    @handles(commands.LockPerson)
    def lock_person(self, command: commands.LockPerson, ledger: TenantLedger) -> Answer:
        """Keeps a person out."""
        rules.tenant_is_of_the_department(self.administered(command, ledger), command.home)
        self.elsewhere(commands.SetLock, command, command.home, person=command.person, locked=True)
        return ledger.save(answer={"person": command.person})

    @handles(commands.UnlockPerson)
    def unlock_person(self, command: commands.UnlockPerson, ledger: TenantLedger) -> Answer:
        """Lets a person in again."""
        rules.tenant_is_of_the_department(self.administered(command, ledger), command.home)
        self.elsewhere(commands.SetLock, command, command.home, person=command.person, locked=False)
        return ledger.save(answer={"person": command.person})

    @handles(commands.OpenEngagement)
    def open_engagement(self, command: commands.OpenEngagement, ledger: TenantLedger) -> Answer:
        """Lets an auditor, who holds no role there, read some tenants for a time."""
        department = self.administered(command, ledger)
        for tenant in (command.home, *command.tenants):
            rules.tenant_is_of_the_department(department, tenant)
        auditor = self.for_tenant(command.home).get(Person, command.auditor)
        rules.auditor_is_independent(auditor, command.tenants, ledger.now())
        engagement = AuditEngagement.open(
            id=derived_id(command.command_id, "engagement"),
            auditor=command.auditor,
            tenants=command.tenants,
            scope=command.scope,
            purpose=command.purpose,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(engagement, answer={"engagement": engagement.id, "purpose": f"audit:{engagement.id}"})

    @handles(commands.CloseEngagement)
    def close_engagement(self, command: commands.CloseEngagement, ledger: TenantLedger) -> Answer:
        """Ends an engagement before its time."""
        self.administered(command, ledger)
        engagement = ledger.get(AuditEngagement, command.engagement)
        engagement.close(reason=command.reason, by=command.by, at=ledger.now())
        return ledger.save(engagement, answer={"engagement": engagement.id})
