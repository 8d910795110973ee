"""Every command of a case's life, as JSON through its schema, stored and read again by the real transcoder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries, schemas
from services.cases.domain.arrived_matter import matter_of
from services.cases.domain.case import Case
from services.cases.domain.paper_register import PaperRegister, paper_register_id
from services.cases.domain.register import Register, register_id
from services.cases.domain.safety_service import SafetyService, safety_service_id
from services.cases.domain.session_note import SessionNote
from services.cases.domain.values import Kind
from services.cases.tests.builders import (
    CLOCK,
    DEPUTY,
    DOCTOR,
    FACTORS,
    HEAD,
    OFFICER,
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
from shared.domain import Actor, Command, UnknownError, VersionConflictError
from shared.duties import MissDeadline
from shared.runners.door import load
from shared.tenancy.commands import NameDepartment

SCALARS = (str, int, float, bool, type(None), UUID, datetime)
CAST = (
    (PEDAGOGUE, "social_pedagogue"),
    (PSYCHOLOGIST, "psychologist"),
    (DOCTOR, "school_doctor"),
    (TEACHER, "class_teacher"),
)
NEXT_SCHOOL = UUID("c0a1f0de-52f3-4c8b-8d3e-1f6a0c7b9e21")
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

    def ask(self, kind: type[Command], by: Actor, /, **data: Any) -> None:
        """What a caller sends goes through JSON and the schema."""
        sent = json.loads(json.dumps({"case": str(self.case), **data}))
        loaded = load(getattr(schemas, kind.__name__)(), sent)
        self.tell(kind, by, **{name: value for name, value in loaded.items() if name != "case"})

    def ask_of_school(self, kind: type[Command], by: Actor, /, **data: Any) -> None:
        """What is asked of no case."""
        self.asked.add(kind)
        self.do(kind, by, **load(getattr(schemas, kind.__name__)(), json.loads(json.dumps(data))))

    def tell(self, kind: type[Command], by: Actor = POLICY, /, **facts: Any) -> None:
        """What a policy sends."""
        self.asked.add(kind)
        self.do(kind, by, case=self.case, **facts)

    def do(self, kind: type[Command], by: Actor, /, **facts: Any) -> None:
        """As it is asked; tests of it may do more."""
        self.school.do(kind, by, **facts)

    def case_as_stored(self) -> Case:
        """To look up what a command made."""
        return self.school.case(self.case)

    def service_as_stored(self) -> SafetyService:
        """The school's service."""
        return self.school.application.for_tenant(SCHOOL).get(SafetyService, safety_service_id(SCHOOL))

    def refer(self, kind: type[Command], referral: UUID, **facts: Any) -> None:
        """What the referrals service tells."""
        self.tell(kind, referral=referral, agency=POLICE, **facts)


@pytest.fixture
def lived(school: World) -> Life:
    """A case that lived through every command there is."""
    return live(Life(school))


def live(life: Life) -> Life:
    """Each chapter, and the clock's commands."""
    for chapter in (_service, _people, _together, _knowledge, _moved, _help, _agencies, _end):
        chapter(life)
    return life


def _service(life: Life) -> None:
    pedagogue, day = {"person": str(person(PEDAGOGUE))}, "2026-04-01"
    life.ask_of_school(commands.SetUpService, HEAD)
    life.ask_of_school(commands.RecordPoliceAgreement, HEAD, agreed_on=day, agreement=TEXT, until="2027-04-01")
    for actor, role in CAST:
        life.ask_of_school(commands.AdmitMember, HEAD, person=str(person(actor)), role=role, since=day, skills=TEXT)
    life.ask_of_school(commands.RecordTraining, HEAD, **pedagogue, training=TEXT, held_on=day, held_by=TEXT)
    present = [str(person(actor)) for actor in (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)]
    said: dict[str, Any] = {"agenda": [TEXT], "decisions": [TEXT], "minutes": TEXT}
    held = {"held_at": life.school.clock.now().isoformat(), "participants": present}
    life.ask_of_school(commands.HoldServiceMeeting, PEDAGOGUE, **held, **said)
    [meeting] = map(str, life.service_as_stored().meetings)
    life.ask_of_school(commands.ConfirmServiceMeeting, DOCTOR, meeting=meeting, took_part=True)
    life.ask_of_school(commands.CorrectServiceMeeting, DOCTOR, meeting=meeting, **said, reason=TEXT)
    leaving = {"person": str(person(TEACHER)), "role": "class_teacher", "reason": "at_own_request"}
    life.ask_of_school(commands.ReleaseMember, HEAD, **leaving)


