"""A life of a case in which every event happens at least once: what fixtures, duties and publications are tested on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.cases.domain.arrived_matter import ArrivedMatter
from services.cases.domain.case import Case
from services.cases.domain.interagency import SeatEnding
from services.cases.domain.meeting_minutes import MeetingMinutes
from services.cases.domain.notice import Notice
from services.cases.domain.paper_register import PaperRegister
from services.cases.domain.safety_service import SafetyService
from services.cases.domain.safety_service.owing import month_duty, training_duty
from services.cases.domain.values import Duty, Kind, Leaving, Part, Role, Step
from services.cases.tests.builders import (
    BOOK,
    CLOCK,
    DEPUTY,
    DOCTOR,
    HEAD,
    LADDER,
    MONDAY,
    OFFICER,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    CaseBuilder,
    a_case,
    a_report,
    an_id,
    person,
    seat_of,
)
from services.cases.tests.services import the_service
from shared.ledger.erasure import Erasure


def a_full_life() -> Iterator[Case]:
    """The case after each step, from its opening to its reopening."""
    built = a_case().opened(a_report(kinds=[Kind.PHYSICAL]))
    yield built.case
    for step in (_assessment, _informing, _planning, _help, _agencies, _together, _end):
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
    built.case.convene_interagency_team(
        reasons="Мектеп жалғыз шеше алмайды", best_interests="Қауіпсіз", by=HEAD, at=built.at
    )
    yield built.assessed_high()


def _informing(built: CaseBuilder) -> Iterator[CaseBuilder]:
    built.case.record_no_liability(reasons="Жазатайым", best_interests="Қауіпсіз", by=PEDAGOGUE, at=built.at)
    yield built
    built.case.find_liability_possible(book=BOOK, by=PEDAGOGUE, at=built.at)
    yield built
    yield built.later(hours=25).missed("inform_agencies")
    yield built.later(days=3).missed("inform_agencies").missed("inform_agencies")
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
    built.case.waive_duty(
        duty=Duty.PLAN_REVIEW,
        reason="Бала демалыста",
        best_interests="Демалысы бұзылмайды",
        book=BOOK,
        by=PEDAGOGUE,
        at=built.at,
    )
    yield built
    [report, *_] = sorted(built.case.reports)
    built.case.note_new_facts(report=report, book=BOOK, by=POLICY, at=built.at)
    yield built


def _help(built: CaseBuilder) -> Iterator[CaseBuilder]:
    built.case.extend_sessions(more=2, reason="Отбасымен кездесу керек", book=BOOK, by=PEDAGOGUE, at=built.at)
    yield built.helped()
    yield built.medically_helped()
    yield built.put_in_safe().taken_out()
    yield built.rated().later(days=30).rated()


def _agencies(built: CaseBuilder) -> Iterator[CaseBuilder]:
    yield built.completed()
    yield built.waiting().waited()
    yield built.referred("екінші").declined("екінші")
    yield built.later(hours=1).referred("үшінші").silent("үшінші")
    built.case.take_own_measures(measures=["Сынып сағаты"], by=PEDAGOGUE, at=built.at)
    yield built
    built.referred("төртінші").case.note_referral_cancelled(
        referral=an_id("төртінші"), agency=POLICE, by=POLICY, at=built.at
    )
    yield built


def _together(built: CaseBuilder) -> Iterator[CaseBuilder]:
    yield built.seated(OFFICER).met_jointly(PEDAGOGUE, OFFICER, decisions=["Бала дағдарыс орталығына барады"])
    built.case.record_joint_decision(meeting=built.meeting, number=1, by=OFFICER, at=built.at)
    yield built.tasked("бірінші").tasked("екінші").later(days=3)
    for step in (0, 2, 3):
        built.case.miss_interagency_task(task=an_id("бірінші"), step=step, ladder=LADDER, by=CLOCK, at=built.at)
        yield built.later(days=3)
    built.case.do_interagency_task(task=an_id("бірінші"), result="Орын берілді", by=OFFICER, at=built.at)
    built.case.drop_interagency_task(task=an_id("екінші"), reason="Керек емес", by=HEAD, at=built.at)
    yield built
    built.case.end_seat(seat=seat_of(OFFICER), reason=SeatEnding.NO_LONGER_NEEDED, by=HEAD, at=built.at)
    yield built


def _end(built: CaseBuilder) -> Iterator[CaseBuilder]:
    yield built.met(PEDAGOGUE, PSYCHOLOGIST, DOCTOR, decisions=["Іс жабылуға дайын"]).decided().decided_on_offender()
    yield built.closed()
    yield built.later(days=3).reopened()
    built.handed_over(DOCTOR).coordinated_by(PSYCHOLOGIST)
    built.case.leave_team(person=person(PEDAGOGUE), reason=Leaving.LEFT_SCHOOL, by=HEAD, at=built.at)
    yield built
    glass = an_id("Әйнек")
    built.case.ask_to_break_glass(request=glass, reason="Басшы науқас, баланы қорғау керек", by=DEPUTY, at=built.at)
    built.case.break_glass(request=glass, hours=24, rule="cases.break_glass@2026-01-01", by=DOCTOR, at=built.at)
    yield built
    transfer = an_id("Ауысу")
    built.case.release_parts(
        transfer=transfer,
        to=an_id("Басқа мектеп"),
        parts=[Part.CHILD, Part.RISK],
        reason="Отбасы көшті",
        by=HEAD,
        at=built.at,
    )
    built.case.note_release_answered(transfer=transfer, outcome="accepted", by=POLICY, at=built.at)
    yield built
    yield built.walled_off(PSYCHOLOGIST)
    built.case.note_owner_not_admitted(person=person(DEPUTY), reason="cases.member_not_trained", by=POLICY, at=built.at)
    yield built


def a_service() -> Iterator[SafetyService]:
    """The school's service after each step: a member in grace, whose grace ends, who is trained, and leaves.

    What was missed climbs to the department before it is settled.
    """
    built = the_service()
    yield built.service
    yield built.police_agreed().service
    yield built.seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).service
    yield built.seated(TEACHER, Role.CLASS_TEACHER).service
    for days in (61, 4, 4):
        yield built.later(days=days).missed(training_duty(person(PEDAGOGUE))).service
    yield built.trained(PEDAGOGUE).service
    yield built.month_asked().service
    for days in (0, 4):
        yield built.later(days=days).missed(month_duty("2026-05")).service
    for actor, role in ((PSYCHOLOGIST, Role.PSYCHOLOGIST), (DOCTOR, Role.SCHOOL_DOCTOR)):
        yield built.seated(actor, role).service
    yield built.met(PEDAGOGUE, PSYCHOLOGIST, DOCTOR).service
    yield built.discussed(PEDAGOGUE, PSYCHOLOGIST).corrected(DOCTOR).service
    yield built.released(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).service


def minutes() -> MeetingMinutes:
    """The minutes of its meeting, corrected."""
    written = MeetingMinutes.write(
        id=an_id("хаттама"), meeting=an_id("отырыс"), text="Үш мәселе қаралды", by=PEDAGOGUE, at=MONDAY
    )
    written.correct(text="Төрт мәселе қаралды", by=PEDAGOGUE, at=MONDAY)
    return written


def a_destruction() -> Erasure:
    """Of a case, with one of its reports, by head and deputy."""
    erasure = Erasure.request(
        an_id("жою"),
        [an_id("Іс")],
        basis="Заң, 18-бап",
        reason="",
        entered_by="",
        by=HEAD,
        at=MONDAY,
        rule="cases.kept_after_closing@2026-01-01",
        along={"reports": [str(an_id("хабар"))], "referrals": []},
    )
    erasure.approve(entered_by="", by=DEPUTY, at=MONDAY)
    return erasure


def a_kept_safe() -> PaperRegister:
    """The school's safe, which the pedagogue keeps."""
    register = PaperRegister.begin(tenant=an_id("Мектеп"), by=HEAD, at=MONDAY)
    register.set_up_safe(
        safe=an_id("сейф"), place="Әлеуметтік педагогтің бөлмесі", keeper=person(PEDAGOGUE), by=HEAD, at=MONDAY
    )
    register.take_over_safe(safe=an_id("сейф"), by=PEDAGOGUE, at=MONDAY)
    return register


