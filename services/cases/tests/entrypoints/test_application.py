"""Commands over a real ledger: register and case in one append, once each, denials recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.domain.case import Case
from services.cases.domain.errors import CaseClosedError
from services.cases.domain.register import Register, register_id
from services.cases.domain.session_note import SessionNote
from services.cases.domain.values import Attendee, Duty, Kind, Level, Role
from services.cases.tests.builders import (
    AUDITOR,
    DOCTOR,
    HEAD,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    STRANGER,
    TEACHER,
    a_report,
    an_id,
    person,
    ratings,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import NotPermittedError, UnknownError, VersionConflictError
from shared.ids import derived_id


def number_of(world: World, case: UUID) -> int:
    """A case's number in the register."""
    return world.case(case).number


class TestEnteringInTheRegister:
    """OpenCase and LinkReport."""

    @pytest.mark.requirement("REP-07")
    def test_gives_the_schools_next_number_and_starts_over_each_school_year(self, school: World) -> None:
        """1, 2 in spring; 1 again in September."""
        assert [number_of(school, school.open_case(a_report(name))) for name in ("бір", "екі")] == [1, 2]
        school.clock.at = school.clock.at.replace(month=9, day=1)
        assert number_of(school, school.open_case(a_report("үш"))) == 1

    @pytest.mark.requirement("REP-07")
    def test_asked_again_gives_the_same_case_and_no_other_number(self, school: World) -> None:
        """A policy that hears an event twice opens one case."""
        command_id = uuid4()
        assert school.open_case(command_id=command_id) == school.open_case(command_id=command_id)
        register = school.application.for_tenant(SCHOOL).get(Register, register_id(SCHOOL, 2025))
        assert register.last_number == 1

    def test_joins_a_report_to_its_case(self, school: World) -> None:
        """The case keeps its number, and no other is given."""
        case = school.open_case()
        answer = school.do(commands.LinkReport, POLICY, case=case, report=a_report("екінші"))
        assert answer.body == {"case": str(case), "number": 1}
        assert school.case(case).reports == {an_id("екінші"), a_report().id}

    @pytest.mark.requirement("REP-07")
    def test_loses_no_fact_where_the_case_to_join_is_unknown(self, school: World) -> None:
        """It is entered as a case of its own."""
        answer = school.do(commands.LinkReport, POLICY, case=uuid4(), report=a_report("екінші"))
        assert answer.body["number"] == 1


class TestDoingACommand:
    """The application's own rules, whatever the command."""

    def test_is_refused_at_another_version_than_the_sender_saw(self, school: World) -> None:
        """No write is lost: the second of two who change one case is told."""
        case = school.open_case()
        seen = school.case(case).version
        command: dict[str, Any] = {"case": case, "person": person(DOCTOR), "role": Role.SCHOOL_DOCTOR}
        school.do(commands.JoinTeam, HEAD, expected_version=seen, **command)
        command["person"] = person(PSYCHOLOGIST)
        with pytest.raises(VersionConflictError):
            school.do(commands.JoinTeam, HEAD, expected_version=seen, **command)

    @pytest.mark.requirement("REP-02")
    @pytest.mark.requirement("CON-01")
    def test_answers_a_walled_person_as_an_unknown_id_and_only_the_access_log_knows(self, school: World) -> None:
        """Same error, same facts; the log has `wall` for one and nothing true to hide for the other."""
        case = school.open_case(a_report(walled=[HEAD]))
        refusals = []
        for asked in (case, uuid4()):
            with pytest.raises(UnknownError) as refusal:
                school.do(commands.FindLiabilityPossible, HEAD, case=asked)
            refusals.append((refusal.value.code, refusal.value.facts))
        assert refusals[0] == refusals[1] == ("common.unknown", {"what": "case"})
        assert school.accesses()[-2:] == [
            ("access.denied", {"what": "FindLiabilityPossible", "ids": [str(case)], "rule": "wall", "purpose": ""}),
            (
                "access.denied",
                {
                    "what": "FindLiabilityPossible",
                    "ids": school.accesses()[-1][1]["ids"],
                    "rule": "unknown",
                    "purpose": "",
                },
            ),
        ]

    @pytest.mark.requirement("CON-01")
    @pytest.mark.parametrize(("by", "rule"), [(STRANGER, "CON-01"), (AUDITOR, "audit_changes_nothing")])
    def test_names_the_rule_of_every_other_denial_and_records_it(self, school: World, by: object, rule: str) -> None:
        """To the caller and in the access log alike."""
        case = school.open_case()
        with pytest.raises(NotPermittedError) as refusal:
            school.do(commands.FindLiabilityPossible, by, case=case)  # type: ignore[arg-type]
        assert refusal.value.rule == rule
        assert school.accesses()[-1][1]["rule"] == rule

    def test_of_another_schools_case_is_unknown(self, school: World) -> None:
        """The same head, asking in another tenant, finds nothing."""
        case = school.open_case()
        with pytest.raises(UnknownError):
            school.application.execute(
                commands.FindLiabilityPossible(tenant=uuid4(), command_id=uuid4(), by=HEAD, case=case)
            )