def _people(life: Life) -> None:
    for actor, role in ((PSYCHOLOGIST, "psychologist"), (DOCTOR, "school_doctor"), (TEACHER, "class_teacher")):
        life.ask(commands.JoinTeam, HEAD, person=str(person(actor)), role=role)
    life.ask(commands.AcceptConfidentialityWarning, TEACHER)
    places = dict.fromkeys(("computer", "recycle_bin", "email"), "deleted")
    life.ask(commands.HandOverMaterial, TEACHER, to=str(person(PEDAGOGUE)), material=TEXT, **places)
    life.ask(commands.LeaveTeam, HEAD, person=str(person(TEACHER)), reason="no_longer_needed")
    life.ask(commands.AskToBreakGlass, DEPUTY, reason=TEXT)
    [request] = life.school.case(life.case).glass_asked
    life.ask(commands.BreakGlass, DOCTOR, request=str(request))
    [meeting] = map(str, life.service_as_stored().meetings)
    discussed = {"discussed": TEXT, "decisions": [{"decision": TEXT, "best_interests": TEXT}]}
    present = [str(person(actor)) for actor in (PEDAGOGUE, PSYCHOLOGIST)]
    life.ask(commands.DiscussCaseInService, PEDAGOGUE, meeting=meeting, present=present, **discussed)
    passed = {"person": str(person(DOCTOR)), "ground": "topic_of_the_case", "reason": TEXT}
    life.ask(commands.AppointCoordinator, HEAD, **passed)
    life.tell(commands.LinkReport, report=a_report("екінші", immediate_danger=True))


def _together(life: Life) -> None:
    """Both sides at one table; the first seat is ended by the agency, the next by the school (REF-05)."""
    why = {"best_interests": TEXT}
    life.ask(commands.ConveneInteragencyTeam, PEDAGOGUE, reasons=TEXT, **why)
    officer = _seated(life)
    soon = (life.school.clock.now() + timedelta(days=1)).isoformat()
    met: dict[str, Any] = {"held_at": life.school.clock.now().isoformat(), "discussed": TEXT}
    met["participants"] = [str(person(PEDAGOGUE)), str(person(officer))]
    life.ask(commands.HoldInteragencyMeeting, PEDAGOGUE, **met, decisions=[{"decision": TEXT, **why}])
    [meeting] = map(str, life.case_as_stored().joint_meetings)
    life.ask(commands.ConfirmInteragencyParticipation, officer, meeting=meeting, took_part=True)
    life.ask(commands.RecordJointDecision, PEDAGOGUE, meeting=meeting, number=1)
    life.ask(commands.GiveInteragencyTask, PEDAGOGUE, what=TEXT, due_at=soon, agency=str(POLICE))
    [task] = map(str, life.case_as_stored().tasks)
    life.ask(commands.DoInteragencyTask, officer, task=task, result=TEXT)
    life.ask(commands.GiveInteragencyTask, PEDAGOGUE, what=TEXT, due_at=soon, person=str(person(PSYCHOLOGIST)))
    [task] = map(str, life.case_as_stored().tasks)
    life.ask(commands.DropInteragencyTask, HEAD, task=task, reason=TEXT)
    life.tell(commands.NoteGrantEnded, seat=officer.grant, reason="by_the_agency")
    life.ask(commands.EndSeat, HEAD, seat=str(_seated(life).grant), reason="no_longer_needed")


def _seated(life: Life) -> Actor:
    """The police's officer, who took the seat that was offered."""
    life.ask(commands.OfferSeat, HEAD, agency=str(POLICE), rights=["see_materials", "take_part"])
    [seat] = life.case_as_stored().seats
    officer = replace(OFFICER, purpose=f"grant:{seat}")
    life.tell(commands.NoteMemberNamed, seat=seat, person=person(officer))
    life.ask(commands.TakeSeat, officer)
    return officer


