"""Builders with the verbs of the life cycle, and the people of one school: names as they are spelled here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid5

from services.referrals.bootstrap import REGULATIONS, templates
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.referral import Deadline, Referral
from services.referrals.domain.values import AgencyKind, Clock, Purpose, Urgency
from shared.domain import Actor
from shared.ladder import Ladder
from shared.regulation import RuleBook

BOOK = RuleBook.load(REGULATIONS)
DEPARTMENT = UUID("c2a0a3a8-8a39-4f0d-8d38-2d6b7e0f1234")
MONDAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 09:00 in Almaty, a working day
NAMES = UUID("2f0c8e52-93a5-4f2e-8f31-5f5f0c2f8a10")


def an_id(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(NAMES, name)


def a_person(name: str, *roles: str, home: UUID | None = None, purpose: str = "") -> Actor:
    """Somebody with roles at the tenant that is acted in."""
    return Actor(id=f"person:{an_id(name)}", roles=frozenset(roles), home=home, purpose=purpose)


DEPARTMENT, OTHER_DEPARTMENT = an_id("Білім басқармасы"), an_id("Басқа облыстың басқармасы")
SCHOOL, OTHER_SCHOOL = an_id("№ 12 мектеп"), an_id("№ 40 мектеп")
POLICE, HEALTH = an_id("Алмалы ауданының ювеналды полициясы"), an_id("№ 7 қалалық емхана")
CASE = an_id("іс № 7")

HEAD = a_person("Гүлнар Сәрсенқызы", "head", home=SCHOOL)
DEPUTY = a_person("Өмірбек Жүнісұлы", "deputy", home=SCHOOL)
PEDAGOGUE = a_person("Ғалия Қыдырбекқызы", "social_pedagogue", home=SCHOOL)
PSYCHOLOGIST = a_person("Әйгерім Үсенқызы", "psychologist", home=SCHOOL)
TEACHER = a_person("Іңкәр Бөлекқызы", "class_teacher", home=SCHOOL)
AUDITOR = a_person("Һәкім Аңдасұлы", "auditor", purpose="audit:6b1f0c2e-8a55-4f0f-9a5e-3f3f6f1b2c3d")
OFFICER = a_person("Сержан Өтеғұлов", "partner_duty_officer", home=POLICE)
NURSE = a_person("Нұргүл Шәріпқызы", "partner_duty_officer", home=HEALTH)
ADMINISTRATOR = a_person("Қайрат Жәнібекұлы", "administrator", home=an_id("Білім басқармасы"))
POLICY = Actor(id="policy:test")
CLOCK = Actor(id="clock:referrals")

FACTS: Mapping[str, Any] = {
    "child_name": "Әділет Қуанышұлы Ғабитов",
    "birth_date": "2014-03-08",
    "school_name": "№ 12 мектеп",
    "school_facts": "5 «Б» сынып оқушысы; үш күн сабаққа келмеді.",
    "what_happened": "Үйде ұрып-соққанын айтты, қолында көгерген іздер бар.",
    "kinds": ["physical", "psychological"],
    "when_and_where": "20 қараша, үйінде",
    "immediate_danger": True,
    "school_contact": "Ғалия Қыдырбекқызы, 8 727 000 00 12",
}
HEALTH_FACTS: Mapping[str, Any] = {
    "child_name": "Әділет Қуанышұлы Ғабитов",
    "birth_date": "2014-03-08",
    "injuries_seen": "Сол қолында көгерген іздер",
    "help_needed": "Травматологтың қарауы",
    "immediate_danger": False,
    "school_contact": "Ғалия Қыдырбекқызы, 8 727 000 00 12",
}


DETAILS: Mapping[str, Any] = {
    "name": "Алмалы ауданының полиция басқармасы",
    "description": "Ювеналды полиция тобы",
    "contact_person": "Ғани Өтегенұлы",
    "contact_role": "кезекші",
    "phones": ["102", "8 727 000 00 02"],
    "email": "kezekshi@police.example",
    "website": "https://police.example",
    "address": "Алматы, Қарасай батыр көшесі, 109",
    "hours": "тәулік бойы",
    "languages": ["kk", "ru"],
    "needed_for": ["physical", "sexual"],
    "when_to_turn": "Денеге зақым келсе, дереу",
    "information_needed": "Баланың аты-жөні, не болғаны, қашан, қайда",
    "forms": ["Хабарлама нысаны № 3"],
    "steps": ["тіркеу", "тексеру", "шешім"],
    "services": [],
}


class ReferralBuilder:
    """A referral to the police, brought as far as the verbs say; each step a minute after the one before."""

    def __init__(self, facts: Mapping[str, Any] = FACTS, id: str = "жолдама") -> None:
        self.at = MONDAY
        self.referral = Referral.draft(
            id=an_id(id),
            case=CASE,
            agency=POLICE,
            kind=AgencyKind.POLICE,
            purpose=Purpose.NOTIFICATION,
            urgency=Urgency.HIGH,
            template=templates().in_force(AgencyKind.POLICE, MONDAY.date()),
            facts=facts,
            by=PEDAGOGUE,
            at=self.at,
        )

    def requested(self) -> Self:
        """Approved by the head with every field of the draft, and asked."""
        self.referral.approve(fields=sorted(self.referral.facts), rule="head_approves", by=HEAD, at=self._later())
        due = {Clock.ACKNOWLEDGE: 4, Clock.BEGIN: 24, Clock.REPORT_BACK: 240}
        clocks = {
            clock: Deadline(self.at + timedelta(hours=h), f"referrals.{clock}_high@2026-01-01")
            for clock, h in due.items()
        }
        self.referral.request(clocks=clocks, by=HEAD, at=self.at)
        return self

    def delivered(self) -> Self:
        """At the agency's broker."""
        self.referral.record_delivery(channel="amqp", message_id="хабар-1", by=POLICY, at=self._later())
        return self

    def accepted(self) -> Self:
        """Taken on."""
        self.referral.accept(agency=POLICE, by=OFFICER, at=self._later())
        return self

    def declined(self) -> Self:
        """Turned down."""
        self.referral.decline(agency=POLICE, reason="not_competent", text="", by=OFFICER, at=self._later())
        return self

    def begun(self) -> Self:
        """Worked on."""
        self.referral.begin(agency=POLICE, by=OFFICER, at=self._later())
        return self

    def on_hold(self) -> Self:
        """Waiting."""
        self.referral.put_on_hold(agency=POLICE, reason="waiting_for_expert", by=OFFICER, at=self._later())
        return self

    def completed(self) -> Self:
        """Reported back."""
        text = "Қорғау нұсқамасы шығарылды."
        self.referral.complete(agency=POLICE, outcome="measures_taken", text=text, by=OFFICER, at=self._later())
        return self

    def cancelled(self) -> Self:
        """Taken back."""
        self.referral.cancel(reason="no_longer_needed", by=HEAD, at=self._later())
        return self

    def built(self) -> Referral:
        """The referral, with nothing left to collect."""
        self.referral.collect_events()
        return self.referral

    def _later(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def a_referral(facts: Mapping[str, Any] = FACTS, id: str = "жолдама") -> ReferralBuilder:
    """A draft."""
    return ReferralBuilder(facts, id)


def a_team(*members: tuple[Actor, str], walled: tuple[Actor, ...] = ()) -> CaseTeam:
    """The team of a case, with roles; `walled` must not learn of it."""
    ids = [actor.person for actor in walled if actor.person]
    team = CaseTeam.form(case=CASE, walled=ids, by=POLICY, at=MONDAY)
    for actor, role in members:
        assert actor.person is not None
        team.admit_member(person=actor.person, role=role, by=POLICY, at=MONDAY)
    return team


def facts_of(aggregate: Any) -> list[dict[str, Any]]:
    """What an aggregate recorded since it was built: topic and facts of each event, for given/when/then."""
    envelope = ("originator_id", "originator_version", "originator_topic", "timestamp")
    return [
        {"event": type(event).TOPIC} | {name: value for name, value in vars(event).items() if name not in envelope}
        for event in aggregate.collect_events()
    ]


def silence(clock: Clock = Clock.ACKNOWLEDGE, *, step: int = 0) -> dict[str, Any]:
    """What the clock brings along when an agency is silent; the pedagogue coordinates."""
    ladder = Ladder(service="referrals", book=BOOK, department=DEPARTMENT)
    return {"clock": clock, "step": step, "ladder": ladder, "coordinator": PEDAGOGUE.person, "walled": frozenset()}
