"""People, their roles, their sign-in: both sides of each rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.accounts.domain import errors, rules
from services.accounts.domain.login import Login
from services.accounts.domain.values import ROLES_OF_KIND, Role, TenantKind
from services.accounts.tests.builders import (
    ADMINISTRATOR,
    ADMINISTRATOR_ID,
    DEPARTMENT,
    INSTALLER,
    NOW,
    SCHOOL,
    a_person_of,
    assign,
    events_of,
)
from shared.domain import Actor, NotPermittedError
from shared.ids import new_id

HOUR = timedelta(hours=1)
AT_DEPARTMENT = {"tenant": DEPARTMENT, "kind": TenantKind.DEPARTMENT}


class TestARole:
    def test_is_held_at_its_tenant_from_its_start_to_its_end(self) -> None:
        person = a_person_of()
        assign(person, Role.HEAD, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
        assert person.roles_at(SCHOOL, NOW) == frozenset()
        assert person.roles_at(SCHOOL, NOW + HOUR) == {Role.HEAD}
        assert person.roles_at(SCHOOL, NOW + 2 * HOUR) == frozenset()
        assert person.roles_at(new_id(), NOW + HOUR) == frozenset()

    def test_is_given_once_while_it_runs(self) -> None:
        person = a_person_of()
        events_of(person)
        assign(person, Role.DEPUTY)
        assign(person, Role.DEPUTY)
        assert events_of(person) == ["RoleAssigned"]

    def test_ends_now_and_can_be_given_again(self) -> None:
        person = a_person_of()
        assign(person, Role.DEPUTY)
        person.end_role(tenant=SCHOOL, role=Role.DEPUTY, by=ADMINISTRATOR, at=NOW + HOUR)
        assert person.roles_at(SCHOOL, NOW + HOUR) == frozenset()
        assign(person, Role.DEPUTY, at=NOW + 2 * HOUR)
        assert person.roles_at(SCHOOL, NOW + 2 * HOUR) == {Role.DEPUTY}

    def test_that_is_not_held_cannot_end(self) -> None:
        with pytest.raises(errors.NoSuchRoleHeldError):
            a_person_of().end_role(tenant=SCHOOL, role=Role.HEAD, by=ADMINISTRATOR, at=NOW)

    @pytest.mark.parametrize("ends_at", [NOW, NOW - HOUR])
    def test_has_a_length(self, ends_at: object) -> None:
        with pytest.raises(errors.PeriodMisstatedError):
            assign(a_person_of(), Role.HEAD, ends_at=ends_at)

    @pytest.mark.parametrize("kind", list(TenantKind))
    @pytest.mark.parametrize("role", list(Role))
    def test_fits_its_kind_of_tenant(self, kind: TenantKind, role: Role) -> None:
        person = a_person_of()
        if role in ROLES_OF_KIND[kind]:
            assign(person, role, kind=kind)
            return
        with pytest.raises(errors.RoleDoesNotFitError):
            assign(person, role, kind=kind)

    @pytest.mark.parametrize("kind", list(TenantKind))
    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.REPORTER])
    def test_of_an_auditor_or_reporter_is_never_granted(self, kind: TenantKind, role: Role) -> None:
        with pytest.raises(errors.RoleDoesNotFitError):
            assign(a_person_of(), role, kind=kind)


@pytest.mark.requirement("CON-01")
class TestAnAdministrator:
    def test_gets_no_case_role(self) -> None:
        person = a_person_of(DEPARTMENT)
        assign(person, Role.ADMINISTRATOR, **AT_DEPARTMENT)  # type: ignore[arg-type]
        with pytest.raises(errors.RolesConflictError):
            assign(person, Role.HEAD)
        with pytest.raises(errors.RolesConflictError):
            assign(person, Role.SAFEGUARDING_LEAD, **AT_DEPARTMENT)  # type: ignore[arg-type]
        assign(person, Role.ANALYST, **AT_DEPARTMENT)  # type: ignore[arg-type]

    def test_is_nobody_with_a_case_role_until_that_has_ended(self) -> None:
        person = a_person_of()
        assign(person, Role.PSYCHOLOGIST)
        with pytest.raises(errors.RolesConflictError):
            assign(person, Role.ADMINISTRATOR, **AT_DEPARTMENT)  # type: ignore[arg-type]
        person.end_role(tenant=SCHOOL, role=Role.PSYCHOLOGIST, by=ADMINISTRATOR, at=NOW)
        assign(person, Role.ADMINISTRATOR, **AT_DEPARTMENT)  # type: ignore[arg-type]

    def test_gives_themselves_nothing(self) -> None:
        person = a_person_of()
        own = Actor(id=f"person:{person.id}", roles=frozenset({"administrator"}))
        with pytest.raises(NotPermittedError) as refused:
            assign(person, Role.HEAD, by=own)
        assert refused.value.rule == "accounts.nobody_grants_to_themselves"

    def test_or_the_installation_registers_and_nobody_else(self) -> None:
        rules.administrator_registers(ADMINISTRATOR)
        rules.administrator_registers(INSTALLER)
        for by in (
            Actor(id=f"person:{ADMINISTRATOR_ID}", roles=frozenset({"head"})),
            Actor(id="system:other"),
            Actor(id="policy:install"),
        ):
            with pytest.raises(NotPermittedError):
                rules.administrator_registers(by)

    def test_does_not_register_departments(self) -> None:
        rules.installer_registers_departments(INSTALLER)
        with pytest.raises(NotPermittedError):
            rules.installer_registers_departments(ADMINISTRATOR)


class TestAPerson:
    def test_is_locked_and_unlocked_once(self) -> None:
        person = a_person_of()
        events_of(person)
        for change in (person.lock, person.lock, person.unlock, person.unlock):
            change(by=ADMINISTRATOR, at=NOW)
        assert events_of(person) == ["Locked", "Unlocked"]

    def test_with_a_new_password_has_no_earlier_sessions(self) -> None:
        person = a_person_of()
        person.set_password(hash="$argon2id$…", sessions_before=NOW, by=ADMINISTRATOR, at=NOW)
        assert person.sessions_before == NOW
        person.revoke_sessions(sessions_before=NOW + HOUR, by=ADMINISTRATOR, at=NOW + HOUR)
        assert person.sessions_before == NOW + HOUR

    def test_has_a_password_of_some_length(self) -> None:
        rules.password_is_long_enough("ә" * 12, 12)
        with pytest.raises(errors.PasswordTooShortError):
            rules.password_is_long_enough("ә" * 11, 12)


class TestALogin:
    def a_login(self) -> Login:
        """A name that somebody has."""
        return Login.reserve(id=new_id(), person=new_id(), home=SCHOOL, by=ADMINISTRATOR, at=NOW)

    def fail(self, login: Login, times: int = 1) -> None:
        """So many wrong passwords, of three that are allowed."""
        for _ in range(times):
            login.fail(most=3, until=NOW + HOUR, rule="accounts.sign_in_lock@2026-01-01", by=INSTALLER, at=NOW)

    def test_locks_with_the_last_failure_that_is_allowed(self) -> None:
        login = self.a_login()
        self.fail(login, 2)
        assert not login.is_locked_out(NOW)
        self.fail(login)
        assert login.is_locked_out(NOW + HOUR - timedelta(seconds=1))
        assert not login.is_locked_out(NOW + HOUR)

    def test_counts_nothing_while_it_is_locked(self) -> None:
        login = self.a_login()
        self.fail(login, 3)
        events_of(login)
        self.fail(login, 5)
        assert events_of(login) == []

    def test_counts_anew_after_a_success(self) -> None:
        login = self.a_login()
        self.fail(login, 2)
        login.sign_in(session=new_id(), by=ADMINISTRATOR, at=NOW)
        self.fail(login, 2)
        assert not login.is_locked_out(NOW)