def _moved(life: Life) -> None:
    """The next school declines what is released, and takes what is released again (CON-08)."""
    life.school.do(NameDepartment, POLICY, tenant=NEXT_SCHOOL, department=uuid4())
    life.asked |= {commands.OfferMatter, commands.WallOffFromMatter}
    there: dict[str, Any] = {"tenant": NEXT_SCHOOL}
    for kind, outcome, facts in (
        (commands.DeclineMatter, "declined", {"reason": TEXT}),
        (commands.AcceptMatter, "accepted", {}),
    ):
        life.ask(commands.ReleaseParts, HEAD, to=str(NEXT_SCHOOL), parts=["child", "risk"], reason=TEXT)
        *_, transfer = life.case_as_stored().releases
        offered = {"transfer": transfer, "school": SCHOOL, "case": life.case}
        life.school.do(commands.OfferMatter, POLICY, **there, **offered)
        walled: dict[str, Any] = {"transfer": transfer, "school": SCHOOL, "persons": (uuid4(),)}
        life.school.do(commands.WallOffFromMatter, POLICY, **there, **walled)
        life.asked.add(kind)
        loaded = load(getattr(schemas, kind.__name__)(), {"matter": str(matter_of(transfer)), **facts})
        life.do(kind, HEAD, **there, **loaded)
        life.tell(commands.NoteReleaseAnswered, transfer=transfer, outcome=outcome)


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
    life.ask(commands.WaiveDuty, PEDAGOGUE, duty="plan_review", reason=TEXT, best_interests=TEXT)
    [report, *_] = sorted(life.case_as_stored().reports)
    life.tell(commands.NoteNewFacts, report=report)
    moment = life.school.clock.now()
    came_up: dict[str, Any] = {"matter": uuid4(), "duty": "verification", "due_at": moment}
    life.asked |= {commands.RaiseNotice, commands.SettleNotice}
    notice: dict[str, Any] = {
        "school": SCHOOL,
        "service": "reports",
        "climbed_at": moment,
        "rule": "reports.verification@2026-01-01",
    }
    life.school.do(commands.RaiseNotice, POLICY, **came_up, **notice, walled=frozenset({uuid4()}))
    life.school.do(commands.SettleNotice, POLICY, **came_up)
    life.ask(commands.ReviewPlan, PEDAGOGUE, findings=TEXT, results=[TEXT], change_seen=True)
    life.ask(commands.HoldSession, PSYCHOLOGIST, attended=["child", "family"], observed_change=TEXT, note=TEXT)
    life.ask(commands.ExtendSessions, PEDAGOGUE, more=2, reason=TEXT)
    life.asked |= {commands.SetUpSafe, commands.NameKeeper, commands.TakeOverSafe}
    who = {"keeper": person(PEDAGOGUE)}
    safe = UUID(life.school.do(commands.SetUpSafe, HEAD, place="Кабинет", **who).body["safe"])
    life.school.do(commands.NameKeeper, HEAD, safe=safe, reason=TEXT, **who)
    life.school.do(commands.TakeOverSafe, PEDAGOGUE, safe=safe)
    life.ask(commands.PutPapersInSafe, PEDAGOGUE, safe=str(safe), papers=TEXT)
    life.ask(commands.TakePapersOut, PEDAGOGUE, person=str(person(DOCTOR)), reason=TEXT)
    now = life.school.clock.now().isoformat()
    life.ask(commands.OrganiseMedicalHelp, DOCTOR, kind="ambulance", called_at=now, what_happened=TEXT)
    [called] = life.case_as_stored().awaited_help
    came = {"helper": "ambulance_crew", "began_at": now, "ended_at": now, "outcome": TEXT}
    life.ask(commands.RecordMedicalHelp, DOCTOR, medical_help=str(called), **came)


def _agencies(life: Life) -> None:
    declined, silent, cancelled = uuid4(), uuid4(), uuid4()
    for referral in (declined, silent, cancelled):
        life.refer(commands.NoteReferralRequested, referral)
    life.ask(commands.AwaitAgency, PEDAGOGUE, agency=str(POLICE), at_once=TEXT, awaited=TEXT, then=TEXT)
    [waiting] = life.case_as_stored().waiting_for
    life.ask(commands.EndWaiting, PEDAGOGUE, waiting=str(waiting), outcome="decided", said=TEXT, follows=TEXT)
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
    why = {"best_interests": TEXT}
    said: dict[str, Any] = {"held_at": life.school.clock.now().isoformat(), "participants": team, "discussed": TEXT}
    said |= {"decisions": [{"decision": TEXT, **why}], "closing": {"reasons": TEXT, **why}}
    life.ask(commands.HoldMeeting, PEDAGOGUE, **said)
    *_, meeting = map(str, life.case_as_stored().meetings)
    for actor in (PSYCHOLOGIST, DOCTOR):
        life.ask(commands.ConfirmParticipation, actor, meeting=meeting, took_part=True)
    life.ask(commands.RecordDecision, PEDAGOGUE, meeting=meeting, number=1)
    offender = ("told_when", "told_of_the_process", "work_protected", "private_life_protected", "considered")
    decided = {"adult": "staff", "telling": "later", **dict.fromkeys(offender, TEXT), **why}
    life.ask(commands.DecideOnOffender, PEDAGOGUE, meeting=meeting, **decided)
    life.ask(commands.CloseCase, DOCTOR, meeting=meeting)
    life.ask(commands.ReopenCase, PEDAGOGUE, reason="Қайталанды", report=str(uuid4()))
    life.tell(commands.WallOffPerson, person=person(PSYCHOLOGIST), report=a_report().id)


