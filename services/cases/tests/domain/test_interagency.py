"""The interagency team: who sits in it and until when, what both sides decide and do together (REF-05, RSK-04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.cases.domain.errors import (
    AgencyHasSeatError,
    AgencyNotAskedError,
    DecisionRecordedAlreadyError,
    InteragencyStepNotOpenError,
    InteragencyStepOpenError,
    NoSuchSeatError,
    NoSuchTaskError,
    NotInInteragencyTeamError,
    OneSideAloneError,
    ParticipationAnsweredError,
    TaskDueInThePastError,
    TaskOwnerMissingError,
    TasksStillOpenError,
)
from services.cases.domain.interagency import SeatEnding
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
    STRANGER,
    CaseBuilder,
    a_case,
    a_report,
    an_id,
    last_event,
    person,
    recorded,
    seat_of,
)
from shared.domain import Actor, NotPermittedError
from shared.ladder import RungNotDueError

IDEA = "Бала дағдарыс орталығына уақытша барады"
pytestmark = pytest.mark.requirement("REF-05")


def high() -> CaseBuilder:
    """A case of high risk with three of the service."""
    return a_case().opened().staffed().assessed_high()


class TestConvening:
    def test_is_by_high_risk_or_by_decision_and_once(self) -> None:
        """Where neither opened the step nobody is offered a seat; the service's decision opens it, with reasons."""
        with pytest.raises(InteragencyStepNotOpenError):
            a_case().opened().offered()
        built = a_case().opened()
        built.case.convene_interagency_team(reasons="Үйде де қауіп", best_interests="…", by=PEDAGOGUE, at=MONDAY)
        assert recorded(built.case)[-2:] == ["InteragencyTeamConvened", "InteragencyStepOpened"]
        assert built.offered().case.seats
        with pytest.raises(InteragencyStepOpenError):
            high().case.convene_interagency_team(reasons="…", best_interests="…", by=PEDAGOGUE, at=MONDAY)

    def test_is_the_services(self) -> None:
        """Not a subject teacher's."""
        with pytest.raises(NotPermittedError) as refusal:
            a_case().opened().case.convene_interagency_team(reasons="…", best_interests="…", by=STRANGER, at=MONDAY)
        assert refusal.value.rule == "REF-05"


class TestASeat:
    def test_is_offered_by_the_head_with_whom_to_keep_away(self) -> None:
        """Head or deputy; the pedagogue is told the rule."""
        built = a_case().opened(a_report(walled=[HEAD])).assessed_high()
        with pytest.raises(NotPermittedError):
            built.case.offer_seat(
                seat=an_id("орын"), agency=POLICE, rights=[], ends_at=None, book=BOOK, by=PEDAGOGUE, at=MONDAY
            )
        built.case.offer_seat(
            seat=an_id("орын"), agency=POLICE, rights=[], ends_at=None, book=BOOK, by=DEPUTY, at=MONDAY
        )
        offered = last_event(built.case)
        assert (offered.walled, offered.rights) == ([str(person(HEAD))], ["see_materials"])
        assert offered.rule == "cases.interagency_seat@2026-01-01"

    def test_ends_as_late_as_policy_lets_it(self) -> None:
        """180 days where nothing, or more, is said; the day that is said before that."""
        longest = high().offered().case.seats[seat_of(OFFICER)].ends_at
        assert high().offered(days=500).case.seats[seat_of(OFFICER)].ends_at == longest
        assert high().offered(days=3).case.seats[seat_of(OFFICER)].ends_at == MONDAY + timedelta(days=3)
        with pytest.raises(TaskDueInThePastError):
            high().offered(days=-1)

    def test_is_one_for_each_agency_at_a_time(self) -> None:
        """A second is refused with the first named; after its time another is offered."""
        built = high().offered(days=3)
        with pytest.raises(AgencyHasSeatError) as refusal:
            built.offered()
        assert refusal.value.facts == {"seat": str(seat_of(OFFICER))}
        assert built.later(days=3).offered(days=5).case.seats[seat_of(OFFICER)].ends_at == built.at + timedelta(days=5)

    def test_is_taken_by_the_person_whom_the_agency_named(self) -> None:
        """Told twice changes nothing; another's naming comes too late."""
        built = high().offered().named()
        version = built.case.version
        assert built.named().case.version == version
        built.case.take_seat(by=OFFICER, at=MONDAY)
        built.case.take_seat(by=OFFICER, at=MONDAY)
        assert built.case.version == version + 1
        with pytest.raises(NoSuchSeatError):
            built.case.take_seat(by=PEDAGOGUE, at=MONDAY)

    @pytest.mark.requirement("REP-02")
    def test_goes_to_nobody_who_is_walled_off(self) -> None:
        """The police officer who is the accused's kin: named, the seat ends; walled off later, it ends then."""
        kin = a_case().opened(a_report(walled=[OFFICER])).assessed_high().offered().named()
        assert last_event(kin.case).reason == SeatEnding.WALLED
        assert not kin.case.seats
        later = high().seated().walled_off(OFFICER)
        assert (recorded(later.case)[-1], later.case.seats) == ("SeatEnded", {})
        linked = high().seated().linked(a_report("Екінші", walled=[OFFICER]))
        assert not linked.case.seats

    def test_ends_by_the_school_by_its_grant_and_with_the_case(self) -> None:
        """Head with a reason; what accounts tell is noted once; closing leaves none."""
        built = high().seated()
        with pytest.raises(NotPermittedError):
            built.case.end_seat(seat=seat_of(OFFICER), reason=SeatEnding.REPLACED, by=PEDAGOGUE, at=MONDAY)
        with pytest.raises(NotPermittedError):
            built.case.end_seat(seat=seat_of(OFFICER), reason=SeatEnding.WALLED, by=HEAD, at=MONDAY)
        built.case.end_seat(seat=seat_of(OFFICER), reason=SeatEnding.REPLACED, by=HEAD, at=MONDAY)
        with pytest.raises(NoSuchSeatError):
            built.case.end_seat(seat=seat_of(OFFICER), reason=SeatEnding.REPLACED, by=HEAD, at=MONDAY)
        told = high().seated()
        for _ in range(2):
            told.case.note_grant_ended(seat=seat_of(OFFICER), reason="by_the_agency", by=POLICY, at=MONDAY)
        assert recorded(told.case).count("SeatEnded") == 1
        closing = a_case().opened().settled()
        closing.case.convene_interagency_team(reasons="…", best_interests="…", by=HEAD, at=closing.at)
        assert not closing.seated().closed().case.seats


