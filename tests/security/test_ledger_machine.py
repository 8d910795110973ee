"""A ledger under whatever comes: appends, reads, checkpoints, erasure, restarts, tampering; beside it a plain model.

After every step: what is read is what the model says, and verification finds nothing exactly when nothing was tampered
with; otherwise it names the positions that were.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from sqlalchemy import Column, MetaData, delete, insert, select

from shared.domain import Actor
from shared.ids import new_id
from shared.ledger.database import Database
from shared.ledger.erasing import ApproveErasure, RequestErasure
from shared.ledger.erasure import Erasure
from shared.ledger.install import install_sqlite
from shared.ledger.tables import checkpoints, events
from shared.runners.checkpointing import Checkpointing
from shared.sealing.seal import UnsealError
from shared.signing import SigningKey
from shared.testing.sample import SOMEBODY, Box, FillBox, open_box, sample_application
from shared.testing.scratch import scratch
from tests.support.attacked_ledger import AttackedLedger, service_of
from tests.support.attacks import at, change, forged, without_triggers

SEALED = {"stream", "version", "topic", "actor", "payload"}
"""Columns that the seal of an event is bound to: once one is changed, the read is refused."""
CHANGED = [column for column in events.columns if column.name not in ("tenant", "log", "position", "stream", "version")]
ANOTHER, CLOCK = Actor(id=f"person:{new_id()}"), Actor(id="clock:sample")
MANY = 90
TENANTS = st.integers(0, 1)
PLACES = st.floats(0, 1, exclude_max=True)
WORDS = st.text(alphabet="әғқңөұүһіa ", max_size=8)


@dataclass
class Model:
    """What the log of one tenant should be: the things of each box, and whose box each position is of."""

    tenant: UUID
    things: dict[UUID, list[str]] = field(default_factory=dict)
    box_at: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Tampered:
    """One row that was changed (or taken: no `column`), and as what it was."""

    tenant: int
    position: int
    column: str | None
    row: Mapping[str, Any]


class LedgerMachine(RuleBasedStateMachine):
    """One service with two tenants over a SQLite file."""

    boxes: Bundle[tuple[int, UUID]] = Bundle("boxes")
    damages: Bundle[Tampered] = Bundle("damages")

    @initialize()
    def begin(self) -> None:
        """An empty ledger."""
        self.folder = Path(tempfile.mkdtemp(prefix="qorgan-machine-", dir=scratch()))
        database = Database(f"sqlite:///{self.folder / 'ledger.sqlite'}")
        install_sqlite(database, MetaData())
        parts = sample_application(database, self.folder).parts
        self.models = [Model(new_id()), Model(new_id())]
        ours, theirs = (model.tenant for model in self.models)
        self.ledger = AttackedLedger(database, None, parts, SigningKey.generate("sample"), ours, theirs, {})
        with self.ledger.as_superuser() as connection:
            without_triggers(connection)
        self.application = self.ledger.application()
        self.tampered: list[Tampered] = []
        self.erased: set[UUID] = set()

    def teardown(self) -> None:
        """Closes and removes the file."""
        if hasattr(self, "folder"):
            self.ledger.database.dispose()
            shutil.rmtree(self.folder)

    # ---- what a service does

    @rule(target=boxes, tenant=TENANTS, label=WORDS)
    def open(self, tenant: int, label: str) -> tuple[int, UUID]:
        """A new box."""
        model = self.models[tenant]
        box = open_box(self.application, model.tenant, label)
        model.things[box] = []
        model.box_at.append(box)
        return tenant, box

    @rule(box=boxes, thing=WORDS)
    def fill(self, box: tuple[int, UUID], thing: str) -> None:
        """One thing more; refused where the box can't be read."""
        model, stream = self.models[box[0]], box[1]
        command = FillBox(tenant=model.tenant, command_id=new_id(), by=SOMEBODY, box=stream, thing=thing)
        if self._is_readable(*box):
            assert self.application.execute(command).body == {"things": [*model.things[stream], thing]}
            model.things[stream].append(thing)
            model.box_at.append(stream)

    @rule(box=boxes)
    def fill_much(self, box: tuple[int, UUID]) -> None:
        """Many things in one append: tiles become full."""
        model, stream = self.models[box[0]], box[1]
        if self._is_readable(*box):
            ledger = self.application.for_tenant(model.tenant)
            found = ledger.get(Box, stream)
            for number in range(MANY):
                found.fill(thing=str(number), by=SOMEBODY, at=ledger.now())
            ledger.save(found)
            model.things[stream] += map(str, range(MANY))
            model.box_at += [stream] * MANY

    @rule(box=boxes)
    @precondition(lambda self: not self.tampered)
    def erase(self, box: tuple[int, UUID]) -> None:
        """Asked for by one, approved by another, carried out: its key is gone for good."""
        model, stream = self.models[box[0]], box[1]
        if stream in self.erased:
            return
        application, tenant = self.application, model.tenant
        asked = RequestErasure(tenant=tenant, command_id=new_id(), by=SOMEBODY, streams=[stream], basis="заң")
        erasure = UUID(application.execute(asked).body["erasure"])
        application.execute(ApproveErasure(tenant=tenant, command_id=new_id(), by=ANOTHER, erasure=erasure))
        ledger = application.for_tenant(tenant)
        found = ledger.get(Erasure, erasure)
        assert list(application.destroy(tenant, found, by=CLOCK))
        found.carry_out(by=CLOCK, at=ledger.now())
        ledger.save(found)
        self.erased.add(stream)
        model.box_at += [erasure, erasure, stream, erasure]

    @rule()
    def checkpoint(self) -> None:
        """What the follower does in quiet moments: of a log that was tampered with since, it signs nothing."""
        signed = {model.tenant: self._signed(model.tenant) for model in self.models}
        Checkpointing(service_of(self.application, self.ledger.database, self.ledger.key)).run_once()
        for number, model in enumerate(self.models):
            tampered = [one.position for one in self.tampered if one.tenant == number]
            before, now = signed[model.tenant], self._signed(model.tenant)
            assert now in {before, len(model.box_at)}
            if any(position > before for position in tampered):
                assert now == before
            elif not tampered:
                assert now == len(model.box_at)

    @rule()
    def restart(self) -> None:
        """Another process opens the file."""
        self.ledger.database.dispose()
        database = Database(self.ledger.database.url)
        install_sqlite(database, MetaData())
        self.ledger = replace(self.ledger, database=database, parts=replace(self.ledger.parts, database=database))
        with self.ledger.as_superuser() as connection:
            without_triggers(connection)
        self.application = self.ledger.application()

    # ---- what an attacker does

    @rule(target=damages, tenant=TENANTS, place=PLACES, column=st.sampled_from([*CHANGED, None]))
    def tamper(self, tenant: int, place: float, column: Column[Any] | None) -> MultipleResults[Tampered]:
        """Changes a column of some event, or takes it out (no column)."""
        model = self.models[tenant]
        position = 1 + int(place * len(model.box_at))
        if not model.box_at or (tenant, position) in {(one.tenant, one.position) for one in self.tampered}:
            return multiple()
        where = at(model.tenant, position)
        with self.ledger.as_superuser() as connection:
            row = dict(connection.execute(select(events).where(where)).one()._mapping)
            if column is None:
                connection.execute(delete(events).where(where))
            else:
                change(connection, events, where, **{column.name: forged(column, row[column.name])})
        done = Tampered(tenant, position, column.name if column is not None else None, row)
        self.tampered.append(done)
        return multiple(done)

    @rule(damage=consumes(damages))
    def put_back(self, damage: Tampered) -> None:
        """As it was."""
        self.tampered.remove(damage)
        with self.ledger.as_superuser() as connection:
            connection.execute(delete(events).where(at(self.models[damage.tenant].tenant, damage.position)))
            connection.execute(insert(events).values(damage.row))

    # ---- what must hold

    @invariant()
    def reads_are_as_the_model(self) -> None:
        """Each box has its things, or is refused; one that lacks its last event is missed by verification alone."""
        fresh = self.ledger.application()
        for number, model in enumerate(self.models):
            ledger = fresh.for_tenant(model.tenant)
            for box, things in model.things.items():
                if box in self.erased:
                    assert ledger.find(Box, box) is None
                elif self._is_readable(number, box):
                    assert ledger.get(Box, box).things == things
                elif not self._lacks_an_event(number, box):
                    assert self._refused(ledger, box)

    @invariant()
    def verification_names_what_was_tampered_with_and_nothing_else(self) -> None:
        """By position."""
        findings = self.ledger.findings()
        for number, model in enumerate(self.models):
            expected = {one.position for one in self.tampered if one.tenant == number}
            found = {one for one in findings if one.tenant == model.tenant}
            assert expected <= {one.position for one in found}
            assert bool(found) == bool(expected)
        assert not findings or self.tampered

    def _signed(self, tenant: UUID) -> int:
        chosen = select(checkpoints.c.size).where(checkpoints.c.tenant == tenant, checkpoints.c.log == "sample")
        with self.ledger.as_superuser() as connection:
            return max(connection.scalars(chosen), default=0)

    def _is_readable(self, tenant: int, box: UUID) -> bool:
        return box not in self.erased and not self._columns_tampered_with(tenant, box) & {None, *SEALED}

    def _lacks_an_event(self, tenant: int, box: UUID) -> bool:
        return None in self._columns_tampered_with(tenant, box)

    def _columns_tampered_with(self, tenant: int, box: UUID) -> set[str | None]:
        box_at = self.models[tenant].box_at
        of_tenant = [one for one in self.tampered if one.tenant == tenant]
        return {one.column for one in of_tenant if box_at[one.position - 1] == box}

    def _refused(self, ledger: Any, box: UUID) -> bool:
        try:
            ledger.get(Box, box)
        except UnsealError:
            return True
        return False


# Without shrinking, which takes minutes: what fails is twenty steps at most.
LedgerMachine.TestCase.settings = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class TestALedgerUnderWhateverComes(LedgerMachine.TestCase):  # type: ignore[misc, valid-type]
    """`runTest`, run by pytest with other steps each time; hypothesis prints the steps of one that fails."""
