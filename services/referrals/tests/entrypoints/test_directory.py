"""The directory: whom a case needs, what went stale, and out and in again as HSDS (REF-02)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.referrals import commands, queries
from services.referrals.domain.entry import DirectoryEntry, entry_stream
from services.referrals.tests import builders as b
from services.referrals.tests.world import World
from shared.domain import InvalidInputError, NotPermittedError, UnknownError

HEALTH_DETAILS = {
    **b.DETAILS,
    "name": "№ 7 қалалық емхана",
    "description": "",
    "email": None,
    "website": "",
    "contact_person": "",
    "contact_role": "",
    "needed_for": ["neglect"],
    "services": ["hospital", "outpatient_care"],
    "information_needed": "",
    "steps": [],
}
FOREIGN = b.an_id("Басқа облыстың полициясы")


@pytest.fixture
def city(world: World) -> World:
    """Two agencies of the department, described; one of another department."""
    world.hear_of_agency(b.POLICE, "police", department=str(b.DEPARTMENT))
    world.hear_of_agency(b.HEALTH, "health", department=str(b.DEPARTMENT))
    world.hear_of_agency(FOREIGN, "police", department=str(b.OTHER_DEPARTMENT))
    described(world, b.POLICE, b.DETAILS)
    described(world, b.HEALTH, HEALTH_DETAILS)
    world.settle()
    return world


def described(world: World, agency: UUID, details: Mapping[str, Any]) -> None:
    """The department's administrator says what an agency is."""
    world.do(commands.DescribeAgency, b.DEPARTMENT, b.ADMINISTRATOR, agency=agency, details=details)


def entry(world: World, agency: UUID) -> DirectoryEntry:
    """As it stands."""
    return world.application.for_tenant(agency).get(DirectoryEntry, entry_stream(agency))


def exported(world: World) -> list[dict[str, Any]]:
    """The department's file."""
    told = queries.export_directory(world.application, b.DEPARTMENT, b.ADMINISTRATOR)
    return copy.deepcopy(told["organizations"])


def imported(world: World, organizations: Any, **facts: Any) -> Any:
    """What the import answers."""
    answer = world.do(commands.ImportDirectory, b.DEPARTMENT, b.ADMINISTRATOR, organizations=organizations, **facts)
    return answer.body


class TestWhomACaseNeeds:
    @pytest.mark.requirement("REF-02")
    def test_is_said_by_entries_and_by_the_policy(self, city: World) -> None:
        """Each with the kinds of case that are the reason; kinds of body that the directory lacks are named."""
        told = queries.agencies_needed(city.application, b.SCHOOL, b.PEDAGOGUE, kinds=["neglect"])
        because = {one["agency"]: one["because"] for one in told["agencies"]}
        assert because[str(b.HEALTH)] == ["neglect"]
        assert told["rule"].startswith("referrals.bodies_needed@")
        assert "guardianship" in told["missing"]
        assert "health" not in told["missing"]

    @pytest.mark.requirement("REF-02")
    def test_is_nobody_where_no_kind_is_named(self, city: World) -> None:
        """Nothing is guessed."""
        told = queries.agencies_needed(city.application, b.SCHOOL, b.PEDAGOGUE, kinds=[])
        assert (told["agencies"], told["missing"]) == ([], [])


class TestAnEntry:
    @pytest.mark.requirement("REF-02")
    def test_is_stale_after_180_days_until_somebody_confirms_it(self, city: World) -> None:
        """Not a moment before; confirming by its own department alone makes it fresh."""

        def stale() -> bool:
            rows = queries.agencies(city.application, b.SCHOOL, b.PEDAGOGUE)["agencies"]
            return bool({row["agency"]: row["entry"] for row in rows}[str(b.POLICE)]["stale"])

        said_at = entry(city, b.POLICE).confirmed_at
        assert entry(city, b.POLICE).confirm_by - said_at >= timedelta(days=180)
        assert entry(city, b.POLICE).rule.startswith("referrals.entry_confirmed@")
        city.clock.advance(entry(city, b.POLICE).confirm_by - city.clock.now() - timedelta(seconds=1))
        assert not stale()
        city.clock.advance(timedelta(seconds=1))
        assert stale()
        with pytest.raises(NotPermittedError):
            city.do(commands.ConfirmEntry, b.DEPARTMENT, b.HEAD, agency=b.POLICE)
        with pytest.raises(UnknownError):
            city.do(commands.ConfirmEntry, b.OTHER_DEPARTMENT, b.ADMINISTRATOR, agency=b.POLICE)
        assert stale()
        city.do(commands.ConfirmEntry, b.DEPARTMENT, b.ADMINISTRATOR, agency=b.POLICE)
        assert not stale()
        assert entry(city, b.POLICE).details == b.DETAILS


