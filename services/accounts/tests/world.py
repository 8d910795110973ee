"""The accounts service as it runs, over a SQLite file: a department with an administrator, a school, an agency."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from argon2 import PasswordHasher

from services.accounts import commands
from services.accounts.application import AccountsApplication, Passwords
from services.accounts.bootstrap import REGULATIONS, SERVICE
from services.accounts.domain.values import AgencyKind, Role
from services.accounts.tests.builders import INSTALLER, NOW
from shared.clock import FixedClock
from shared.domain import Actor, Command
from shared.ids import new_id
from shared.ledger.application import Answer
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.regulation import RuleBook
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import ledger_parts
from shared.tokens import Verifier

PASSWORD = "ұзын да құпия сөз"
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
REAL_NOW = NOW + timedelta(days=400)
"""Tokens live in real time, events in the clock's: here more than a year apart, so that a mix-up shows."""


@dataclass
class World:
    """One service; `department`, its administrator, one school, one agency."""

    application: AccountsApplication
    clock: FixedClock
    real_clock: FixedClock
    follower: Follower
    keyring: KeyRing
    department: UUID
    school: UUID = field(default_factory=new_id)
    agency: UUID = field(default_factory=new_id)
    administrator: Actor = INSTALLER

    @classmethod
    @contextmanager
    def open(cls, folder: Path, database: Database | None = None) -> Iterator[Self]:
        """Over a fresh SQLite file in `folder`, or another database that is there."""
        if database is None:
            database = Database(f"sqlite:///{folder / 'accounts.sqlite'}")
            install_sqlite(database, SERVICE.metadata)
        clock, real_clock, key = FixedClock(NOW), FixedClock(REAL_NOW), SigningKey.generate("accounts")
        parts = replace(ledger_parts(database, folder / "keys", clock), signing_key=key)
        application = AccountsApplication(parts, RuleBook.load(REGULATIONS), real_clock=real_clock, passwords=CHEAP)
        ring = KeyRing.of(key)
        service = ServiceApp(
            parts=SERVICE,
            application=application,
            database=database,
            signing_key=key,
            public_keys=ring,
            clock=clock,
        )
        world = cls(application, clock, real_clock, Follower(service, threading.Event()), ring, new_id())
        world.found()
        yield world
        database.dispose()

    def found(self) -> None:
        """What stands in every test."""
        self.do(commands.RegisterDepartment, name="Алматы қаласының білім басқармасы", by=INSTALLER)
        administrator = self.person(self.department, "әкімші")
        self.assign(administrator, self.department, Role.ADMINISTRATOR, home=self.department)
        self.administrator = Actor(
            id=f"person:{administrator}", roles=frozenset({"administrator"}), home=self.department
        )
        self.school = UUID(self.do(commands.RegisterSchool, name="№ 12 мектеп-гимназия").body["school"])
        agency = self.do(commands.RegisterAgency, kind=AgencyKind.POLICE, name="Полиция басқармасы")
        self.agency = UUID(agency.body["agency"])

    def do(
        self,
        command: type[Command],
        *,
        by: Actor | None = None,
        tenant: UUID | None = None,
        command_id: UUID | None = None,
        **asked: Any,
    ) -> Answer:
        """Does a command in the department's tenant, as its administrator where nobody else is named."""
        done = self.application.execute(
            command(
                tenant=tenant or self.department,
                command_id=command_id or new_id(),
                by=by or self.administrator,
                **asked,
            )
        )
        while self.follower.follow_once():
            pass
        return done

    def person(self, home: UUID, login: str | None = None, name: str = "Ұлпан Іңкәрқызы") -> UUID:
        """Somebody who signs in under `login` with PASSWORD."""
        person = UUID(self.do(commands.RegisterPerson, home=home, name=name, login=login).body["person"])
        if login is not None:
            self.do(commands.SetPassword, person=person, home=home, password=PASSWORD)
        return person

    def assign(self, person: UUID, at: UUID, role: Role, *, home: UUID | None = None, **period: Any) -> None:
        """Gives a role."""
        self.do(commands.AssignRole, person=person, home=home or at, at=at, role=role, **period)

    def session(self, login: str, password: str = PASSWORD) -> str:
        """Signs in."""
        session: str = self.application.sign_in(login=login, password=password)["session"]
        return session

    def verifier(self, service: str) -> Verifier:
        """How another service checks tokens."""
        return Verifier(self.keyring, service)

    def denials(self, tenant: UUID) -> list[tuple[str, str]]:
        """Who was denied by which rule, oldest first."""
        entries = self.application.access_log.entries(tenant)
        return [(entry.actor, facts["rule"]) for entry, facts in entries if entry.topic == "access.denied"]