class TestAJointMeeting:
    @pytest.mark.requirement("SSS-08")
    def test_decides_once_both_sides_confirmed_their_part(self) -> None:
        """Before the officer answers it is one side's alone; then who took part, for which agency, is in the event."""
        built = high().seated().met_jointly(PEDAGOGUE, PSYCHOLOGIST, OFFICER, decisions=[IDEA], confirmed=False)
        with pytest.raises(OneSideAloneError) as refusal:
            built.case.record_joint_decision(meeting=built.meeting, number=1, by=PEDAGOGUE, at=MONDAY)
        assert refusal.value.facts == {"school": 1, "agencies": 0}
        built.case.confirm_interagency_participation(meeting=built.meeting, took_part=True, by=OFFICER, at=MONDAY)
        built.case.record_joint_decision(meeting=built.meeting, number=1, by=OFFICER, at=MONDAY)
        decided = last_event(built.case)
        assert set(decided.participants) == {str(person(PEDAGOGUE)), str(person(OFFICER))}
        assert (decided.decision, decided.agencies) == (IDEA, [str(POLICE)])
        with pytest.raises(DecisionRecordedAlreadyError):
            built.case.record_joint_decision(meeting=built.meeting, number=1, by=PEDAGOGUE, at=MONDAY)

    def test_is_of_both_sides_and_of_nobody_else(self) -> None:
        """Not the school alone, not with a stranger, not with an officer who was not warned yet or whose time is up."""
        with pytest.raises(OneSideAloneError):
            high().seated().met_jointly(PEDAGOGUE, PSYCHOLOGIST)
        with pytest.raises(OneSideAloneError):
            high().seated().met_jointly(OFFICER)
        for built, who in (
            (high().seated(), STRANGER),
            (high().offered().named(), OFFICER),
            (high().seated().later(days=181), OFFICER),
        ):
            with pytest.raises(NotInInteragencyTeamError):
                built.met_jointly(PEDAGOGUE, who)

    @pytest.mark.requirement("CON-03")
    def test_asks_each_participant_for_themselves_and_once(self) -> None:
        """The doctor was not there; the officer who denied it is no part of the decision."""
        built = high().seated().met_jointly(PEDAGOGUE, OFFICER, decisions=[IDEA], confirmed=False)
        with pytest.raises(NotPermittedError):
            built.case.confirm_interagency_participation(meeting=built.meeting, took_part=True, by=DOCTOR, at=MONDAY)
        built.case.confirm_interagency_participation(meeting=built.meeting, took_part=False, by=OFFICER, at=MONDAY)
        with pytest.raises(ParticipationAnsweredError):
            built.case.confirm_interagency_participation(meeting=built.meeting, took_part=True, by=OFFICER, at=MONDAY)
        with pytest.raises(OneSideAloneError):
            built.case.record_joint_decision(meeting=built.meeting, number=1, by=PEDAGOGUE, at=MONDAY)
        with pytest.raises(NotPermittedError):
            built.case.record_joint_decision(meeting=built.meeting, number=1, by=OFFICER, at=MONDAY)


