"""Whole lives that between them record every event of this service."""

from __future__ import annotations

from datetime import timedelta

from services.monitoring.domain.group_entry import DECISION, REVIEW
from services.monitoring.domain.matter_walls import MatterWalls
from services.monitoring.domain.risk_journal import RiskJournal, Walk
from services.monitoring.domain.values import (
    Audience,
    Change,
    Coverage,
    DeclineReason,
    LeavingReason,
    Nature,
    WallReason,
)
from services.monitoring.tests.builders import (
    CLOCK,
    DEPUTY_ID,
    HEAD_ID,
    NOW,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST_ID,
    SECONDARY,
    TEACHER_ID,
    TODAY,
    WEIGHED,
    a_campaign,
    a_named,
    a_proposal,
    a_risk,
    a_training,
    a_trip,
    an_entry,
    an_invitation,
    due,
    entering,
)
from shared.domain import Aggregate
from shared.ids import new_id


def all_lives() -> list[Aggregate]:
    """Everything that can happen in prevention."""
    return [*_risk_group(), _matter(), *_informing(), *_journal()]


def _risk_group() -> list[Aggregate]:
    """A child who entered, one who was proposed and entered, one who was not."""
    by, later = PEDAGOGUE, NOW + timedelta(days=31)
    entry = an_entry(named=[a_named(person=HEAD_ID), a_named(role="deputy")], matters=[new_id()])
    entry.wall_off(person=DEPUTY_ID, reason=WallReason.ACCUSED, named=1, by=by, at=NOW)
    entry.involve(person=TEACHER_ID, walled=[], by=by, at=NOW)
    number = entry.add_measure(
        what="Достық үйірмесі",
        nature=Nature.ENCOURAGEMENT,
        owner=PSYCHOLOGIST_ID,
        due_on=TODAY,
        walled=[],
        by=by,
        at=NOW,
    )
    entry.finish_measure(number=number, result="Екі апта қатысты", by=by, at=NOW)
    entry.note_behaviour(change=Change.UNCHANGED, observed="Әлі ұрысады", by=by, at=NOW)
    entry.miss(duty=REVIEW, by=CLOCK, at=later)
    entry.review(change=Change.BETTER, findings="Өзгеріс бар", due=due(days=60), by=by, at=later)
    entry.release(person=TEACHER_ID, reasons="Сыныбы ауысты", by=by, at=later)
    entry.leave(reason=LeavingReason.BEHAVIOUR_CHANGED, reasons="Үш ай бойы тыныш", by=by, at=later)
    proposed = a_proposal(walled=[HEAD_ID], walled_roles=["deputy"])
    proposed.miss(duty=DECISION, by=CLOCK, at=later)
    proposed.accept(entering=entering(), categories=SECONDARY, due=due(), by=by, at=later)
    declined = a_proposal(id=proposed.id)  # one stream: fixtures hold each topic once
    declined.decline(reasons="Бір реттік оқиға", by=by, at=NOW)
    return [entry, proposed, declined]


def _informing() -> list[Aggregate]:
    """A campaign that was held, one that was not; a training; a guest who came, one who did not."""
    by, later = PEDAGOGUE, NOW + timedelta(days=31)
    held = a_campaign()
    held.hold(held_on=TODAY, note="Барлық сыныпта", by=by, at=NOW)
    reached = Coverage(audience=Audience.PUPILS, reached=410, out_of=512)
    held.record_coverage(coverage=reached, by=by, at=NOW)
    not_held = a_campaign(id=held.id)
    not_held.call_off(reasons="Карантин", by=by, at=NOW)
    training = a_training()
    training.correct(attended=[TEACHER_ID], count=23, reasons="Бір адам ауырып қалды", by=by, at=later)
    came = an_invitation()
    reached = Coverage(audience=Audience.PARENTS, reached=60, out_of=300)
    came.come(came_on=TODAY, given="Үйде қалай сөйлесу керек", minutes=60, coverage=[reached], by=by, at=later)
    declined = an_invitation(id=came.id)
    declined.decline(reason=DeclineReason.NO_ANSWER, note="Екі рет хабарластық", by=by, at=later)
    return [held, not_held, training, came, declined]


def _journal() -> list[Aggregate]:
    """A journal, a risk, trips that were held and called off, a walk."""
    by, later = PEDAGOGUE, NOW + timedelta(days=100)
    journal = RiskJournal.open(tenant=new_id(), due=due(days=90), by=POLICY, at=NOW)
    journal.miss(by=CLOCK, at=later)
    journal.review(
        areas=["places"], demanded=["places"], areas_rule="r@2026-01-01", findings="Үш жаңа", due=due(), by=by, at=later
    )
    risk = a_risk()
    risk.miss(by=CLOCK, at=later)
    risk.reassess(watched="Жарық жақсарды", weighed=WEIGHED, due=due(), by=by, at=later)
    risk.close(reasons="Дәліз жабылды", by=by, at=later)
    trip = a_trip()
    trip.miss(by=CLOCK, at=later)
    trip.assess(risk=risk.id, by=by, at=later)
    trip.hold(happened="Бәрі аман", by=by, at=later)
    called_off = a_trip(id=trip.id)
    called_off.call_off(reasons="Ауа райы", by=by, at=NOW)
    known = {"where": "Мектеп ауласы", "taken_on": TODAY, "walkers": [TEACHER_ID], "found": ["Сынған шам"]}
    return [journal, risk, trip, called_off, Walk.take(id=new_id(), **known, by=by, at=NOW)]  # type: ignore[arg-type]


def _matter() -> MatterWalls:
    """A report that keeps somebody away."""
    walls = MatterWalls.hear(matter=new_id(), by=POLICY, at=NOW)
    walls.wall_off(persons=[HEAD_ID], roles=["deputy"], by=POLICY, at=NOW)
    return walls
