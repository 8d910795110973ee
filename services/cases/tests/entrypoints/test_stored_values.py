"""Every command of a case's life, as JSON through its schema, stored and read again by the real transcoder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries, schemas
from services.cases.domain.case import Case
from services.cases.domain.register import Register, register_id
from services.cases.domain.session_note import SessionNote
from services.cases.domain.values import Kind
from services.cases.tests.builders import (
    CLOCK,
    DOCTOR,
    FACTORS,
    HEAD,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_report,
    goals,
    person,
    ratings,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, Command
from shared.duties import MissDeadline
from shared.runners.door import load

SCALARS = (str, int, float, bool, type(None), UUID, datetime)
TEXT = "Қауіпсіздігі бәрінен жоғары"


def is_stored_value(value: Any) -> bool:
    """What decision 0001 allows in events: JSON values, ids, times with their zone; to the last list within a list."""
    if isinstance(value, Mapping):
        return type(value) is dict and all(type(key) is str and is_stored_value(one) for key, one in value.items())
    if isinstance(value, list | tuple):
        return type(value) is list and all(map(is_stored_value, value))
    return type(value) in SCALARS and (not isinstance(value, datetime) or value.tzinfo is not None)


class Life:
    """A case over a real ledger; `ask` does a command as somebody asks it, by JSON."""

    def __init__(self, school: World) -> None:
        self.school = school
        self.case = school.open_case(a_report(kinds=[Kind.PHYSICAL]))
        self.asked: set[type[Command]] = {commands.OpenCase}

    def ask(self, kind: type[Command], by: Actor, **data: Any) -> None:
        """What a caller sends goes through JSON and the schema."""
        sent = json.loads(json.dumps({"case": str(self.case), **data}))
        loaded = load(getattr(schemas, kind.__name__)(), sent)
        self.tell(kind, by, **{name: value for name, value in loaded.items() if name != "case"})

    def tell(self, kind: type[Command], by: Actor = POLICY, **facts: Any) -> None:
        """What a policy sends."""
        self.asked.add(kind)
        self.school.do(kind, by, case=self.case, **facts)

    def refer(self, kind: type[Command], referral: UUID, **facts: Any) -> None:
        """What the referrals service tells."""
        self.tell(kind, referral=referral, agency=POLICE, **facts)


@pytest.fixture
def lived(school: World) -> Life:
    """A case that lived through every command there is."""
    life = Life(school)
    for chapter in (_people, _knowledge, _help, _agencies, _end):
        chapter(life)
    return life


def _people(life: Life) -> None:
    for actor, role in ((PSYCHOLOGIST, "psychologist"), (DOCTOR, "school_doctor"), (TEACHER, "class_teacher")):
        life.ask(commands.JoinTeam, HEAD, person=str(person(actor)), role=role)
    life.ask(commands.AcceptConfidentialityWarning, TEACHER)
    life.ask(commands.LeaveTeam, HEAD, person=str(person(TEACHER)), reason="no_longer_needed")
    life.ask(commands.AppointCoordinator, HEAD, person=str(person(DOCTOR)), reason=TEXT)
    life.tell(commands.LinkReport, report=a_report("екінші", immediate_danger=True))


def _knowledge(life: Life) -> None:
    life.ask(commands.IdentifyChild, PEDAGOGUE, name="Һәнифа Өтеғұлова", birth_date="2014-09-03", class_name="5 «Ә»")
    step = {"step": "medical_check", "role": "school_doctor", "result": TEXT, "on": "2026-04-06"}
    life.ask(commands.RecordAssessmentStep, DOCTOR, **step)
    answers = {"factors": dict.fromkeys(FACTORS, "unclear"), "childs_place": TEXT, "childs_safety": TEXT}
    life.ask(commands.AssessRisk, PEDAGOGUE, level="high", reasons=TEXT, best_interests=TEXT, **answers)
    life.ask(commands.RecordNoLiability, PEDAGOGUE, reasons=TEXT, best_interests=TEXT)
    life.school.later(minutes=1)
    arrived: dict[str, Any] = {"referral": uuid4(), "delivered_at": life.school.clock.now()}
    life.refer(commands.NoteReferralRequested, arrived["referral"])
    life.refer(commands.NoteReferralDelivered, **arrived)
    life.ask(commands.FindLiabilityPossible, PEDAGOGUE)
    life.ask(commands.MeetDutyToInform, PEDAGOGUE, referral=str(arrived["referral"]))
    life.refer(commands.NoteReferralAccepted, arrived["referral"])
    life.refer(commands.NoteReferralCompleted, arrived["referral"], outcome="measures_taken")


def _help(life: Life) -> None:
    life.ask(commands.DrawUpSupportPlan, PEDAGOGUE, goals=goals())
    names = ("dangers", "safe_people", "safe_places", "child_does", "adults_do")
    life.ask(commands.DrawUpSafetyPlan, PEDAGOGUE, **{name: [TEXT, "Іңкәр апай"] for name in names})
    life.ask(commands.ReviewPlan, PEDAGOGUE, findings=TEXT, results=[TEXT], change_seen=True)
    life.ask(commands.HoldSession, PSYCHOLOGIST, attended=["child", "family"], observed_change=TEXT, note=TEXT)
    life.ask(commands.ExtendSessions, PEDAGOGUE, more=2, reason=TEXT)


def _agencies(life: Life) -> None:
    declined, silent, cancelled = uuid4(), uuid4(), uuid4()
    for referral in (declined, silent, cancelled):
        life.refer(commands.NoteReferralRequested, referral)
    life.refer(commands.NoteReferralDeclined, declined, reason="not_competent")
    life.refer(commands.NoteReferralFellSilent, silent, silent_clock="acknowledge")
    life.refer(commands.NoteReferralCancelled, cancelled)
    life.school.later(days=40)  # the clock says what was missed
    life.asked.add(MissDeadline)
    life.ask(commands.TakeOwnMeasures, PEDAGOGUE, measures=["Сынып сағаты"])


def _end(life: Life) -> None:
    team = [str(person(actor)) for actor in (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)]
    for _ in range(2):
        life.ask(commands.RateCriteria, PSYCHOLOGIST, ratings=ratings())
        life.school.clock.advance(timedelta(days=30))
    life.ask(commands.RecordDecision, PEDAGOGUE, decision=TEXT, participants=team, best_interests=TEXT)
    life.ask(commands.CloseCase, DOCTOR, reasons=TEXT, participants=team, best_interests=TEXT)
    life.ask(commands.ReopenCase, PEDAGOGUE, reason="Қайталанды", report=str(uuid4()))
    life.tell(commands.WallOffPerson, person=person(PSYCHOLOGIST), report=a_report().id)


def stored(life: Life) -> Iterator[Any]:
    """Every event of the school's log, read again as the library reads it."""
    ledger = life.school.application.for_tenant(SCHOOL)
    recorded = ledger.recorder.select_notifications(1, 1000)
    yield from (ledger.mapper.to_domain_event(one) for one in recorded)


