"""Two schools that share an installation, each with a matter from report to referral, on SQLite or PostgreSQL."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Self
from uuid import UUID, uuid4

from services.accounts import commands
from services.accounts.domain.values import Role
from services.accounts.tests.builders import NOW
from services.accounts.tests.world import World
from services.reports.domain.receipt import read
from services.reports.domain.values import Child, State
from shared.domain import Actor
from shared.ledger.application import LedgerApplication
from shared.runners.clockwork import Clockwork
from shared.runners.door import jsonable
from shared.testing.ledger import LedgerServer
from tests.security.test_walls import WORD, Cast, Matter, a_matter, a_safe
from tests.support.doors import all_calls
from tests.support.said import something
from tests.support.whole_house import WholeHouse

Query = Callable[..., Any]
CITY = uuid4()
LEAD = Actor(id=f"person:{uuid4()}", roles=frozenset({"department_safeguarding_lead"}), home=CITY)
ADMINISTRATOR = Actor(id=f"person:{uuid4()}", roles=frozenset({"administrator"}), home=CITY)
RULED = "Түнгі кезекшілік"
ADDRESS = "https://police.example/qorgan"
FOR_THE_CITY = {"come_up_to_department": LEAD, "delivery_log": ADMINISTRATOR, "export_directory": ADMINISTRATOR}
"""Queries of the department's own tenant, and who asks them."""
FOR_WHO_LEADS = {
    *("destructions_of_cases", "destructions_of_reports", "come_up_to_me", "trends"),
    *("arrived_matters", "show_matter"),
}
"""Queries that tell the school's head what they tell nobody else."""


