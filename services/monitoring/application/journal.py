"""Handlers of the risk journal (RSK-06)."""

from __future__ import annotations

from services.monitoring import commands
from services.monitoring.application.group import due_by
from services.monitoring.application.seeing import Seeing
from services.monitoring.domain.risk import Risk, Weighed
from services.monitoring.domain.risk_journal import RiskJournal, Walk, journal_of
from services.monitoring.domain.trip import Trip
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class JournalHandlers(Seeing):
    """Risks beyond a case; the service looks for them regularly."""

    @handles(commands.OpenJournal)
    def open_journal(self, command: commands.OpenJournal, ledger: TenantLedger) -> Answer:
        """Begins a school's journal, once."""
        if ledger.find(RiskJournal, journal_of(ledger.tenant)) is not None:
            return ledger.save()
        return ledger.save(self._opened(command, ledger))

    @handles(commands.ReviewJournal)
    def review_journal(self, command: commands.ReviewJournal, ledger: TenantLedger) -> Answer:
        """Looks at the whole, and starts the time of the next review."""
        self.organises(ledger, command.by, "journal")
        now = ledger.now()
        journal = ledger.find(RiskJournal, journal_of(ledger.tenant)) or self._opened(command, ledger)
        rule = ledger.book.at("monitoring.journal_areas", now)
        journal.review(
            areas=command.areas,
            demanded=rule.value,
            areas_rule=rule.version,
            findings=command.findings,
            due=due_by(ledger, "monitoring.journal_review", now),
            by=command.by,
            at=now,
        )
        return ledger.save(journal, answer={"journal": journal.id})

    @handles(commands.NoteRisk)
    def note_risk(self, command: commands.NoteRisk, ledger: TenantLedger) -> Answer:
        """Enters a risk; one of a trip is its assessment."""
        self.organises(ledger, command.by, "risk")
        trip = None if command.trip is None else self.known(ledger, Trip, command.trip, "trip", command.by)
        if command.walk is not None:
            self.known(ledger, Walk, command.walk, "walk", command.by)
        now = ledger.now()
        risk = Risk.note(
            id=derived_id(command.command_id, "risk"),
            subject=command.subject,
            tendency=command.tendency,
            where=command.where,
            risk=command.risk,
            trip=command.trip,
            walk=command.walk,
            weighed=_weighed(command),
            owner=command.owner,
            due=due_by(ledger, "monitoring.risk_review", now),
            by=command.by,
            at=now,
        )
        if trip is None:
            return ledger.save(risk, answer={"risk": risk.id})
        trip.assess(risk=risk.id, by=command.by, at=now)
        return ledger.save(risk, trip, answer={"risk": risk.id})

    @handles(commands.ReassessRisk)
    def reassess_risk(self, command: commands.ReassessRisk, ledger: TenantLedger) -> Answer:
        """Weighs it again."""
        risk, now = self.organised(ledger, Risk, command.risk, "risk", command), ledger.now()
        due = due_by(ledger, "monitoring.risk_review", now)
        risk.reassess(watched=command.watched, weighed=_weighed(command), due=due, by=command.by, at=now)
        return ledger.save(risk, answer={"risk": risk.id})

    @handles(commands.CloseRisk)
    def close_risk(self, command: commands.CloseRisk, ledger: TenantLedger) -> Answer:
        """It is a risk no longer."""
        risk = self.organised(ledger, Risk, command.risk, "risk", command)
        risk.close(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(risk, answer={"risk": risk.id})

    @handles(commands.PlanTrip)
    def plan_trip(self, command: commands.PlanTrip, ledger: TenantLedger) -> Answer:
        """Plans a trip."""
        self.organises(ledger, command.by, "trip")
        trip = Trip.plan(
            id=derived_id(command.command_id, "trip"),
            destination=command.destination,
            abroad=command.abroad,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            group=command.group,
            leader=command.leader,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(trip, answer={"trip": trip.id, "state": trip.state.value})

    @handles(commands.HoldTrip)
    def hold_trip(self, command: commands.HoldTrip, ledger: TenantLedger) -> Answer:
        """Says what it showed."""
        trip = self.organised(ledger, Trip, command.trip, "trip", command)
        trip.hold(happened=command.happened, by=command.by, at=ledger.now())
        return ledger.save(trip, answer={"trip": trip.id, "state": trip.state.value})

    @handles(commands.CallOffTrip)
    def call_off_trip(self, command: commands.CallOffTrip, ledger: TenantLedger) -> Answer:
        """Says why it will not take place."""
        trip = self.organised(ledger, Trip, command.trip, "trip", command)
        trip.call_off(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(trip, answer={"trip": trip.id, "state": trip.state.value})

    @handles(commands.TakeWalk)
    def take_walk(self, command: commands.TakeWalk, ledger: TenantLedger) -> Answer:
        """Puts down what a walk found."""
        self.organises(ledger, command.by, "walk")
        walk = Walk.take(
            id=derived_id(command.command_id, "walk"),
            where=command.where,
            taken_on=command.taken_on,
            walkers=command.walkers,
            found=command.found,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(walk, answer={"walk": walk.id})

    @staticmethod
    def _opened(command: commands.OpenJournal | commands.ReviewJournal, ledger: TenantLedger) -> RiskJournal:
        now = ledger.now()
        due = due_by(ledger, "monitoring.journal_review", now)
        return RiskJournal.open(tenant=ledger.tenant, due=due, by=command.by, at=now)


def _weighed(command: commands.NoteRisk | commands.ReassessRisk) -> Weighed:
    return Weighed(
        likelihood=command.likelihood,
        consequence=command.consequence,
        residual=command.residual,
        measures=command.measures,
        options=command.options,
    )