def stored(life: Life) -> Iterator[Any]:
    """Every event of the school's log, and of the next school's, read again as the library reads it."""
    for tenant in (SCHOOL, NEXT_SCHOOL):
        ledger = life.school.application.for_tenant(tenant)
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
        f"cases.{name}"
        for name in (
            "case_opened",
            "support_plan_drawn_up",
            "session_note_written",
            "deadline_missed",
            "matter_accepted",
        )
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
    for kind, stream in (
        (Case, lived.case),
        (Register, register_id(SCHOOL, 2025)),
        (SessionNote, notes[0]),
        (SafetyService, safety_service_id(SCHOOL)),
    ):
        replayed: Any = None
        for _, event in ledger.events(stream):
            replayed = event.mutate(replayed)
        assert vars(replayed) == vars(ledger.get(kind, stream))


class LifeOfTwo(Life):
    """Every command of a person is asked on a version that is past before it is asked as it should be."""

    def __init__(self, school: World) -> None:
        super().__init__(school)
        self.refused: set[type[Command]] = set()

    def do(self, kind: type[Command], by: Actor, /, **facts: Any) -> None:
        if not by.is_the_system and kind not in BEGINNING:
            with pytest.raises(VersionConflictError) as conflict:
                self.school.do(kind, by, expected_version=0, **facts)
            assert conflict.value.facts["found"] > 0
            self.refused.add(kind)
        super().do(kind, by, **facts)


BEGINNING: set[type[Command]] = {commands.SetUpService}
"""What they make was not there to be seen."""


def test_every_command_of_a_person_is_refused_on_a_version_that_is_past(school: World) -> None:
    """No write is lost: whoever says what they saw is told where it stands elsewhere, whatever they ask."""
    life = LifeOfTwo(school)
    live(life)
    by_persons = {one for one in life.asked if hasattr(schemas, one.__name__)} - BEGINNING
    for_safes = {commands.SetUpSafe, commands.NameKeeper, commands.TakeOverSafe}
    assert by_persons - life.refused - for_safes == set()
    [safe] = school.application.for_tenant(SCHOOL).get(PaperRegister, paper_register_id(SCHOOL)).safes
    stale: dict[str, Any] = {"safe": safe, "expected_version": 1}
    for command, by, facts in (
        (commands.NameKeeper, HEAD, {"keeper": person(DOCTOR), "reason": TEXT}),
        (commands.TakeOverSafe, PEDAGOGUE, {}),
    ):
        with pytest.raises(VersionConflictError):
            school.do(command, by, **(stale | facts))


def test_a_conflict_tells_both_versions_and_what_lies_between_to_whom_may_see_it(school: World) -> None:
    """Who did what when, as the timeline has it; recorded as a read."""
    life = live(Life(school))
    stands = life.case_as_stored().version
    with pytest.raises(VersionConflictError) as conflict:
        school.do(commands.FindLiabilityPossible, PEDAGOGUE, case=life.case, expected_version=stands - 2)
    facts = conflict.value.facts
    assert (facts["expected"], facts["found"]) == (stands - 2, stands)
    timeline = queries.case_timeline(school.application, SCHOOL, PEDAGOGUE, case=life.case)
    for told, shown in zip(facts["events"], timeline[-2:], strict=True):
        assert told == {"version": shown["version"], "topic": shown["topic"], "actor": shown["actor"], "at": told["at"]}
    assert any(what["what"] == "version_conflict" for _, what in school.accesses())


def test_a_walled_person_learns_nothing_from_a_conflict(school: World) -> None:
    """The wall comes before the version: as to an unknown id."""
    case = school.open_case(a_report(walled=[HEAD]))
    refusals = []
    for asked in (case, uuid4()):
        with pytest.raises(UnknownError) as refusal:
            school.do(commands.FindLiabilityPossible, HEAD, case=asked, expected_version=99)
        refusals.append((refusal.value.code, refusal.value.facts))
    assert refusals[0] == refusals[1]
