"""The administrator's commands and the questions about tenants and people, on a real ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.accounts import commands, queries
from services.accounts.domain.errors import (
    AlreadyRegisteredError,
    AuditorNotIndependentError,
    NotOfThisDepartmentError,
    PasswordTooShortError,
)
from services.accounts.domain.person import Person
from services.accounts.domain.school import School
from services.accounts.domain.values import AgencyChannel, AgencyKind, Audience, Language, Role
from services.accounts.publications import PUBLICATIONS
from services.accounts.tests.builders import ENCRYPTION_KEY, INSTALLER, NOW, PUBLIC_KEY
from services.accounts.tests.world import PASSWORD, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id


def changes(city: World) -> list[tuple[Any, dict[str, Any]]]:
    """Everything that only administrators may ask."""
    person = {"person": new_id(), "home": city.school}
    role = person | {"at": city.school, "role": Role.HEAD}
    period = {"starts_at": NOW, "ends_at": NOW + timedelta(days=1)}
    return [
        (commands.RegisterSchool, {"name": "№ 1"}),
        (commands.RegisterAgency, {"kind": AgencyKind.NGO, "name": "Қор"}),
        (commands.ConfirmAgency, {"agency": city.agency}),
        (commands.RegisterPerson, {"home": city.school, "name": "Әли"}),
        (commands.SetPassword, person | {"password": PASSWORD}),
        (commands.AssignRole, role),
        (commands.EndRole, role),
        (commands.RevokeSessions, person),
        (commands.LockPerson, person),
        (commands.UnlockPerson, person),
        (
            commands.OpenEngagement,
            {"auditor": new_id(), "home": city.department, "tenants": (city.school,), "purpose": "x"} | period,
        ),
        (commands.CloseEngagement, {"engagement": new_id(), "reason": "x"}),
    ]


@pytest.mark.requirement("CON-01")
def test_only_the_administrator_administers_and_denials_are_recorded(city: World) -> None:
    head = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
    for command, asked in changes(city):
        with pytest.raises(NotPermittedError):
            city.do(command, by=head, **asked)
    assert city.denials(city.department) == [(head.id, "accounts.administrator_registers")] * len(changes(city))


class TestATenant:
    def test_of_a_department_comes_with_the_installation(self, city: World) -> None:
        with pytest.raises(NotPermittedError):
            city.do(commands.RegisterDepartment, tenant=new_id(), name="Өзге басқарма")
        with pytest.raises(AlreadyRegisteredError):
            city.do(commands.RegisterDepartment, by=INSTALLER, name="Тағы да")

    @pytest.mark.requirement("CON-08")
    def test_of_a_school_is_the_schools_own_log(self, city: World) -> None:
        [(_, registered)] = city.application.for_tenant(city.school).events(city.school)
        assert isinstance(registered, School.Registered)
        assert registered.department == city.department

    def test_is_made_once_however_often_it_is_asked(self, city: World) -> None:
        command_id = new_id()
        asked = [city.do(commands.RegisterSchool, command_id=command_id, name="№ 5 мектеп").body for _ in range(2)]
        assert asked[0] == asked[1]
        assert len(queries.schools_of_department(city.application, city.department, INSTALLER)) == 2

    def test_is_one_thing(self, city: World) -> None:
        with pytest.raises(AlreadyRegisteredError):
            city.do(commands.RegisterAgency, agency=city.school, kind=AgencyKind.NGO, name="Қор")


class TestAPerson:
    def test_lives_in_one_of_the_departments_tenants(self, city: World) -> None:
        with pytest.raises(NotOfThisDepartmentError):
            city.person(new_id())
        for home in (city.department, city.school, city.agency):
            assert city.application.for_tenant(home).get(Person, city.person(home)).home == home

    def test_gets_roles_at_the_departments_tenants_only(self, city: World) -> None:
        person = city.person(city.school)
        with pytest.raises(NotOfThisDepartmentError):
            city.assign(person, new_id(), Role.HEAD, home=city.school)
        with pytest.raises(UnknownError):
            city.assign(new_id(), city.school, Role.HEAD)

    def test_sets_the_own_password_and_signs_out(self, city: World) -> None:
        person, other = city.person(city.school, "ұлпан"), city.person(city.school, "әлия")
        own = Actor(id=f"person:{person}", roles=frozenset({"head"}), home=city.school)
        asked = {"person": person, "home": city.school, "tenant": city.school}
        city.do(commands.SetPassword, by=own, password="менің жаңа құпия сөзім", **asked)
        city.do(commands.RevokeSessions, by=own, **asked)
        with pytest.raises(NotPermittedError):
            city.do(commands.SetPassword, by=own, password=PASSWORD, **(asked | {"person": other}))
        assert city.session("ұлпан", "менің жаңа құпия сөзім")

    def test_has_a_password_of_twelve_characters_or_more(self, city: World) -> None:
        person = city.person(city.school, "ұлпан")
        with pytest.raises(PasswordTooShortError):
            city.do(commands.SetPassword, person=person, home=city.school, password="қысқа")


class TestAnEngagement:
    def test_is_refused_to_an_auditor_who_holds_a_role_there(self, city: World) -> None:
        auditor = city.person(city.school)
        city.assign(auditor, city.school, Role.TRAINER)
        asked: dict[str, Any] = {
            "auditor": auditor,
            "home": city.school,
            "purpose": "Тексеру",
            "starts_at": NOW,
            "ends_at": NOW + timedelta(days=1),
        }
        with pytest.raises(AuditorNotIndependentError):
            city.do(commands.OpenEngagement, tenants=(city.school,), **asked)
        with pytest.raises(NotOfThisDepartmentError):
            city.do(commands.OpenEngagement, tenants=(new_id(),), **asked)
        city.do(commands.OpenEngagement, tenants=(city.agency,), **asked)

    def test_is_listed_for_administrator_and_auditor_with_its_state(self, city: World) -> None:
        auditor = city.person(city.department)
        opened = city.do(
            commands.OpenEngagement,
            auditor=auditor,
            home=city.department,
            tenants=(city.school,),
            scope=(Audience.CASES,),
            purpose="Тексеру",
            starts_at=NOW,
            ends_at=NOW + timedelta(days=1),
        ).body
        city.do(commands.CloseEngagement, engagement=UUID(opened["engagement"]), reason="Бітті")
        for by in (city.administrator, Actor(id=f"person:{auditor}")):
            [row] = queries.engagements_of_department(city.application, city.department, by)
            assert (str(row["engagement"]), row["state"], row["scope"]) == (opened["engagement"], "closed", ["cases"])
        assert (
            queries.engagements_of_department(city.application, city.department, Actor(id=f"person:{new_id()}")) == []
        )


class TestTheDirectory:
    @pytest.mark.requirement("REF-02")
    def test_shows_agencies_to_every_tenant_of_the_department(self, city: World) -> None:
        city.do(
            commands.RegisterAgency,
            kind=AgencyKind.HEALTH,
            name="№ 4 емхана",
            channel=AgencyChannel.AMQP,
            virtual_host="partner-health",
            encryption_key=ENCRYPTION_KEY,
            signing_key=PUBLIC_KEY,
        )
        anybody = Actor(id=f"reporter:{new_id()}", roles=frozenset({"reporter"}))
        for tenant in (city.department, city.school, city.agency):
            found = queries.agencies(city.application, tenant, anybody)
            assert [row["kind"] for row in found] == ["health", "police"]
        [health] = queries.agencies(city.application, city.school, anybody, kind=AgencyKind.HEALTH)
        assert health["encryption_key"] == ENCRYPTION_KEY

    @pytest.mark.requirement("REF-02")
    def test_shows_which_entries_went_stale(self, city: World) -> None:
        """180 days, counted from the day after: the entry holds to the end of the last."""
        shown = queries.show_agency(city.application, city.school, INSTALLER, agency=city.agency)
        city.clock.at = shown["confirm_by"] - timedelta(seconds=1)
        assert not queries.show_agency(city.application, city.school, INSTALLER, agency=city.agency)["stale"]
        city.clock.at = shown["confirm_by"]
        assert queries.show_agency(city.application, city.school, INSTALLER, agency=city.agency)["stale"]
        city.do(commands.ConfirmAgency, agency=city.agency)
        assert not queries.show_agency(city.application, city.school, INSTALLER, agency=city.agency)["stale"]

    def test_knows_no_foreign_agency(self, city: World) -> None:
        with pytest.raises(UnknownError):
            queries.show_agency(city.application, city.school, INSTALLER, agency=new_id())
        with pytest.raises(UnknownError):
            queries.agencies(city.application, new_id(), INSTALLER)


class TestPeopleOfATenant:
    def test_know_each_others_names_and_roles_there(self, city: World) -> None:
        head, teacher = city.person(city.school, name="Әсия"), city.person(city.school, name="Ғани")
        city.assign(head, city.school, Role.HEAD)
        by = Actor(id=f"person:{teacher}", roles=frozenset({"class_teacher"}))
        rows = queries.people_of_tenant(city.application, city.school, by)
        assert {row["name"] for row in rows} == {"Әсия", "Ғани"}
        shown = queries.show_person(city.application, city.school, by, person=head)
        assert [role["role"] for role in shown["roles"]] == ["head"]

    @pytest.mark.requirement("CON-08")
    def test_are_not_those_of_another(self, city: World) -> None:
        city.person(city.department)
        by = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
        assert queries.people_of_tenant(city.application, city.school, by) == []

    def test_are_unknown_to_whoever_only_reports(self, city: World) -> None:
        reporter = Actor(id=f"reporter:{new_id()}", roles=frozenset({"reporter"}))
        with pytest.raises(NotPermittedError):
            queries.people_of_tenant(city.application, city.school, reporter)
        assert city.denials(city.school) == [(reporter.id, "accounts.colleagues_know_each_other")]

    @pytest.mark.requirement("CON-08")
    def test_are_unknown_to_another_school_of_the_department_to_the_letter(self, city: World) -> None:
        """Who has an id of a colleague elsewhere learns neither name nor that there is one; the log knows the trial."""
        teacher = city.person(city.school, name="Ғани")
        other = UUID(city.do(commands.RegisterSchool, name="№ 40 мектеп").body["school"])
        by = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
        refusals = []
        for person in (teacher, new_id()):
            with pytest.raises(UnknownError) as refused:
                queries.show_person(city.application, other, by, person=person, home=city.school)
            refusals.append((refused.value.code, refused.value.facts))
        assert refusals[0] == refusals[1]
        assert city.denials(other) == [(by.id, "accounts.unknown")] * 2
        lead = Actor(id=f"person:{new_id()}", roles=frozenset({"administrator"}))
        shown = queries.show_person(city.application, city.department, lead, person=teacher, home=city.school)
        assert shown["name"] == "Ғани"

    def test_from_elsewhere_show_the_roles_that_count_here_only(self, city: World) -> None:
        person = city.person(city.department, name="Құралай")
        city.assign(person, city.department, Role.ANALYST)
        city.assign(person, city.school, Role.TRAINER, home=city.department)
        by = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
        shown = queries.show_person(city.application, city.school, by, person=person, home=city.department)
        assert [role["role"] for role in shown["roles"]] == ["trainer"]
        with pytest.raises(UnknownError):
            queries.show_person(city.application, city.school, by, person=person, home=new_id())


def test_public_events_hold_ids_codes_and_public_keys_only(city: World) -> None:
    person = city.person(city.school, name="Жәнібек Өтепұлы")
    bodies = {}
    for tenant, stream in ((city.school, city.school), (city.agency, city.agency), (city.school, person)):
        for _, event in city.application.for_tenant(tenant).events(stream):
            if event.TOPIC in PUBLICATIONS:
                form = PUBLICATIONS[event.TOPIC](event)
                assert form is not None
                bodies[form.type] = form.body
    assert bodies == {
        "accounts.school_registered.v1": {
            "school": city.school,
            "department": city.department,
            "language": Language.KAZAKH.value,
        },
        "accounts.agency_registered.v1": {
            "agency": city.agency,
            "kind": "police",
            "channel": "web",
            "virtual_host": None,
            "encryption_key": None,
            "signing_key": None,
            "department": city.department,
        },
        "accounts.person_registered.v1": {"person": person},
    }