class TestADeliveredReferral:
    """NoteReferralDelivered."""

    @pytest.mark.requirement("REF-01")
    def test_meets_the_duty_to_inform_in_the_same_append(self, school: World) -> None:
        """Delivery and duty stand at neighbouring positions, with no moment between."""
        case = school.open_case(a_report(kinds=[Kind.PHYSICAL]))
        school.do(commands.NoteReferralRequested, POLICY, case=case, referral=an_id("Жолдама"), agency=POLICE)
        school.do(
            commands.NoteReferralDelivered,
            POLICY,
            case=case,
            referral=an_id("Жолдама"),
            agency=POLICE,
            delivered_at=school.clock.now(),
        )
        assert Duty.INFORM_AGENCIES not in school.case(case).open_duties
        [delivered, met] = [recorded for recorded, _ in school.application.for_tenant(SCHOOL).events(case)][-2:]
        assert (delivered.topic, met.topic) == ("cases.referral_delivery_noted", "cases.duty_to_inform_met")
        assert (met.id, met.recorded_at) == (delivered.id + 1, delivered.recorded_at)


class TestASession:
    """HoldSession."""

    @pytest.mark.requirement("PLN-04")
    def test_puts_its_note_in_a_stream_of_its_own(self, school: World) -> None:
        """No event of the case holds its text."""
        case, command_id = school.open_case(), uuid4()
        school.staff(case)
        school.do(
            commands.HoldSession,
            PSYCHOLOGIST,
            command_id=command_id,
            case=case,
            attended=[Attendee.CHILD],
            observed_change="Күлімсіреді",
            note="Әжесін сағынады, үйде айқай көп",
        )
        ledger = school.application.for_tenant(SCHOOL)
        note = ledger.get(SessionNote, derived_id(command_id, "note"))
        assert (note.helper, note.text) == (PSYCHOLOGIST.person, "Әжесін сағынады, үйде айқай көп")
        assert not any("Әжесін" in str(vars(event)) for _, event in ledger.events(case))


class TestTheClock:
    """MissDeadline."""

    def test_says_once_that_a_duty_was_missed(self, school: World) -> None:
        """Also after a stop: one event for one time that ran out."""
        case = school.open_case(a_report(kinds=[Kind.PHYSICAL]))
        school.later(hours=23)
        assert "cases.deadline_missed" not in topics(school, case)
        school.later(hours=2)
        school.later(hours=2)
        assert topics(school, case).count("cases.deadline_missed") == 1
        assert school.case(case).open_duties[Duty.INFORM_AGENCIES].missed

    @pytest.mark.requirement("RSK-05")
    def test_says_it_again_for_the_next_time(self, school: World) -> None:
        """A reassessment done late is owed again, and can be missed again."""
        case = school.open_case()
        school.assess(case)
        school.later(days=32)
        school.assess(case, Level.LOW)
        school.later(days=32)
        events = [event for _, event in school.application.for_tenant(SCHOOL).events(case)]
        missed = [event for event in events if isinstance(event, Case.DeadlineMissed)]
        assert [event.step for event in missed if event.duty == "reassessment"].count(0) == 2


