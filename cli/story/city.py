"""The sample city: a department, three schools with their people, three agencies, an auditor; made over the API."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

from cli.api_client import Api, until
from cli.partner_client import AgencyKeys
from cli.rehearsal import write_agency
from cli.story import texts
from shared.clock import ShiftedClock

START_SECONDS = 60.0


@dataclass
class Seat:
    """Somebody who can sign in: id, login, password."""

    person: str
    login: str
    password: str = field(repr=False)


@dataclass
class Place:
    """A school or an agency, with the people who act for it by their role in the story."""

    id: str
    name: str
    seats: dict[str, Seat]
    apis: dict[str, Api] = field(default_factory=dict)

    @property
    def people(self) -> Mapping[str, str]:
        """Ids of persons by their role in the story."""
        return {role: seat.person for role, seat in self.seats.items()}

    def api(self, role: str) -> Api:
        """The API as that person uses it, in this place's tenant."""
        return self.apis[role]

    def sign_in(self, anonymous: Api) -> None:
        """Signs everybody in."""
        for role, seat in self.seats.items():
            self.apis[role] = anonymous.sign_in(seat.login, seat.password, tenant=self.id)


School: TypeAlias = Place
Agency: TypeAlias = Place


@dataclass
class City:
    """The city as it stands in `city.json`, signed in."""

    clock: ShiftedClock
    department: str
    schools: list[School]
    agencies: dict[str, Agency]
    auditor: Seat
    engagement: str
    virtual_host: str

    def save(self, file: Path) -> None:
        """Keeps who is who for the next run of a demo: passwords of made-up people, in a file of mode 0600."""
        content = {
            "department": self.department,
            "schools": [_plain(school) for school in self.schools],
            "agencies": {kind: _plain(agency) for kind, agency in self.agencies.items()},
            "auditor": vars(self.auditor),
            "engagement": self.engagement,
            "virtual_host": self.virtual_host,
        }
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(content, out, ensure_ascii=False, indent=1)

    @classmethod
    def load(cls, file: Path, clock: ShiftedClock) -> City:
        """The city that was saved; nobody is signed in yet."""
        content = json.loads(file.read_text())
        return cls(
            clock=clock,
            department=content["department"],
            schools=[_place(school) for school in content["schools"]],
            agencies={kind: _place(agency) for kind, agency in content["agencies"].items()},
            auditor=Seat(**content["auditor"]),
            engagement=content["engagement"],
            virtual_host=content["virtual_host"],
        )

    def sign_in(self, address: str) -> None:
        """Signs everybody in at an address."""
        anonymous = Api(address)
        for place in (*self.schools, *self.agencies.values()):
            place.sign_in(anonymous)


def _plain(place: Place) -> dict[str, Any]:
    return {"id": place.id, "name": place.name, "seats": {role: vars(seat) for role, seat in place.seats.items()}}


def _place(content: Mapping[str, Any]) -> Place:
    return Place(content["id"], content["name"], {role: Seat(**seat) for role, seat in content["seats"].items()})


class CityMaker:
    """Makes the city as the department's administrator would, over the API."""

    def __init__(self, administrator: Api, department: str, clock: ShiftedClock, folder: Path) -> None:
        self.api = administrator
        self.department = department
        self.clock = clock
        self.folder = folder
        self.tag = secrets.token_hex(3)

    def make(self, provision: Any) -> City:
        """Makes all of it; `provision(virtual_host)` prepares the police's virtual host on the broker."""
        schools = [self._school(number, name, language) for number, (name, language) in enumerate(texts.SCHOOLS)]
        virtual_host = f"partner-police-{self.tag}"
        keys = AgencyKeys.generate()
        provision(virtual_host)
        agencies = {
            "police": self._agency("police", channel="amqp", virtual_host=virtual_host, **keys.public()),
            "health": self._agency("health"),
            "guardianship": self._agency("guardianship"),
        }
        write_agency(self.folder / "partners", virtual_host, agencies["police"].id, keys)
        auditor, engagement = self._auditor([school.id for school in schools])
        return City(self.clock, self.department, schools, agencies, auditor, engagement, virtual_host)

    def _school(self, number: int, name: str, language: str) -> School:
        school = Place(self.api.post("/schools", {"name": name, "language": language})["school"], name, {})
        roles = texts.PEOPLE if number == 0 else {"head": texts.PEOPLE["head"]}
        for role, (person, speaks) in roles.items():
            login = f"{role}.{number}.{self.tag}"
            school.seats[role] = self._seat(school.id, person, speaks, login)
            self._assign(school.seats[role], school.id, school.id, texts.ROLE_OF[role])
        return school

    def _agency(self, kind: str, **channel: Any) -> Agency:
        name = texts.AGENCIES[kind]
        agency = Place(self.api.post("/agencies", {"kind": kind, "name": name, **channel})["agency"], name, {})
        if kind in texts.OFFICERS:
            person, language = texts.OFFICERS[kind]
            agency.seats["officer"] = self._seat(agency.id, person, language, f"officer.{kind}.{self.tag}")
            self._assign(agency.seats["officer"], agency.id, agency.id, "partner_duty_officer")
        return agency

    def _auditor(self, schools: list[str]) -> tuple[Seat, str]:
        name, language = texts.AUDITOR
        auditor = self._seat(self.department, name, language, f"auditor.{self.tag}")
        now = self.clock.now()
        opened = self.api.post(
            "/engagements",
            {
                "auditor": auditor.person,
                "home": self.department,
                "tenants": schools,
                "purpose": "Жылдық тексеру / ежегодная проверка",
                "starts_at": now.isoformat(),
                "ends_at": (now + timedelta(days=400)).isoformat(),
            },
        )
        return auditor, opened["engagement"]

    def _seat(self, home: str, name: str, language: str, login: str) -> Seat:
        made = self.api.post("/people", {"home": home, "name": name, "language": language, "login": login})
        seat = Seat(made["person"], login, secrets.token_urlsafe(16))
        self.api.post(f"/people/{seat.person}/password", {"home": home, "password": seat.password})
        return seat

    def _assign(self, seat: Seat, home: str, at: str, role: str) -> None:
        self.api.post(f"/people/{seat.person}/roles", {"home": home, "at": at, "role": role})


def administrator_of(address: str, founded: Mapping[str, Any], password: str) -> Api:
    """The department's administrator, signed in once the suite answers."""
    anonymous = Api(address)
    until(lambda: anonymous.get("/health"), "all services to answer", seconds=START_SECONDS)
    return anonymous.sign_in(founded["login"], password, tenant=founded["department"])