@dataclass(frozen=True)
class School:
    """A school, its people, its matter."""

    tenant: UUID
    cast: Cast
    matter: Matter
    prevention: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A query with what it is asked: by whom, about which tenant, with which answers that name something of it."""

    query: Query
    application: LedgerApplication
    tenant: UUID
    by: Actor
    data: Mapping[str, Any]
    names: frozenset[str]

    def answer(self) -> str:
        """The answer as text; a refusal as its kind and code, which repeat nothing."""
        try:
            told = self.query(self.application, self.tenant, self.by, **self.data)
            return json.dumps(jsonable(told), ensure_ascii=False)
        except Exception as error:  # noqa: BLE001 - a refusal, or what a damaged tenant leads to: never an answer
            return f"{type(error).__name__}"

    def tells(self, answer: str) -> set[str]:
        """What an answer names of the tenant asked for."""
        return {name for name in self.names if name in answer}


@dataclass(frozen=True)
class TwoSchools:
    """`ours`, whose matter the other must not see; both use the same agency."""

    house: WholeHouse
    world: World
    agency: str
    ours: School
    theirs: School
    arrived: str
    """What another school's case left to `ours`."""
    people: Mapping[UUID, tuple[UUID, UUID]]
    """Each one's id at accounts, and a psychologist of it."""

    @classmethod
    @contextmanager
    def open(cls, folder: Path, server: LedgerServer | None = None) -> Iterator[Self]:
        """Both schools with a report, a case, a referral; both known to accounts, with a psychologist each."""
        (folder / "house").mkdir()
        with ExitStack() as stack:
            house = stack.enter_context(WholeHouse.open(folder / "house", server))
            accounts = house.running["accounts"].service.database if server else None
            world = stack.enter_context(World.open(folder, accounts))
            agency, schools, people = str(uuid4()), [], {}
            listed = {"agency": agency, "kind": "police", "channel": "web", "virtual_host": None}
            house.hear("accounts", "accounts.agency_registered.v1", UUID(agency), listed)
            house.settle()
            for _ in range(2):
                house.school = uuid4()
                cast = Cast.of_a_school()
                house.hear("accounts", "accounts.school_registered.v1", house.school, {"department": str(CITY)})
                a_safe(house, cast)
                schools.append(School(house.school, cast, a_matter(house, cast, agency), prevention_of(house, cast)))
                led_by_head(house, schools[-1])
                made = UUID(world.do(commands.RegisterSchool, name=f"№ {len(schools)} мектеп").body["school"])
                asked_of_agency(world, made)
                people[schools[-1].tenant] = made, world.person(made, name="Әсел Ғани")
                world.assign(people[schools[-1].tenant][1], made, Role.PSYCHOLOGIST)
            described(house, UUID(agency))
            let_time_pass(house)
            ruled(world)
            world.do(
                commands.OpenEngagement,
                auditor=world.person(world.department, name="Ғалия Үмбетова"),
                home=world.department,
                tenants=tuple(school for school, _ in people.values()),
                purpose="тексеру",
                starts_at=NOW,
                ends_at=NOW + timedelta(days=30),
            )
            arrived = left_to(house, schools[0], agency)
            yield cls(house, world, agency, schools[0], schools[1], arrived, people)

    def queries(self) -> dict[str, Asked]:
        """Every query of every service, asked about `ours` by somebody who may, with what the answer must name."""
        asked = {name: self._asked(name, call.leads_to) for name, call in all_calls().items() if call.kind == "query"}
        return dict(asked)

    def _asked(self, name: str, query: Query) -> Asked:
        service, _, method = name.partition(".")
        if service == "accounts":
            return self._asked_of_accounts(method, query)
        ids = {one: UUID(value) for one, value in vars(self.ours.matter).items() if one != "receipt"}
        ids |= {"matter": UUID(self.arrived)} if service == "cases" else {}
        application = self.house.running[service].service.application
        tenant, by = self.ours.tenant, self.ours.cast.pedagogue
        ids |= {one: UUID(value) for one, value in self.ours.prevention.items()} if service == "monitoring" else {}
        wanted: dict[str, Any] = {one: ids[one] for one in inspect.signature(query).parameters if one in ids}
        names = {*map(str, ids.values()), *(str(one.person) for one in vars(self.ours.cast).values())}
        if method == "partner_inbox":
            tenant, by = UUID(self.agency), self.ours.cast.officer
        if method in FOR_THE_CITY:
            tenant, by = CITY, FOR_THE_CITY[method]
        if method in FOR_WHO_LEADS:
            by = self.ours.cast.head
        names, said = self._told(method, names)
        return Asked(query, application, tenant, by, {**wanted, **said}, frozenset(names))

    def _told(self, method: str, names: set[str]) -> tuple[set[str], Mapping[str, Any]]:
        """What a query names of the school, where that is no id of the matter; what it is asked besides."""
        agency, receipt = UUID(self.agency), {"receipt": read(self.ours.matter.receipt)}
        psychologist = {str(self.ours.cast.psychologist.person)}
        told: Mapping[str, tuple[set[str], Mapping[str, Any]]] = {
            "agencies": ({self.agency}, {}),
            "agencies_needed": ({self.agency}, {"kinds": ["physical"]}),
            "export_directory": ({self.agency}, {}),
            "way_in": ({WORD}, {}),
            "delivery_log": ({ADDRESS}, {"agency": agency}),
            "informing_of_school_year": ({"last_on"}, {}),
            "report_deadlines": ({"due_at"}, {}),
            "case_deadlines": ({"due_at"}, {}),
            "referral_deadlines": ({"due_at"}, {}),
            "report_by_receipt": ({"received_at"}, receipt),
            "proof_of_filing": ({f"qorgan/reports/{self.ours.tenant}"}, receipt),
            "trends": ({'"total": 1'}, {}),
            "show_safety_service": (psychologist, {}),
            "service_meetings": (psychologist, {}),
            "find_child": (names, {"child": Child(name=WORD, class_name="5 «Ә»")}),
            "list_reports": (names, {"states": (State.CONFIRMED,)}),
        }
        return told.get(method, (names, {}))

    def _asked_of_accounts(self, method: str, query: Query) -> Asked:
        world = self.world
        school, person = self.people[self.ours.tenant]
        head = Actor(id=f"person:{uuid4()}", roles=frozenset({"head"}), home=school)
        data: dict[str, Any] = {"person": person} if method == "show_person" else {}
        tenant, by, names = school, head, {str(person), "Әсел Ғани"}
        if method in ("schools_of_department", "agencies", "show_agency", "engagements_of_department"):
            tenant, by = world.department, world.administrator
            names = {str(school)} if method.startswith(("schools", "engagements")) else {str(world.agency)}
            data = {"agency": world.agency} if method == "show_agency" else {}
        if method == "policy_of_department":
            names = {RULED}
        if method == "grants_of_agency":
            officer = frozenset({Role.DUTY_OFFICER.value})
            tenant, by = world.agency, Actor(id=f"person:{uuid4()}", roles=officer, home=world.agency)
            names = {str(school)}
        return Asked(query, world.application, tenant, by, data, frozenset(names))


def prevention_of(house: WholeHouse, cast: Cast) -> dict[str, str]:
    """What a school does so that nothing happens: ids as text, by what calls name them."""
    told: Mapping[str, Any] = {"audiences": ["parents"], "topics": ["response"]}
    today: Mapping[str, Any] = {"starts_on": "2026-11-23", "ends_on": "2026-11-23"}
    campaign = house.do("monitoring.plan_campaign", cast.head, title=WORD, means="letter", **told, **today)["campaign"]
    held: Mapping[str, Any] = {"title": WORD, "topics": ["response"], "held_on": "2026-11-23"}
    training = house.do("monitoring.record_staff_training", cast.head, **held, minutes=90, count=20)["training"]
    guest: Mapping[str, Any] = {"guest": "expert", "name": WORD, "organisation": WORD, "purpose": "inform"}
    invitation = house.do("monitoring.invite_guest", cast.head, invited_for="2026-12-01", **guest, **told)["invitation"]
    days: Mapping[str, Any] = {"starts_on": "2026-12-01", "ends_on": "2026-12-02"}
    trip = house.do("monitoring.plan_trip", cast.head, destination=WORD, group=WORD, leader=cast.head.person, **days)
    weighed: Mapping[str, Any] = dict.fromkeys(("likelihood", "consequence", "residual"), "low") | {"measures": WORD}
    noted: Mapping[str, Any] = {"subject": "place", "where": WORD, "risk": WORD, "owner": cast.head.person}
    risk = house.do("monitoring.note_risk", cast.head, **noted, **weighed)["risk"]
    walk = house.do("monitoring.take_walk", cast.head, where=WORD, taken_on="2026-11-23")["walk"]
    journal = {"risk": risk, "trip": trip["trip"], "walk": walk}
    return journal | {"campaign": campaign, "training": training, "invitation": invitation}