class TestTheWholeWay:
    """From the report to the closing, over the ledger."""

    @pytest.mark.requirement("PLN-05")
    @pytest.mark.requirement("PLN-06")
    def test_leads_to_a_closed_case_that_can_be_reopened(self, school: World) -> None:
        """Each step one command; at the end nothing is owed."""
        case = school.open_case()
        school.staff(case)
        school.assess(case)
        for _ in range(2):
            school.do(commands.RateCriteria, PSYCHOLOGIST, case=case, ratings=ratings())
            school.later(days=30)
        school.do(commands.CloseCase, PEDAGOGUE, case=case, meeting=school.meet(case, closing=True))
        assert not school.case(case).is_open
        with pytest.raises(CaseClosedError):
            school.do(commands.FindLiabilityPossible, PEDAGOGUE, case=case)
        school.do(commands.ReopenCase, PEDAGOGUE, case=case, reason="Қайталанды")
        assert school.case(case).is_open

    @pytest.mark.requirement("CON-02")
    def test_lets_a_teacher_in_after_the_warning(self, school: World) -> None:
        """Joined by the head, warned, and only then able to act."""
        case = school.open_case()
        school.do(commands.JoinTeam, HEAD, case=case, person=person(TEACHER), role=Role.CLASS_TEACHER)
        step: dict[str, Any] = {"case": case, "ratings": ratings()}
        with pytest.raises(NotPermittedError) as refusal:
            school.do(commands.RateCriteria, TEACHER, **step)
        assert refusal.value.rule == "CON-02"
        school.do(commands.AcceptConfidentialityWarning, TEACHER, case=case)
        school.do(commands.RateCriteria, TEACHER, **step)

    @pytest.mark.requirement("CON-02")
    def test_lets_nobody_round_the_warning_under_a_role_that_they_do_not_hold(self, school: World) -> None:
        """The coordinator lets a teacher in "as psychologist": the teacher's own roles decide what is shown."""
        case = school.open_case()
        school.do(commands.JoinTeam, PEDAGOGUE, case=case, person=person(TEACHER), role=Role.PSYCHOLOGIST)
        with pytest.raises(NotPermittedError) as refusal:
            queries.show_case(school.application, SCHOOL, TEACHER, case=case)
        assert refusal.value.rule == "CON-02"
        [mine] = queries.my_cases(school.application, SCHOOL, TEACHER)
        assert mine == {"case": case, "role": "psychologist", "must_accept_warning": True}
        school.do(commands.AcceptConfidentialityWarning, TEACHER, case=case)
        assert queries.show_case(school.application, SCHOOL, TEACHER, case=case)["case"] == case

    @pytest.mark.requirement("REP-02")
    def test_answers_a_command_done_before_the_wall_as_an_unknown_id(self, school: World) -> None:
        """Asking again under its id gives no first answer to whoever is walled off since."""
        case, command_id = school.open_case(), uuid4()
        asked: dict[str, Any] = {"person": person(DOCTOR), "role": Role.SCHOOL_DOCTOR}
        for _ in range(2):
            school.do(commands.JoinTeam, HEAD, command_id=command_id, case=case, **asked)
        school.do(commands.WallOffPerson, POLICY, case=case, person=person(HEAD), report=a_report().id)
        refusals = []
        for found, command in ((case, command_id), (uuid4(), uuid4())):
            with pytest.raises(UnknownError) as refusal:
                school.do(commands.JoinTeam, HEAD, command_id=command, case=found, **asked)
            refusals.append((refusal.value.code, refusal.value.facts))
        assert refusals[0] == refusals[1]


def topics(world: World, case: UUID) -> list[str]:
    """What happened in a case, by topic."""
    return [recorded.topic for recorded, _ in world.application.for_tenant(SCHOOL).events(case)]
