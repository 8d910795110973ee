"""The whole service on a SQLite file, with public events going round as they would by the broker."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from services.referrals import commands
from services.referrals.application import ReferralsApplication
from services.referrals.bootstrap import SERVICE, build
from services.referrals.tests import builders as b
from shared.clock import FixedClock
from shared.domain import Actor, Command
from shared.ledger.application import Answer
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.ledger.tables import public_events
from shared.messaging.envelope import PublicEvent
from shared.messaging.lanes import Lanes
from shared.policy import Heard
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import ledger_parts

Body = Mapping[str, Any]


@dataclass
class World:
    """One installation's referrals service; `settle` lets everything that was said be heard."""

    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(b.MONDAY))

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.folder / 'referrals.sqlite'}")
        install_sqlite(self.database, SERVICE.metadata)
        signing_key, public_keys = SigningKey.generate("referrals"), KeyRing(self.folder / "public")
        parts = replace(
            ledger_parts(self.database, self.folder / "keys", self.clock),
            signing_key=signing_key,
            public_keys=public_keys,
        )
        self.application: ReferralsApplication = build(parts)
        self.lanes = Lanes(self.application)
        self.service = ServiceApp(
            parts=SERVICE,
            application=self.application,
            database=self.database,
            signing_key=signing_key,
            public_keys=public_keys,
            clock=self.clock,
        )
        import threading

        self.follower = Follower(self.service, threading.Event())
        self._numbers: dict[tuple[str, UUID], int] = {}
        self._incarnation = uuid4()

    def close(self) -> None:
        """Closes the database."""
        self.database.dispose()

    # -- others speak

    def hear(self, type: str, tenant: UUID, body: Body) -> None:
        """Another service's public event arrives."""
        source = type.partition(".")[0]
        number = self._numbers[(source, tenant)] = self._numbers.get((source, tenant), 0) + 1
        self._take(source, tenant, number, type, body, self.clock.now())

    def hear_of_agency(self, agency: UUID, kind: str, channel: str = "web", **more: Any) -> None:
        """Accounts has registered an agency."""
        body = {"agency": str(agency), "kind": kind, "channel": channel, "virtual_host": None, **more}
        self.hear("accounts.agency_registered.v1", agency, body)

    def hear_of_case(self, *members: tuple[Actor, str], walled: Sequence[Actor] = (), case: UUID = b.CASE) -> None:
        """Cases has opened a case with a team."""
        ids = [str(actor.person) for actor in walled]
        self.hear("cases.case_opened.v1", b.SCHOOL, {"case": str(case), "walled": ids, "immediate_danger": False})
        for actor, role in members:
            body = {"case": str(case), "person": str(actor.person), "role": role}
            self.hear("cases.team_member_joined.v1", b.SCHOOL, body)

    def settle(self) -> None:
        """Every public event of ours comes back to us, and the read models catch up."""
        for _ in range(5):
            with self.database.relay() as connection:
                rows = connection.execute(select(public_events).order_by(public_events.c.number)).all()
            for row in rows:
                heard_at = datetime.fromtimestamp(row.happened_at / 1_000_000, UTC)
                self._take("referrals", row.tenant, row.number, row.type, json.loads(row.body), heard_at)
        while self.follower.follow_once():
            pass

    def _take(self, source: str, tenant: UUID, number: int, type: str, body: Body, at: datetime) -> None:
        heard = Heard(
            source=source,
            tenant=tenant,
            number=number,
            hash=number.to_bytes(32, "big"),
            incarnation=self._incarnation,
            type=type,
            happened_at=at,
            recorded_at=at,
            cause=None,
        )
        self.lanes.take(PublicEvent(heard, body))

    # -- somebody acts

    def do(self, kind: type[Command], tenant: UUID, by: Actor, **facts: Any) -> Answer:
        """A command, an hour's hundredth part later."""
        self.clock.advance(timedelta(seconds=36))
        facts.setdefault("command_id", uuid4())
        return self.application.execute(kind(tenant=tenant, by=by, **facts))

    def draft(self, agency: UUID = b.POLICE, by: Actor = b.PEDAGOGUE, **changed: Any) -> UUID:
        """A draft for the case; gives the referral's id."""
        facts = {"case": b.CASE, "agency": agency, "purpose": "notification", "urgency": "high", "facts": b.FACTS}
        answer = self.do(commands.DraftReferral, b.SCHOOL, by, **(facts | changed))
        return UUID(answer.body["referral"])

    def request(self, agency: UUID = b.POLICE, **changed: Any) -> UUID:
        """Drafted and approved with every field; gives the referral's id."""
        referral = self.draft(agency, **changed)
        fields = sorted(changed.get("facts", b.FACTS))
        self.do(commands.ApproveReferral, b.SCHOOL, b.HEAD, referral=referral, fields=fields)
        self.settle()
        return referral
