"""Where stories are told: one running suite with its department, agencies and auditor; each story in its own school."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cli.api_client import Api
from cli.house import House
from cli.partner_client import AgencyKeys
from cli.rehearsal import write_agency
from cli.settings import Settings
from cli.story.city import Agency, City, CityMaker, Place, School, Seat
from shared.ledger.tables import heads, lanes, positions
from tests.support.cities import city_of
from tests.support.suites import RunningSuite

SETTLED_SECONDS = 60.0
AGENCIES = {
    "police": ("Жаңақала қалалық полиция басқармасы", None),
    "health": ("Городская детская поликлиника № 3", ("Ольга Игоревна Пак", "ru")),
    "guardianship": ("Қорғаншылық және қамқоршылық органы", ("Нұргүл Әбілқызы Өтебаева", "kk")),
    "minors_commission": ("Commission on Minors' Affairs", ("Daniyar Akhmetov", "en")),
}
"""Kinds of agency with their names and duty officers; the police have a program of their own, and no officer."""

Heads = Mapping[tuple[str, UUID], int]
"""How many events the log of a service holds of a tenant, at one moment."""


@dataclass
class StoryCity(City):
    """A city without schools yet, and what makes them."""

    maker: StoryCityMaker


class StoryCityMaker(CityMaker):
    """Makes the agencies and the auditor at once, and a school when a story needs one."""

    def make(self, provision: Any) -> StoryCity:
        """See CityMaker."""
        virtual_host, keys = f"partner-police-{self.tag}", AgencyKeys.generate()
        provision(virtual_host)
        channels: dict[str, dict[str, Any]] = {
            "police": {"channel": "amqp", "virtual_host": virtual_host, **keys.public()}
        }
        agencies = {kind: self._agency(kind, **channels.get(kind, {})) for kind in AGENCIES}
        write_agency(self.folder / "partners", virtual_host, agencies["police"].id, keys)
        auditor = self._seat(self.department, "Ғалия Төреқызы Үмбетова", "kk", f"auditor.{self.tag}")
        return StoryCity(self.clock, self.department, [], agencies, auditor, "", virtual_host, self)

    def _agency(self, kind: str, **channel: Any) -> Agency:
        name, officer = AGENCIES[kind]
        agency = Place(self.api.post("/agencies", {"kind": kind, "name": name, **channel})["agency"], name, {})
        if officer:
            agency.seats["officer"] = self._seat(agency.id, *officer, f"officer.{kind}.{self.tag}")
            self._assign(agency.seats["officer"], agency.id, agency.id, "partner_duty_officer")
        return agency

    def school(self, tag: str, name: str, language: str, people: Mapping[str, tuple[str, str, str]]) -> School:
        """A school with people: name, language and role at the school, by their part in the story."""
        school = Place(self.api.post("/schools", {"name": name, "language": language})["school"], name, {})
        for part, (person, speaks, role) in people.items():
            seat = school.seats[part] = self._seat(school.id, person, speaks, f"{part}.{tag}.{self.tag}")
            self._assign(seat, school.id, school.id, role)
        return school

    def engagement(self, auditor: Seat, school: str) -> str:
        """An audit engagement at one school, for as long as its story may last."""
        now = self.clock.now()
        asked = {
            "auditor": auditor.person,
            "home": self.department,
            "tenants": [school],
            "purpose": "Жылдық тексеру / ежегодная проверка / yearly audit",
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(days=1000)).isoformat(),
        }
        engagement: str = self.api.post("/engagements", asked)["engagement"]
        return engagement


class Stage:
    """A suite in which stories are told, and the ledgers behind it, which are only read."""

    def __init__(self, suite: RunningSuite, city: StoryCity, house: House) -> None:
        self.suite = suite
        self.city = city
        self.house = house
        self.neighbours: dict[UUID, list[UUID]] = {}
        self.auditor = Api(suite.address).sign_in(
            city.auditor.login, city.auditor.password, tenant=city.department, language="en"
        )

    @classmethod
    @contextmanager
    def open(cls, suite: RunningSuite) -> Iterator[Stage]:
        """Until the last story is over."""
        with city_of(suite, StoryCityMaker) as city, closing(House.build(settings_of(suite))) as house:
            assert isinstance(city, StoryCity)
            yield cls(suite, city, house)

    @property
    def is_distributed(self) -> bool:
        """Whether its services are processes of their own: there an answer takes twice as long, and only the auditor
        asks after each step, everybody at the end.
        """
        return self.suite.partner_url is not None

    def tenants(self, school: UUID) -> list[UUID]:
        """All whose events a story there may need: the school's and those of schools that it deals with, the
        department's, the agencies', the platform's.
        """
        agencies = [UUID(agency.id) for agency in self.city.agencies.values()]
        return [school, *self.neighbours.get(school, ()), UUID(self.city.department), *agencies, self.house.platform]

    def now(self) -> datetime:
        """The time by the suite's clock."""
        return self.city.clock.now()

    def settled(self, school: UUID) -> Heads:
        """The heads of the logs of a story's tenants, once everybody has heard and projected all of them."""
        tenants = self.tenants(school)
        ends = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < ends:
            if (found := self._heads_if_settled(tenants)) is not None:
                return found
            time.sleep(0.01)  # a poll with a deadline: relays, lanes and followers are at work
        raise TimeoutError("somebody has not heard of it")

    def heads(self, school: UUID) -> Heads:
        """The heads as they are at this moment."""
        return {at: size for at, (size, _) in self._heads(self.tenants(school)).items()}

    def _heads(self, tenants: list[UUID]) -> dict[tuple[str, UUID], tuple[int, int]]:
        """Size and last public number of each log."""
        found = {}
        for name, service in self.house.services.items():
            chosen = select(heads).where(heads.c.tenant.in_(tenants), heads.c.log == name)
            with service.database.relay() as connection:
                for row in connection.execute(chosen):
                    found[(name, row.tenant)] = (row.size, row.public_number)
        return found

    def _heads_if_settled(self, tenants: list[UUID]) -> Heads | None:
        ends = self._heads(tenants)
        for name, service in self.house.services.items():
            heard = select(lanes).where(lanes.c.tenant.in_(tenants))
            followed = select(positions).where(positions.c.tenant.in_(tenants))
            with service.database.relay() as connection:
                numbers = {(row.source, row.tenant): row.number for row in connection.execute(heard)}
                read = {row.tenant: row.position for row in connection.execute(followed)}
            for (source, tenant), (size, public) in ends.items():
                if source == name and read.get(tenant, 0) < size:
                    return None
                if source in service.parts.listens_to and numbers.get((source, tenant), 0) < public:
                    return None
        return {at: size for at, (size, _) in ends.items()}


def settings_of(suite: RunningSuite) -> Settings:
    """How the ledgers of a running suite are opened beside it."""
    told = suite.environment
    if "QORGAN_DATABASE_URL" not in told:
        return Settings.of_home(suite.home)
    return Settings(
        home=None,
        keys_folder=Path(told["QORGAN_KEYS"]),
        broker_url=told["QORGAN_AMQP_URL"],
        database_url=told["QORGAN_DATABASE_URL"],
        database_prefix=told["QORGAN_DATABASE_PREFIX"],
        clock_file=suite.clock_file,
    )