def led_by_head(house: WholeHouse, school: School) -> None:
    """What else there is at a school: its service with a meeting, a case whose glass is broken, a hold."""
    cast, case, head = school.cast, school.matter.case, school.cast.head
    contact = dict.fromkeys(("name", "role", "recognise", "reach", "will_do"), WORD) | {"leads_on_safety": True}
    house.do("reports.publish_contacts", head, contacts=[contact])
    house.do("cases.set_up_service", head)
    for one, role in ((head, "head"), (cast.psychologist, "psychologist")):
        seat: Mapping[str, Any] = {"person": one.person, "role": role, "since": "2026-11-23", "skills": WORD}
        house.do("cases.admit_member", head, **seat)
    held: Mapping[str, Any] = {"held_at": house.clock.now().isoformat(), "agenda": [WORD], "minutes": WORD}
    who = [str(head.person), str(cast.psychologist.person)]
    house.do("cases.hold_service_meeting", head, participants=who, **held)
    deputy = replace(cast.deputy, id=f"person:{uuid4()}")
    request = house.do("cases.ask_to_break_glass", deputy, case=case, reason=WORD)["request"]
    house.do("cases.break_glass", cast.psychologist, case=case, request=request)
    for service, stream in (("cases", case), ("reports", school.matter.report)):
        house.do(f"{service}.place_hold", head, stream=stream, reason=WORD)


def left_to(house: WholeHouse, school: School, agency: str) -> str:
    """A child comes from a third school, whose head lets something of the case go; the id of what arrives."""
    house.school = uuid4()
    house.hear("accounts", "accounts.school_registered.v1", house.school, {"department": str(CITY)})
    cast = Cast.of_a_school()
    a_safe(house, cast)
    case = a_matter(house, cast, agency).case
    house.do("cases.release_parts", cast.head, case=case, to=school.tenant, parts=["risk"], reason=WORD)
    [row] = house.do("cases.arrived_matters", school.cast.head, tenant=school.tenant)
    return str(row["matter"])


def described(house: WholeHouse, agency: UUID) -> None:
    """The agency's entry, with where its machine listens."""
    entry = something(all_calls()["referrals.describe_agency"].schema, {"agency": str(agency)})
    house.do("referrals.describe_agency", ADMINISTRATOR, tenant=CITY, **entry)
    house.do("referrals.set_webhook", ADMINISTRATOR, tenant=CITY, agency=agency, address=ADDRESS)


def let_time_pass(house: WholeHouse) -> None:
    """What nobody does climbs, to the department."""
    house.clock.advance(timedelta(days=60))
    clocks = [Clockwork(one.service) for one in house.running.values()]
    while sum(clock.tick() for clock in clocks):
        house.settle()


def ruled(world: World) -> None:
    """The department sets a value of its own."""
    lead = world.person(world.department, name="Үміт Қасымқызы")
    by = Actor(id=f"person:{lead}", roles=frozenset({Role.SAFEGUARDING_LEAD.value}), home=world.department)
    rule: Mapping[str, Any] = {"key": "cases.informing", "unit": "hours", "value": 12, "reason": RULED}
    world.do(commands.ChangePolicy, by=by, since=NOW.date() + timedelta(days=2), **rule)


def asked_of_agency(world: World, school: UUID) -> None:
    """The school asks the agency for a person."""
    seat: Mapping[str, Any] = {"grant": uuid4(), "matter": uuid4(), "agency": world.agency, "walled": ()}
    ends = NOW + timedelta(days=90)
    by = Actor(id="policy:when_interagency_seat_offered_ask_grant")
    world.do(commands.AskGrant, by=by, tenant=school, rights=("see_materials",), ends_at=ends, **seat)


def query_functions(service: str) -> set[Query]:
    """Every public function that a service's room `queries` has, whichever file of it: tenant after application."""
    room = importlib.import_module(f"services.{service}.queries")
    modules: list[ModuleType] = [room]
    if hasattr(room, "__path__"):
        modules += [
            importlib.import_module(f"{room.__name__}.{one.name}") for one in pkgutil.iter_modules(room.__path__)
        ]
    return {
        function
        for module in modules
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }
