"""Signing in, and what a session buys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.accounts import commands
from services.accounts.domain.errors import SignInRefusedError
from services.accounts.domain.login import Login
from services.accounts.domain.values import Audience, Role
from services.accounts.tests.builders import NOW
from services.accounts.tests.world import PASSWORD, REAL_NOW, World
from shared.domain import NotPermittedError, UnknownError
from shared.ids import new_id
from shared.tokens import TokenRefusedError

LOGIN = "Ұлпан"


def a_head(city: World) -> UUID:
    """The school's head, who signs in as LOGIN."""
    person = city.person(city.school, LOGIN)
    city.assign(person, city.school, Role.HEAD)
    return person


def an_auditor(city: World, *tenants: UUID, days: int = 10) -> tuple[UUID, UUID]:
    """Somebody who signs in as LOGIN, and their engagement in reports."""
    auditor = city.person(city.department, LOGIN)
    opened = city.do(
        commands.OpenEngagement,
        auditor=auditor,
        home=city.department,
        tenants=tenants or (city.school,),
        scope=(Audience.REPORTS,),
        purpose="Жылдық тексеру",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=days),
    )
    return auditor, UUID(opened.body["engagement"])


class TestSigningIn:
    @pytest.mark.parametrize("login", [LOGIN, "  ұЛПАН ", "ұлпан"])
    def test_takes_the_name_in_any_case_and_the_password_exactly(self, city: World, login: str) -> None:
        person = a_head(city)
        signed_in = city.application.sign_in(login=login, password=PASSWORD)
        assert (signed_in["person"], signed_in["home"]) == (person, city.school)
        with pytest.raises(SignInRefusedError):
            city.session(login, PASSWORD.upper())

    def test_refuses_unknown_wrong_passwordless_and_locked_alike(self, city: World) -> None:
        person = a_head(city)
        city.do(commands.RegisterPerson, home=city.school, name="Қасым", login="қасым")
        city.do(commands.LockPerson, person=person, home=city.school)
        for login, password in ((LOGIN, PASSWORD), (LOGIN, "қате"), ("ешкім", PASSWORD), ("қасым", ""), ("қасым", "x")):
            with pytest.raises(SignInRefusedError) as refused:
                city.session(login, password)
            assert refused.value.facts == {}
        city.do(commands.UnlockPerson, person=person, home=city.school)
        assert city.session(LOGIN)

    def test_locks_a_name_after_five_failures_for_a_quarter_of_an_hour(self, city: World) -> None:
        a_head(city)
        for _ in range(5):
            with pytest.raises(SignInRefusedError):
                city.session(LOGIN, "қате құпия сөз")
        with pytest.raises(SignInRefusedError):
            city.session(LOGIN)
        city.clock.advance(timedelta(minutes=14, seconds=59))
        with pytest.raises(SignInRefusedError):
            city.session(LOGIN)
        city.clock.advance(timedelta(seconds=1))
        assert city.session(LOGIN)

    def test_stores_no_login_name_and_no_password(self, city: World, tmp_path: object) -> None:
        a_head(city)
        platform = city.application.for_tenant(city.application.parts.platform)
        [reserved] = platform.events(city.application.login_stream(LOGIN))
        assert LOGIN not in str(vars(reserved[1]))
        person = city.application.for_tenant(city.school).find(Login, city.application.login_stream(LOGIN))
        assert person is None

    def test_leaves_an_unknown_name_in_the_access_log_as_a_hash_only(self, city: World) -> None:
        with pytest.raises(SignInRefusedError):
            city.session("ешкім")
        platform = city.application.parts.platform
        assert city.denials(platform) == [("system:sign_in", "accounts.unknown")]

    def test_gives_a_name_to_one_person(self, city: World) -> None:
        from services.accounts.domain.errors import AlreadyRegisteredError

        a_head(city)
        with pytest.raises(AlreadyRegisteredError):
            city.person(city.department, LOGIN.upper())