def a_notice() -> Notice:
    """What came up to the department, and is over."""
    notice = Notice.raise_(
        school=an_id("Мектеп"),
        service="reports",
        matter=an_id("хабарлама"),
        duty="verification",
        due_at=MONDAY,
        climbed_at=MONDAY,
        rule="reports.verification@2026-01-01",
        walled=[person(TEACHER)],
        by=POLICY,
        at=MONDAY,
    )
    notice.settle(by=POLICY, at=MONDAY)
    return notice


def arrived_matters() -> Iterator[ArrivedMatter]:
    """What another school released, taken and, of the same id, declined: a fixture for each event of one stream."""
    for is_taken in (True, False):
        matter = ArrivedMatter.offer(
            transfer=an_id("Ауысу"),
            school=an_id("Мектеп"),
            case=an_id("Іс"),
            parts=["child"],
            walled=[person(TEACHER)],
            by=POLICY,
            at=MONDAY,
        )
        if is_taken:
            child = {"topic": "cases.child_identified", "at": MONDAY, "facts": {"name": "Әлихан Ғабитұлы"}}
            matter.accept(content={"child": [child]}, walled=[], by=HEAD, at=MONDAY)
            matter.wall_off(walled=[person(DOCTOR)], by=POLICY, at=MONDAY)
        else:
            matter.decline(reason="Бала бізде оқымайды", by=HEAD, at=MONDAY)
        yield matter
