"""Handlers of the risk group (SSS-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.monitoring import commands
from services.monitoring.application.seeing import Seeing
from services.monitoring.application.walls import wall_before_matter
from services.monitoring.domain import access
from services.monitoring.domain.access import Act
from services.monitoring.domain.group_entry import Categories, Due, Entering, GroupEntry
from services.monitoring.domain.matter_walls import MatterWalls, walls_of
from services.monitoring.domain.values import Level
from shared.domain import Actor, UnknownError
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class GroupHandlers(Seeing):
    """Children at raised risk, or after violence, apart from the register."""

    @handles(commands.EnterChild)
    def enter_child(self, command: commands.EnterChild, ledger: TenantLedger) -> Answer:
        """Enters a child."""
        entering, now = self._entering(command, ledger), ledger.now()
        decision = access.may_enter(command.by, self.group_roles(ledger))
        self.require(decision, ledger.tenant, command.by, "entry")
        entry = GroupEntry.enter(
            id=derived_id(command.command_id, "group_entry"),
            entering=entering,
            categories=_categories(ledger, command.level, now),
            due=due_by(ledger, "monitoring.group_review", now),
            by=command.by,
            at=now,
        )
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.ProposeEntry)
    def propose_entry(self, command: commands.ProposeEntry, ledger: TenantLedger) -> Answer:
        """Puts a report of problem behaviour before the service, once (REP-01)."""
        stream, now = derived_id(command.report, "group_entry"), ledger.now()
        if ledger.find(GroupEntry, stream) is not None:
            return ledger.save()
        entry = GroupEntry.propose(
            id=stream,
            report=command.report,
            walled=command.walled,
            walled_roles=command.walled_roles,
            due=due_by(ledger, "monitoring.group_decision", now),
            by=command.by,
            at=now,
        )
        return ledger.save(entry)

    @handles(commands.AcceptProposal)
    def accept_proposal(self, command: commands.AcceptProposal, ledger: TenantLedger) -> Answer:
        """Enters the child of a proposal."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        now = ledger.now()
        entry.accept(
            entering=self._entering(command, ledger),
            categories=_categories(ledger, command.level, now),
            due=due_by(ledger, "monitoring.group_review", now),
            by=command.by,
            at=now,
        )
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.DeclineProposal)
    def decline_proposal(self, command: commands.DeclineProposal, ledger: TenantLedger) -> Answer:
        """Says why the child is not entered."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        entry.decline(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.WallOffFromEntry)
    def wall_off_from_entry(self, command: commands.WallOffFromEntry, ledger: TenantLedger) -> Answer:
        """Keeps somebody away who turns out to be feared, or close to one (REP-02)."""
        entry = self.entry(ledger, command.entry, Act.WORK, command.by, command.expected_version)
        entry.wall_off(
            person=command.person, reason=command.reason, named=command.named, by=command.by, at=ledger.now()
        )
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.InvolveWorker)
    def involve_worker(self, command: commands.InvolveWorker, ledger: TenantLedger) -> Answer:
        """Lets somebody who works with the child know of the entry (CON-01)."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        walled = self.walled_from(ledger, entry.matters)
        entry.involve(person=command.person, walled=walled, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.ReleaseWorker)
    def release_worker(self, command: commands.ReleaseWorker, ledger: TenantLedger) -> Answer:
        """Ends that."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        entry.release(person=command.person, reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.AddMeasure)
    def add_measure(self, command: commands.AddMeasure, ledger: TenantLedger) -> Answer:
        """Decides on a measure."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        number = entry.add_measure(
            what=command.what,
            nature=command.nature,
            owner=command.owner,
            due_on=command.due_on,
            walled=self.walled_from(ledger, entry.matters),
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(entry, answer=_state_of(entry) | {"number": number})

    @handles(commands.FinishMeasure)
    def finish_measure(self, command: commands.FinishMeasure, ledger: TenantLedger) -> Answer:
        """Says what came of a measure."""
        entry = self.entry(ledger, command.entry, Act.WORK, command.by, command.expected_version)
        entry.finish_measure(number=command.number, result=command.result, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.NoteBehaviour)
    def note_behaviour(self, command: commands.NoteBehaviour, ledger: TenantLedger) -> Answer:
        """Notes how behaviour changes."""
        entry = self.entry(ledger, command.entry, Act.WORK, command.by, command.expected_version)
        entry.note_behaviour(change=command.change, observed=command.observed, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.ReviewEntry)
    def review_entry(self, command: commands.ReviewEntry, ledger: TenantLedger) -> Answer:
        """Looks at the whole, and starts the time of the next review."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        now = ledger.now()
        due = due_by(ledger, "monitoring.group_review", now)
        entry.review(change=command.change, findings=command.findings, due=due, by=command.by, at=now)
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.LeaveGroup)
    def leave_group(self, command: commands.LeaveGroup, ledger: TenantLedger) -> Answer:
        """Ends the child's time in the group."""
        entry = self.entry(ledger, command.entry, Act.DECIDE, command.by, command.expected_version)
        entry.leave(reason=command.reason, reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=_state_of(entry))

    @handles(commands.HearOfMatter)
    def hear_of_matter(self, command: commands.HearOfMatter, ledger: TenantLedger) -> Answer:
        """Notes a report or a case, and whom it keeps away."""
        now, stream = ledger.now(), walls_of(command.matter)
        walls = ledger.find(MatterWalls, stream) or MatterWalls.hear(matter=command.matter, by=command.by, at=now)
        walls.wall_off(persons=command.persons, roles=command.roles, by=command.by, at=now)
        return ledger.save(walls)

    def _entering(self, command: commands.EnterChild, ledger: TenantLedger) -> Entering:
        matters = [one for one in (command.report, command.case) if one is not None]
        for matter in matters:
            self._matter_is_open_to(ledger, matter, command.by)
        return Entering(
            child=command.child,
            category=command.category,
            reasons=command.reasons,
            named=command.named,
            matters=matters,
        )

    def _matter_is_open_to(self, ledger: TenantLedger, matter: UUID, by: Actor) -> None:
        """A matter that keeps `by` away is to them as one that there is not (REP-02), and costs as much."""
        wall = wall_before_matter(ledger.tenant, matter, by)
        self.stand_before_no_wall(ledger, by, MatterWalls, matter, wall)
        heard = ledger.find(MatterWalls, walls_of(matter))
        if heard is None or by.person in heard.walled:
            rule = "monitoring.unknown" if heard is None else "monitoring.walled_off"
            self.record_read(ledger.tenant, by, "entry", [matter], rule, allowed=False)
            raise UnknownError(what="entry")


def due_by(ledger: TenantLedger, key: str, at: datetime) -> Due:
    """Until when, by a regulation that holds at that moment."""
    found = ledger.book.deadline(key, at)
    return Due(at=found.due_at, rule=found.rule)


def _categories(ledger: TenantLedger, level: Level, at: datetime) -> Categories:
    rule = ledger.book.at(f"monitoring.categories_{level.value}", at)
    return Categories(level=level, listed=rule.value, rule=rule.version)


def _state_of(entry: GroupEntry) -> dict[str, str]:
    return {"entry": str(entry.id), "state": entry.state.value}
