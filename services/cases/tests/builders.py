"""Cases for tests, brought to where they are needed by the verbs of their life: `a_case().opened().assessed(HIGH)`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid5

from services.cases.domain.case import Case
from services.cases.domain.values import (
    Answer,
    Area,
    Attendee,
    ConfirmedReport,
    Criterion,
    Kind,
    Level,
    Rating,
    Role,
)
from shared.domain import Actor
from shared.regulation import ALMATY, RuleBook

BOOK = RuleBook.load(Path(__file__).parents[1] / "regulations")
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


def goals(areas: Collection[Area] = tuple(Area)) -> list[Mapping[str, Any]]:
    """A goal with one measure for each area."""
    measure = {"measure": "Күнделікті әңгіме", "owner": "психолог", "due_on": "2026-05-04"}
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


class CaseBuilder:
    """A case on its way; each verb does one step as the cast would, at the builder's time."""

    def __init__(self) -> None:
        self.at = MONDAY
        self.case: Case

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

    def staffed(self) -> Self:
        """Psychologist and doctor joined the pedagogue who coordinates: enough for a joint decision."""
        return self.joined(PSYCHOLOGIST, Role.PSYCHOLOGIST).joined(DOCTOR, Role.SCHOOL_DOCTOR)

    def coordinated_by(self, actor: Actor, *, by: Actor = HEAD) -> Self:
        """Coordination passed on."""
        self.case.appoint_coordinator(person=person(actor), reason="Баламен тіл табысты", by=by, at=self.at)
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

    def completed(self, name: str = "Жолдама") -> Self:
        """The agency reported back."""
        self.case.note_referral_completed(
            referral=an_id(name), agency=POLICE, outcome="help_given", by=POLICY, at=self.at
        )
        return self

    def settled(self) -> Self:
        """All that closing takes: staffed, assessed, planned, rated twice 30 days apart."""
        return self.staffed().assessed().planned().rated().later(days=30).rated()

    def closed(self, *participants: Actor, by: Actor = PEDAGOGUE) -> Self:
        """The service closed it."""
        self.case.close(
            reasons="Тұрақты оң өзгеріс",
            best_interests="Бала өзін қауіпсіз сезінеді",
            participants=[person(actor) for actor in participants or (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)],
            book=BOOK,
            by=by,
            at=self.at,
        )
        return self

    def reopened(self) -> Self:
        """Taken up again."""
        self.case.reopen(reason="Қайталанды", report=None, book=BOOK, by=PEDAGOGUE, at=self.at)
        return self

    def missed(self, duty: str) -> Self:
        """The clock asked whether a duty was missed."""
        self.case.miss_deadline(duty=duty, step=0, by=CLOCK, at=self.at)
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