class TestATokenForASession:
    def test_carries_the_roles_held_at_the_tenant(self, city: World) -> None:
        person = a_head(city)
        issued = city.application.issue_token(
            session=city.session(LOGIN), audience=Audience.REPORTS, tenant=city.school
        )
        claims = city.verifier("reports").person(issued["token"], REAL_NOW)
        assert (claims.actor.person, claims.actor.roles) == (person, frozenset({"head"}))
        assert (claims.tenant, claims.actor.home, claims.actor.purpose) == (city.school, city.school, "")

    def test_is_for_one_service_and_a_minute_of_real_time(self, city: World) -> None:
        a_head(city)
        issued = city.application.issue_token(
            session=city.session(LOGIN), audience=Audience.REPORTS, tenant=city.school
        )
        with pytest.raises(TokenRefusedError):
            city.verifier("cases").person(issued["token"], REAL_NOW)
        with pytest.raises(TokenRefusedError):
            city.verifier("reports").person(issued["token"], REAL_NOW + timedelta(seconds=60))

    @pytest.mark.requirement("CON-08")
    def test_is_not_given_where_nothing_is_held(self, city: World) -> None:
        a_head(city)
        session = city.session(LOGIN)
        for tenant in (city.department, city.agency, new_id()):
            with pytest.raises(NotPermittedError) as refused:
                city.application.issue_token(session=session, audience=Audience.CASES, tenant=tenant)
            assert refused.value.rule == "accounts.person_holds_a_role_there"
        assert len(city.denials(city.school)) == 3

    def test_is_not_given_after_the_role_ended(self, city: World) -> None:
        person = a_head(city)
        city.do(commands.EndRole, person=person, home=city.school, at=city.school, role=Role.HEAD)
        with pytest.raises(NotPermittedError):
            city.application.issue_token(session=city.session(LOGIN), audience=Audience.CASES, tenant=city.school)

    @pytest.mark.parametrize("change", ["password", "sign-out", "lock"])
    def test_is_not_given_for_a_session_that_was_ended(self, city: World, change: str) -> None:
        person = a_head(city)
        session = city.session(LOGIN)
        city.real_clock.advance(timedelta(seconds=1))
        asked: dict[str, Any] = {"person": person, "home": city.school}
        match change:
            case "password":
                city.do(commands.SetPassword, password="жаңа құпия сөз 1", **asked)
            case "sign-out":
                city.do(commands.RevokeSessions, **asked)
            case _:
                city.do(commands.LockPerson, **asked)
        with pytest.raises(TokenRefusedError) as refused:
            city.application.issue_token(session=session, audience=Audience.CASES, tenant=city.school)
        assert refused.value.reason == "session_ended"

    def test_is_not_given_for_an_old_session(self, city: World) -> None:
        a_head(city)
        session = city.session(LOGIN)
        city.real_clock.advance(timedelta(hours=8))
        with pytest.raises(TokenRefusedError):
            city.application.issue_token(session=session, audience=Audience.CASES, tenant=city.school)

    @pytest.mark.requirement("REP-02")
    def test_of_the_departments_safeguarding_lead_counts_at_its_schools(self, city: World) -> None:
        lead = city.person(city.department, LOGIN)
        city.assign(lead, city.department, Role.SAFEGUARDING_LEAD)
        issued = city.application.issue_token(
            session=city.session(LOGIN), audience=Audience.REPORTS, tenant=city.school
        )
        assert issued["roles"] == ["department_safeguarding_lead"]

    @pytest.mark.requirement("CON-01")
    def test_of_an_administrator_opens_no_school(self, city: World) -> None:
        session = city.session("әкімші")
        issued = city.application.issue_token(session=session, audience=Audience.ACCOUNTS, tenant=city.department)
        assert issued["roles"] == ["administrator"]
        with pytest.raises(NotPermittedError):
            city.application.issue_token(session=session, audience=Audience.CASES, tenant=city.school)

    def test_of_a_partners_duty_officer_is_for_the_agency(self, city: World) -> None:
        officer = city.person(city.agency, LOGIN)
        city.assign(officer, city.agency, Role.DUTY_OFFICER)
        session = city.session(LOGIN)
        issued = city.application.issue_token(session=session, audience=Audience.REFERRALS, tenant=city.agency)
        assert issued["roles"] == ["partner_duty_officer"]
        with pytest.raises(NotPermittedError):
            city.application.issue_token(session=session, audience=Audience.REFERRALS, tenant=city.school)


class TestAnAuditorsToken:
    def test_carries_the_auditors_role_and_the_engagement(self, city: World) -> None:
        auditor, engagement = an_auditor(city)
        issued = city.application.issue_token(
            session=city.session(LOGIN),
            audience=Audience.REPORTS,
            tenant=city.school,
            purpose=f"audit:{engagement}",
        )
        claims = city.verifier("reports").person(issued["token"], REAL_NOW)
        assert (claims.actor.person, claims.actor.roles) == (auditor, frozenset({"auditor"}))
        assert claims.actor.purpose == f"audit:{engagement}"

    @pytest.mark.parametrize("outside", ["tenant", "service", "time", "engagement", "closed", "nonsense"])
    def test_is_not_given_outside_the_engagement(self, city: World, outside: str) -> None:
        _, engagement = an_auditor(city)
        asked: dict[str, Any] = {"audience": Audience.REPORTS, "tenant": city.school, "purpose": f"audit:{engagement}"}
        match outside:
            case "tenant":
                asked["tenant"] = city.agency
            case "service":
                asked["audience"] = Audience.CASES
            case "time":
                city.clock.advance(timedelta(days=10))
            case "engagement":
                asked["purpose"] = f"audit:{new_id()}"
            case "closed":
                city.do(commands.CloseEngagement, engagement=engagement, reason="Аяқталды")
            case _:
                asked["purpose"] = "audit:all of them"
        with pytest.raises(NotPermittedError) as refused:
            city.application.issue_token(session=city.session(LOGIN), **asked)
        assert refused.value.rule == "accounts.auditor_is_inside_an_engagement"
        assert city.denials(city.department)[-1][1] == refused.value.rule

    def test_is_not_given_to_another(self, city: World) -> None:
        _, engagement = an_auditor(city)
        city.person(city.department, "бөтен")
        with pytest.raises(NotPermittedError):
            city.application.issue_token(
                session=city.session("бөтен"),
                audience=Audience.REPORTS,
                tenant=city.school,
                purpose=f"audit:{engagement}",
            )

    def test_is_not_given_without_naming_the_engagement(self, city: World) -> None:
        an_auditor(city)
        with pytest.raises(NotPermittedError):
            city.application.issue_token(session=city.session(LOGIN), audience=Audience.REPORTS, tenant=city.school)


@pytest.mark.requirement("REP-03")
class TestAReportersToken:
    def test_has_a_pseudonym_of_its_own_each_time(self, city: World) -> None:
        first, second = (city.application.issue_reporter_token(tenant=city.school) for _ in range(2))
        claims = city.verifier("reports").person(first["token"], REAL_NOW)
        assert claims.actor.id == f"reporter:{first['reporter']}"
        assert (claims.actor.roles, claims.actor.home, claims.tenant) == (frozenset({"reporter"}), None, city.school)
        assert first["reporter"] != second["reporter"]

    def test_is_for_schools_only(self, city: World) -> None:
        for tenant in (city.department, city.agency, new_id()):
            with pytest.raises(UnknownError):
                city.application.issue_reporter_token(tenant=tenant)
