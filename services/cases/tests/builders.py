"""Cases for tests, brought to where they are needed by the verbs of their life: `a_case().opened().assessed(HIGH)`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid5

from services.cases.domain.case import Case
from services.cases.domain.interagency import Right
from services.cases.domain.values import (
    Adult,
    Answer,
    Area,
    Attendee,
    Awaited,
    ConfirmedReport,
    Criterion,
    Deletion,
    Ground,
    Kind,
    Leaving,
    Level,
    MedicalHelp,
    MedicalHelper,
    Nature,
    Rating,
    Role,
    Telling,
)
from shared.domain import Actor
from shared.ladder import Ladder
from shared.regulation import ALMATY, RuleBook

DEPARTMENT = UUID("c2a0a3a8-8a39-4f0d-8d38-2d6b7e0f1234")
BOOK = RuleBook.load(Path(__file__).parents[1] / "regulations")
LADDER = Ladder(service="cases", book=BOOK, department=DEPARTMENT)
MONDAY = datetime(2026, 4, 6, 10, 0, tzinfo=ALMATY)
"""A school day: 6 April 2026, 10:00 in Almaty."""

_NAMES = UUID("5f0d9a52-2c41-4d0a-9a42-0f7cb2c6d001")


def an_id(name: str) -> UUID:
    """The same id for the same name, in every test."""
    return uuid5(_NAMES, name)


HEAD = Actor(id=f"person:{an_id('Һадиша Үмбетова')}", roles=frozenset({"head"}))
DEPUTY = Actor(id=f"person:{an_id('Ғалым Өмірзақов')}", roles=frozenset({"deputy"}))
PEDAGOGUE = Actor(id=f"person:{an_id('Айгүл Нұрғалиқызы')}", roles=frozenset({"social_pedagogue"}))
PSYCHOLOGIST = Actor(id=f"person:{an_id('Әсел Құдайбергенова')}", roles=frozenset({"psychologist"}))
DOCTOR = Actor(id=f"person:{an_id('Іңкәр Сәтбаева')}", roles=frozenset({"school_doctor"}))
TEACHER = Actor(id=f"person:{an_id('Қайрат Еңсебаев')}", roles=frozenset({"class_teacher"}))
STRANGER = Actor(id=f"person:{an_id('Бөтен адам')}", roles=frozenset({"subject_teacher"}))
AUDITOR = Actor(
    id=f"person:{an_id('Аудитор Ұлан')}",
    roles=frozenset({"auditor"}),
    purpose="audit:6b1f0c2e-8a55-4f0f-9a5e-3f3f6f1b2c3d",
)
POLICY = Actor(id="policy:when_report_confirmed_open_case")
CLOCK = Actor(id="clock:cases")

POLICE = an_id("Полиция басқармасы")
OFFICER = Actor(
    id=f"person:{an_id('Майор Өтеген')}",
    roles=frozenset({"interagency_member"}),
    home=POLICE,
    purpose=f"grant:{an_id('орын')}",
)
"""The police's duty officer, who comes by a grant of the seat `орын`."""
FACTORS = BOOK.at("cases.risk_factors", MONDAY).value


def person(actor: Actor) -> UUID:
    """The id of a person of the cast."""
    assert actor.person is not None
    return actor.person


def a_report(
    name: str = "Өшірілген сурет",
    *,
    kinds: Collection[str] = (Kind.BULLYING,),
    immediate_danger: bool = False,
    walled: Collection[Actor] = (),
    owner: Actor | None = PEDAGOGUE,
) -> ConfirmedReport:
    """A confirmed report; by default of bullying in school, which opens no duty to inform."""
    return ConfirmedReport(
        id=an_id(name),
        kinds=frozenset(str(kind) for kind in kinds),
        place="school",
        immediate_danger=immediate_danger,
        walled=frozenset(person(actor) for actor in walled),
        owner=owner.person if owner else None,
    )


