"""A life of a case in which every event happens at least once: what fixtures, duties and publications are tested on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.cases.domain.case import Case
from services.cases.domain.values import Kind, Leaving, Role, Step
from services.cases.tests.builders import (
    BOOK,
    HEAD,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    CaseBuilder,
    a_case,
    a_report,
    an_id,
    person,
)


def a_full_life() -> Iterator[Case]:
    """The case after each step, from its opening to its reopening."""
    built = a_case().opened(a_report(kinds=[Kind.PHYSICAL]))
    yield built.case
    for step in (_assessment, _informing, _planning, _help, _agencies, _end):
        for _ in step(built):
            yield built.case


def _assessment(built: CaseBuilder) -> Iterator[CaseBuilder]:
    built.case.accept_confidentiality_warning(by=PEDAGOGUE, at=built.at)
    yield built.staffed()
    yield built.later(hours=1).linked(a_report("Көршінің хабары"))
    yield built.with_child()
    built.case.record_assessment_step(
        step=Step.MEDICAL_CHECK,
        role=Role.SCHOOL_DOCTOR,
        result="Көгерген іздер бар",
        on=date(2026, 4, 6),
        by=PEDAGOGUE,
        at=built.at,
    )
    yield built.assessed_high()


def _informing(built: CaseBuilder) -> Iterator[CaseBuilder]:
    built.case.record_no_liability(reasons="Жазатайым", best_interests="Қауіпсіз", by=PEDAGOGUE, at=built.at)
    yield built
    built.case.find_liability_possible(book=BOOK, by=PEDAGOGUE, at=built.at)
    yield built
    yield built.later(hours=25).missed("inform_agencies")
    yield built.referred().delivered().accepted()


def _planning(built: CaseBuilder) -> Iterator[CaseBuilder]:
    yield built.planned()
    built.case.draw_up_safety_plan(
        dangers=["Аула"],
        safe_people=["Іңкәр апай"],
        safe_places=["кітапхана"],
        child_does=["«Көмек» деп айтады"],
        adults_do=["Қасында болады"],
        book=BOOK,
        by=PEDAGOGUE,
        at=built.at,
    )
    yield built
    yield built.later(days=10).reviewed(change_seen=True)


def _help(built: CaseBuilder) -> Iterator[CaseBuilder]:
    built.case.extend_sessions(more=2, reason="Отбасымен кездесу керек", by=PEDAGOGUE, at=built.at)
    yield built.helped()
    yield built.rated().later(days=30).rated()


def _agencies(built: CaseBuilder) -> Iterator[CaseBuilder]:
    yield built.completed()
    yield built.referred("екінші").declined("екінші")
    yield built.later(hours=1).referred("үшінші").silent("үшінші")
    built.case.take_own_measures(measures=["Сынып сағаты"], by=PEDAGOGUE, at=built.at)
    yield built
    built.referred("төртінші").case.note_referral_cancelled(
        referral=an_id("төртінші"), agency=POLICE, by=POLICY, at=built.at
    )
    yield built


def _end(built: CaseBuilder) -> Iterator[CaseBuilder]:
    built.case.record_decision(
        decision="Іс жабылуға дайын",
        participants=list(built.case.team),
        best_interests="Бала қауіпсіз",
        book=BOOK,
        by=PEDAGOGUE,
        at=built.at,
    )
    yield built.closed()
    yield built.later(days=3).reopened()
    built.coordinated_by(PSYCHOLOGIST)
    built.case.leave_team(person=person(PEDAGOGUE), reason=Leaving.LEFT_SCHOOL, by=HEAD, at=built.at)
    yield built
    yield built.walled_off(PSYCHOLOGIST)