class TestATask:
    def test_is_owned_by_an_agency_that_sits_there_or_by_one_person(self) -> None:
        """Not by another agency, not by both, not by nobody."""
        assert high().seated().tasked().case.tasks[an_id("тапсырма")].agency == POLICE
        assert high().tasked(owner=DOCTOR).case.tasks[an_id("тапсырма")].person == person(DOCTOR)
        with pytest.raises(TaskOwnerMissingError):
            high().tasked()
        facts = {"task": an_id("тапсырма"), "what": "…", "due_at": MONDAY + timedelta(days=1), "by": HEAD, "at": MONDAY}
        for agency, owner in ((None, None), (POLICE, person(DOCTOR)), (None, person(STRANGER))):
            with pytest.raises(TaskOwnerMissingError):
                high().seated().case.give_interagency_task(agency=agency, person=owner, **facts)  # type: ignore[arg-type]
        late = facts | {"due_at": MONDAY}
        with pytest.raises(TaskDueInThePastError):
            high().seated().case.give_interagency_task(agency=POLICE, person=None, **late)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("owner", "who", "other"), [(None, OFFICER, PEDAGOGUE), (DOCTOR, DOCTOR, OFFICER)])
    def test_is_done_by_its_owner_alone(self, owner: Actor | None, who: Actor, other: Actor) -> None:
        """The agency's person for the agency's, a person for their own; done, it is gone."""
        built = high().seated().tasked(owner=owner)
        with pytest.raises(NotPermittedError):
            built.case.do_interagency_task(task=an_id("тапсырма"), result="Дайын", by=other, at=MONDAY)
        built.case.do_interagency_task(task=an_id("тапсырма"), result="Дайын", by=who, at=MONDAY)
        with pytest.raises(NoSuchTaskError):
            built.case.do_interagency_task(task=an_id("тапсырма"), result="Дайын", by=who, at=MONDAY)

    def test_is_missed_once_its_time_has_passed_and_done_late_all_the_same(self) -> None:
        """Not before, and not twice."""
        built = high().seated().tasked()
        asked: dict[str, Any] = {"task": an_id("тапсырма"), "step": 0, "ladder": LADDER, "by": CLOCK}
        built.case.miss_interagency_task(**asked, at=MONDAY + timedelta(days=1))
        assert recorded(built.case)[-1] == "InteragencyTaskGiven"
        built.case.miss_interagency_task(**asked, at=MONDAY + timedelta(days=2))
        with pytest.raises(RungNotDueError):
            built.case.miss_interagency_task(**asked, at=MONDAY + timedelta(days=2))
        assert recorded(built.case).count("InteragencyTaskMissed") == 1
        built.case.do_interagency_task(task=an_id("тапсырма"), result="Кеш", by=OFFICER, at=MONDAY + timedelta(days=3))
        assert not built.case.tasks

    def test_keeps_the_case_open_until_it_is_done_or_dropped_with_a_reason(self) -> None:
        """By the coordinator or the head."""
        built = a_case().opened().settled()
        built.case.convene_interagency_team(reasons="…", best_interests="…", by=HEAD, at=built.at)
        built.tasked(owner=DOCTOR)
        with pytest.raises(TasksStillOpenError):
            built.closed()
        with pytest.raises(NotPermittedError):
            built.case.drop_interagency_task(task=an_id("тапсырма"), reason="…", by=PSYCHOLOGIST, at=built.at)
        built.case.drop_interagency_task(task=an_id("тапсырма"), reason="Керек емес", by=PEDAGOGUE, at=built.at)
        assert not built.closed_as_agreed().case.is_open


@pytest.mark.requirement("REF-06")
def test_an_agency_that_sits_in_the_team_is_waited_for_and_one_that_does_not_is_not() -> None:
    """No referral is needed for that: it was turned to by a seat."""
    assert high().seated().waiting().case.waiting_for
    with pytest.raises(AgencyNotAskedError):
        high().waiting()