def all_factors(answer: Answer = Answer.NO) -> dict[str, Answer]:
    """Every risk factor in force, answered."""
    return dict.fromkeys(FACTORS, answer)


def goals(areas: Collection[Area] = tuple(Area), nature: Nature = Nature.HELP) -> list[Mapping[str, Any]]:
    """A goal with one measure for each area."""
    measure = {"measure": "Күнделікті әңгіме", "nature": nature.value, "owner": "психолог", "due_on": "2026-05-04"}
    return [{"area": area.value, "goal": "Сенімі артады", "measures": [measure]} for area in areas]


def ratings(rating: Rating = Rating.POSITIVE, but: Mapping[Criterion, Rating] | None = None) -> list[dict[str, str]]:
    """Every criterion rated alike, but those named."""
    changed = but or {}
    return [
        {
            "criterion": criterion.value,
            "rating": changed.get(criterion, rating).value,
            "evidence": "Үзілісте құрбыларымен күліп ойнайды",
        }
        for criterion in Criterion
    ]


def seat_of(outsider: Actor) -> UUID:
    """The seat that an outsider's grant is."""
    assert outsider.grant is not None
    return outsider.grant


class CaseBuilder:
    """A case on its way; each verb does one step as the cast would, at the builder's time."""

    def __init__(self) -> None:
        self.at = MONDAY
        self.case: Case
        self.meeting: UUID = an_id("кездесу")

    def later(self, **time: float) -> Self:
        """Lets time pass: `later(days=30)`."""
        self.at += timedelta(**time)
        return self

    def opened(self, report: ConfirmedReport | None = None, *, number: int = 1) -> Self:
        """Entered in the register from a report."""
        self.case = Case.open(
            id=an_id("Іс"),
            number=number,
            register_year=2025,
            report=report or a_report(),
            previous=None,
            book=BOOK,
            by=POLICY,
            at=self.at,
        )
        return self

    def linked(self, report: ConfirmedReport) -> Self:
        """Another report joined."""
        self.case.link_report(report=report, book=BOOK, by=POLICY, at=self.at)
        return self

    def walled_off(self, actor: Actor) -> Self:
        """It turned out that a person is to be kept away."""
        self.case.wall_off(person=person(actor), report=an_id("Өшірілген сурет"), by=POLICY, at=self.at)
        return self

    def joined(self, actor: Actor, role: Role, *, by: Actor = HEAD) -> Self:
        """A person came on the team."""
        self.case.join_team(person=person(actor), role=role, by=by, at=self.at)
        return self

    def handed_over(self, actor: Actor, to: Actor = PEDAGOGUE) -> Self:
        """A member gave their material away, and has nothing left."""
        self.case.hand_over_material(
            to=person(to),
            material="Әңгіме жазбалары",
            computer=Deletion.DELETED,
            recycle_bin=Deletion.DELETED,
            email=Deletion.NOTHING_THERE,
            by=actor,
            at=self.at,
        )
        return self

    def left(self, actor: Actor, reason: Leaving = Leaving.NO_LONGER_NEEDED) -> Self:
        """Their part ended."""
        self.case.leave_team(person=person(actor), reason=reason, by=HEAD, at=self.at)
        return self

    def staffed(self) -> Self:
        """Psychologist and doctor joined the pedagogue who coordinates: enough for a joint decision."""
        return self.joined(PSYCHOLOGIST, Role.PSYCHOLOGIST).joined(DOCTOR, Role.SCHOOL_DOCTOR)

    def coordinated_by(self, actor: Actor, *, by: Actor = HEAD, ground: Ground = Ground.LEADERSHIP_SKILLS) -> Self:
        """Coordination passed on."""
        self.case.appoint_coordinator(
            person=person(actor), ground=ground, reason="Баламен тіл табысты", by=by, at=self.at
        )
        return self

    def with_child(self) -> Self:
        """The child is identified."""
        self.case.identify_child(
            name="Һәнифа Жүнісқызы Өтеғұлова",
            birth_date=date(2014, 9, 3),
            class_name="5 «Ә»",
            by=PEDAGOGUE,
            at=self.at,
        )
        return self

    def assessed(self, level: Level = Level.MEDIUM, factors: Mapping[str, Answer] | None = None) -> Self:
        """Risk was assessed."""
        self.case.assess_risk(
            level=level,
            factors=all_factors() if factors is None else factors,
            reasons="Сыныптастарының қысымы жалғасуда",
            childs_place="Мектепке барғысы келмейді, қорқады",
            childs_safety="Үзілісте жалғыз қалғанда қауіпсіз емес",
            best_interests="Сабаққа қауіпсіз қатысу құқығы бірінші орында",
            book=BOOK,
            by=PEDAGOGUE,
            at=self.at,
        )
        return self

    def assessed_high(self) -> Self:
        """Risk is high."""
        return self.assessed(Level.HIGH)

    def planned(self) -> Self:
        """A support plan was drawn up."""
        self.case.draw_up_support_plan(goals=goals(), book=BOOK, by=PEDAGOGUE, at=self.at)
        return self

    def reviewed(self, *, change_seen: bool) -> Self:
        """The plans were reviewed."""
        self.case.review_plan(
            findings="Өзгеріс байқалды", results=[], change_seen=change_seen, book=BOOK, by=PEDAGOGUE, at=self.at
        )
        return self

    def helped(self, sessions: int = 1, *, by: Actor = PSYCHOLOGIST) -> Self:
        """Sessions were held."""
        for _ in range(sessions):
            self.case.hold_session(
                attended=[Attendee.CHILD],
                observed_change="Көңіл күйі көтеріңкі",
                note=an_id("жазба"),
                book=BOOK,
                by=by,
                at=self.at,
            )
        return self

    def help_called(self, kind: MedicalHelp = MedicalHelp.AMBULANCE) -> Self:
        """Medical help was asked for."""
        self.case.organise_medical_help(
            medical_help=an_id(kind), kind=kind, called_at=self.at, what_happened="Есінен танды", by=TEACHER, at=self.at
        )
        return self

    def medically_helped(
        self,
        kind: MedicalHelp = MedicalHelp.AMBULANCE,
        helper: MedicalHelper = MedicalHelper.AMBULANCE_CREW,
        *,
        minutes: tuple[int, int] | None = (12, 40),
    ) -> Self:
        """It was asked for, and came `minutes` after (from, to)."""
        self.help_called(kind).later(hours=1)
        began, ended = (self.at + timedelta(minutes=one - 60) for one in minutes) if minutes else (None, None)
        self.case.record_medical_help(
            medical_help=an_id(kind),
            helper=helper,
            began_at=began,
            ended_at=ended,
            outcome="Ауруханаға жеткізілді",
            by=DOCTOR,
            at=self.at,
        )
        return self

    def put_in_safe(self, keeper: Actor = PEDAGOGUE) -> Self:
        """The file lies in a safe."""
        self.case.put_papers_in_safe(
            safe=an_id("сейф"), keeper=person(keeper), papers="Баланың ісі", by=DOCTOR, at=self.at
        )
        return self

    def taken_out(self, actor: Actor = PSYCHOLOGIST) -> Self:
        """A member has it."""
        self.case.take_papers_out(person=person(actor), reason="Кездесуге керек", by=DOCTOR, at=self.at)
        return self

    def rated(self, rating: Rating = Rating.POSITIVE, but: Mapping[Criterion, Rating] | None = None) -> Self:
        """Every criterion was rated."""
        self.case.rate_criteria(ratings=ratings(rating, but), by=PSYCHOLOGIST, at=self.at)
        return self

    def referred(self, name: str = "Жолдама") -> Self:
        """A referral to the police was requested."""
        self.case.note_referral_requested(referral=an_id(name), agency=POLICE, by=POLICY, at=self.at)
        return self

    def delivered(self, name: str = "Жолдама", *, notifies: bool = True) -> Self:
        """It arrived."""
        self.case.note_referral_delivered(
            referral=an_id(name), agency=POLICE, delivered_at=self.at, notifies=notifies, by=POLICY, at=self.at
        )
        return self

    def accepted(self, name: str = "Жолдама") -> Self:
        """The agency took it up."""
        self.case.note_referral_accepted(referral=an_id(name), agency=POLICE, by=POLICY, at=self.at)
        return self

    def declined(self, name: str = "Жолдама") -> Self:
        """The agency declined."""
        self.case.note_referral_declined(
            referral=an_id(name), agency=POLICE, reason="not_competent", book=BOOK, by=POLICY, at=self.at
        )
        return self

    def silent(self, name: str = "Жолдама") -> Self:
        """The agency fell silent."""
        self.case.note_referral_fell_silent(
            referral=an_id(name), agency=POLICE, silent_clock="acknowledge", book=BOOK, by=POLICY, at=self.at
        )
        return self

    def waiting(self, name: str = "күту", *, by: Actor = PEDAGOGUE) -> Self:
        """A step waits for the police."""
        self.case.await_agency(
            waiting=an_id(name),
            agency=POLICE,
            at_once="Бала басқа сыныпта оқиды",
            awaited="Іс қозғала ма",
            then="Сынып жетекшісімен әңгіме",
            by=by,
            at=self.at,
        )
        return self

    def waited(self, outcome: Awaited = Awaited.DECIDED, *, by: Actor = PEDAGOGUE) -> Self:
        """It ended."""
        self.case.end_waiting(
            waiting=an_id("күту"), outcome=outcome, said="Қозғалды", follows="Әңгіме өтеді", by=by, at=self.at
        )
        return self

    def completed(self, name: str = "Жолдама") -> Self:
        """The agency reported back."""
        self.case.note_referral_completed(
            referral=an_id(name), agency=POLICE, outcome="help_given", by=POLICY, at=self.at
        )
        return self

    def settled(self) -> Self:
        """All that closing takes: staffed, assessed, planned, rated twice 30 days apart."""
        return self.staffed().assessed().planned().rated().later(days=30).rated()

    def met(
        self,
        *participants: Actor,
        confirmed: Collection[Actor] | None = None,
        decisions: Collection[str] = (),
        closing: bool = False,
    ) -> Self:
        """The team met: the first put it down, the others (or who of them `confirmed`) said that they were there."""
        self.meeting = an_id(f"кездесу {self.case.version}")
        first, *others = participants
        self.case.hold_meeting(
            meeting=self.meeting,
            held_at=self.at,
            participants=[person(actor) for actor in participants],
            discussed="Баланың көңіл күйі",
            decisions=[{"decision": one, "best_interests": "Балаға қысым түспейді"} for one in decisions],
            closing={"reasons": "Тұрақты оң өзгеріс", "best_interests": "Бала қауіпсіз"} if closing else None,
            by=first,
            at=self.at,
        )
        for actor in others if confirmed is None else confirmed:
            self.confirmed(actor)
        return self

    def confirmed(self, actor: Actor, *, took_part: bool = True) -> Self:
        """A participant answered for themselves."""
        self.case.confirm_participation(meeting=self.meeting, took_part=took_part, by=actor, at=self.at)
        return self

    def decided(self, number: int = 1, *, by: Actor = PEDAGOGUE) -> Self:
        """A decision of the latest meeting became a joint one."""
        self.case.record_decision(meeting=self.meeting, number=number, book=BOOK, by=by, at=self.at)
        return self

    def decided_on_offender(self, *, by: Actor = PEDAGOGUE) -> Self:
        """The latest meeting decided what the accused trainer is told."""
        self.case.decide_on_offender(
            adult=Adult.STAFF,
            telling=Telling.LATER,
            told_when="Полиция рұқсат бергеннен кейін",
            told_of_the_process="Шағым тексерілуде",
            work_protected="Жалақысы сақталады, балалармен жұмыс істемейді",
            private_life_protected="Есімін команда ғана біледі",
            considered="Баламен кездеспеуі",
            best_interests="Бала қауіпсіз",
            meeting=self.meeting,
            book=BOOK,
            by=by,
            at=self.at,
        )
        return self

    def offered(self, outsider: Actor = OFFICER, *, rights: Collection[Right] = tuple(Right), **days: float) -> Self:
        """An agency was asked for its person, for a time."""
        self.case.offer_seat(
            seat=seat_of(outsider),
            agency=outsider.home or POLICE,
            rights=rights,
            ends_at=self.at + timedelta(**days) if days else None,
            book=BOOK,
            by=HEAD,
            at=self.at,
        )
        return self

    def named(self, outsider: Actor = OFFICER) -> Self:
        """The agency named its person."""
        self.case.note_member_named(seat=seat_of(outsider), person=person(outsider), by=POLICY, at=self.at)
        return self

    def seated(self, outsider: Actor = OFFICER, *, rights: Collection[Right] = tuple(Right)) -> Self:
        """And that person accepted the warning."""
        self.offered(outsider, rights=rights).named(outsider).case.take_seat(by=outsider, at=self.at)
        return self

    def met_jointly(self, *participants: Actor, decisions: Collection[str] = (), confirmed: bool = True) -> Self:
        """Both sides met; the first put it down, the others confirm."""
        self.meeting = an_id(f"ортақ кездесу {self.case.version}")
        first, *others = participants
        self.case.hold_interagency_meeting(
            meeting=self.meeting,
            held_at=self.at,
            participants=[person(actor) for actor in participants],
            discussed="Баланың қауіпсіздігі",
            decisions=[{"decision": one, "best_interests": "Бала қауіпсіз"} for one in decisions],
            by=first,
            at=self.at,
        )
        for actor in others if confirmed else ():
            self.case.confirm_interagency_participation(meeting=self.meeting, took_part=True, by=actor, at=self.at)
        return self

    def tasked(self, name: str = "тапсырма", *, owner: Actor | None = None, by: Actor = PEDAGOGUE) -> Self:
        """The police, or a person, has two days for something."""
        self.case.give_interagency_task(
            task=an_id(name),
            what="Дағдарыс орталығынан орын табу",
            agency=POLICE if owner is None else None,
            person=None if owner is None else person(owner),
            due_at=self.at + timedelta(days=2),
            by=by,
            at=self.at,
        )
        return self

    def closed(self, *participants: Actor, by: Actor = PEDAGOGUE) -> Self:
        """The service met, agreed to close, and did."""
        self.met(*(participants or (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)), closing=True)
        return self.closed_as_agreed(by=by)

    def closed_as_agreed(self, *, by: Actor = PEDAGOGUE) -> Self:
        """Closed on the latest meeting."""
        self.case.close(meeting=self.meeting, book=BOOK, by=by, at=self.at)
        return self

    def reopened(self) -> Self:
        """Taken up again."""
        self.case.reopen(reason="Қайталанды", report=None, book=BOOK, by=PEDAGOGUE, at=self.at)
        return self

    def missed(self, duty: str) -> Self:
        """The clock asked whether a duty was missed."""
        so_far = self.case.climbs.get(duty)
        step = 0 if so_far is None else so_far.step + 1
        self.case.miss_deadline(duty=duty, step=step, ladder=LADDER, by=CLOCK, at=self.at)
        return self


def a_case() -> CaseBuilder:
    """A case to be; begin with `.opened()`."""
    return CaseBuilder()


def recorded(case: Case) -> list[str]:
    """The names of the events a case has recorded and not yet saved."""
    return [type(event).__name__ for event in case.pending_events]


def last_event(case: Case) -> Any:
    """The latest of them."""
    return case.pending_events[-1]