def test_the_life_has_every_command_there_is(lived: Life) -> None:
    """One that is new must be asked here as well."""
    kinds = {one for one in vars(commands).values() if isinstance(one, type) and issubclass(one, Command)}
    assert lived.asked == kinds - {Command, commands.CaseCommand, commands.NoteReferral} | {MissDeadline}
    assert CLOCK.id in {event.actor for event in stored(lived)}


def test_every_event_holds_stored_values_only(lived: Life) -> None:
    """A date, a set, an enumeration or a tuple would not be read back as it was put, or not be stored at all."""
    events = list(stored(lived))
    assert {event.TOPIC for event in events} >= {
        f"cases.{name}" for name in ("case_opened", "support_plan_drawn_up", "session_note_written", "deadline_missed")
    }
    for event in events:
        for field in fields(event):
            assert is_stored_value(getattr(event, field.name)), (event.TOPIC, field.name)


def test_what_was_planned_until_a_day_is_shown_as_that_day(lived: Life) -> None:
    """Dates come back as they were sent."""
    shown = queries.show_case(lived.school.application, SCHOOL, PEDAGOGUE, case=lived.case)
    assert {one["due_on"] for goal in shown["plans"]["support"]["goals"] for one in goal["measures"]} == {"2026-05-04"}
    assert shown["child"]["birth_date"] == "2014-09-03"
    assert [step["on"] for step in shown["assessment_steps"]] == ["2026-04-06"]


def test_replay_is_the_state_that_decided(lived: Life) -> None:
    """Applying a case's events one by one gives what the repository gives; nothing of it lives outside them."""
    ledger = lived.school.application.for_tenant(SCHOOL)
    notes = [one.note for _, one in ledger.events(lived.case) if isinstance(one, Case.SessionHeld)]
    for kind, stream in ((Case, lived.case), (Register, register_id(SCHOOL, 2025)), (SessionNote, notes[0])):
        replayed: Any = None
        for _, event in ledger.events(stream):
            replayed = event.mutate(replayed)
        assert vars(replayed) == vars(ledger.get(kind, stream))