class TestTheFile:
    @pytest.mark.requirement("REF-02")
    def test_goes_out_and_comes_in_again_as_it_was(self, city: World) -> None:
        """Whatever the entries said meanwhile."""
        file = exported(city)
        described(city, b.POLICE, {**b.DETAILS, "name": "Басқа", "phones": []})
        described(city, b.HEALTH, {**HEALTH_DETAILS, "forms": [], "services": ["shelter"]})
        assert exported(city) != file
        assert imported(city, file) == {"agencies": [one["id"] for one in file]}
        assert entry(city, b.POLICE).details == b.DETAILS
        assert entry(city, b.HEALTH).details == HEALTH_DETAILS
        assert exported(city) == file

    @pytest.mark.requirement("REF-02")
    def test_holds_what_the_specification_requires_and_no_foreign_agency(self, city: World) -> None:
        """An id for every object; an organization's name and description; a service's name and status."""
        file = exported(city)
        assert {one["id"] for one in file} == {str(b.POLICE), str(b.HEALTH)}

        def objects(value: Any) -> list[dict[str, Any]]:
            if isinstance(value, list):
                return [found for one in value for found in objects(one)]
            return [value, *objects(list(value.values()))] if isinstance(value, dict) else []

        assert len(objects(file)) > 20
        assert all(one["id"] for one in objects(file))
        for one in file:
            assert one["name"]
            assert one["description"]
            [service] = one["services"]
            assert service["name"]
            assert service["status"] == "active"
            assert all(attribute["link_id"] == service["id"] for attribute in service["attributes"])

    @pytest.mark.requirement("REF-02")
    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            (lambda o: o.pop("id"), "id", "required"),
            (lambda o: o.update(id="полиция"), "id", "not_an_id"),
            (lambda o: o.update(id=7), "id", "not_text"),
            (lambda o: o.update(id=str(b.HEALTH)), "id", "named_twice"),
            (lambda o: o.update(id=str(b.an_id("белгісіз"))), "id", "unknown_agency"),
            (lambda o: o.update(id=str(FOREIGN)), "id", "unknown_agency"),
            (lambda o: o.update(name=" "), "name", "required"),
            (lambda o: o.update(name="ұ" * 501), "name", "too_long"),
            (lambda o: o.pop("description"), "description", "required"),
            (lambda o: o.update(email="кезекші"), "email", "not_an_email"),
            (lambda o: o.update(phones="102"), "phones", "not_a_list"),
            (lambda o: o.update(phones=["102"]), "phones.0", "not_an_object"),
            (lambda o: o["phones"][1].pop("id"), "phones.1.id", "required"),
            (lambda o: o["contacts"][0].update(title=["кезекші"]), "contacts.0.title", "not_text"),
            (lambda o: o["services"][0].pop("status"), "services.0.status", "required"),
            (lambda o: o["services"][0].update(status="ашық"), "services.0.status", "unknown_choice"),
            (lambda o: o["services"][0].update(name=None), "services.0.name", "required"),
            (lambda o: o["services"][0]["languages"][0].update(code="xx"), "services.0.languages", "unknown_choice"),
            (
                lambda o: o["services"][0]["attributes"][0]["taxonomy_term"].update(code="needed_for:жел"),
                "services.0.attributes",
                "unknown_choice",
            ),
            (lambda o: o["services"][0].update(application_process=3), "services.0.application_process", "not_a_list"),
        ],
    )
    def test_with_a_fault_is_refused_by_field_and_nothing_of_it_enters(
        self, city: World, change: Any, field: str, code: str
    ) -> None:
        """The other organization, which is right, is not entered either."""
        health, police = sorted(exported(city), key=lambda one: one["id"] != str(b.HEALTH))
        health["description"] = "Басқаша"
        change(police)
        with pytest.raises(InvalidInputError) as refused:
            imported(city, [health, police])
        assert refused.value.facts["faults"] == {f"organizations.1.{field}": [code]}
        assert entry(city, b.HEALTH).details == HEALTH_DETAILS
        assert entry(city, b.POLICE).details == b.DETAILS

    @pytest.mark.requirement("REF-02")
    def test_is_told_all_its_faults_at_once(self, city: World) -> None:
        """Of every organization, strangers among them."""
        first, second = exported(city)
        first["name"], second["email"] = "", "қате"
        stranger = {"id": str(FOREIGN), "name": "Бөтен", "description": "Бөтен"}
        with pytest.raises(InvalidInputError) as refused:
            imported(city, [first, second, stranger])
        assert set(refused.value.facts["faults"]) == {
            "organizations.0.name",
            "organizations.1.email",
            "organizations.2.id",
        }

    @pytest.mark.requirement("REF-02")
    def test_is_the_administrators_alone(self, city: World) -> None:
        """Nobody else takes it out or brings it in; another department's file is empty and enters nothing here."""
        file = exported(city)
        with pytest.raises(NotPermittedError):
            queries.export_directory(city.application, b.DEPARTMENT, b.HEAD)
        with pytest.raises(NotPermittedError):
            city.do(commands.ImportDirectory, b.DEPARTMENT, b.HEAD, organizations=file)
        told = queries.export_directory(city.application, b.OTHER_DEPARTMENT, b.ADMINISTRATOR)
        assert told == {"organizations": []}
        with pytest.raises(InvalidInputError) as refused:
            city.do(commands.ImportDirectory, b.OTHER_DEPARTMENT, b.ADMINISTRATOR, organizations=file)
        assert list(refused.value.facts["faults"].values()) == [["unknown_agency"]] * 2

    @pytest.mark.requirement("REF-02")
    def test_sent_again_under_its_id_changes_nothing(self, city: World) -> None:
        """Whoever heard no answer asks again; an entry of its own id is entered once."""
        file, command_id = exported(city), uuid4()
        first = imported(city, file, command_id=command_id)
        version = entry(city, b.POLICE).version
        assert imported(city, file, command_id=command_id) == first
        assert entry(city, b.POLICE).version == version
