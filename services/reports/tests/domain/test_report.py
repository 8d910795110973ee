"""A report's life: what each step records, and what is refused on either side of each rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reports.domain import errors
from services.reports.domain.report import Report
from services.reports.domain.values import Channel, Duty, Kind, Place, Role, Source, State, Timing, Urgency, WallReason
from services.reports.tests.builders import (
    CLOCK,
    HEAD,
    HEAD_ID,
    LADDER,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    ReportBuilder,
    a_report,
    a_reporter,
    an_accused,
    events_of,
)
from shared.ids import new_id
from shared.ladder import RungNotDueError

LATER = RECEIVED_AT + timedelta(days=1)


def confirm(report: Report, **changed: Any) -> None:
    """Confirms with everything that is needed, less what the test changes."""
    facts: dict[str, Any] = {
        "reasons": "Екі куәгер растады",
        "kinds": (Kind.BULLYING,),
        "place": Place.SCHOOL,
        "cases": (),
        "count_of_cases": 1,
    }
    report.confirm(**(facts | changed), by=PSYCHOLOGIST, at=LATER)


def triage(report: Report, **changed: Any) -> None:
    """Triages with everything that is needed, less what the test changes."""
    facts: dict[str, Any] = {
        "kinds": (Kind.BULLYING,),
        "immediate_danger": False,
        "urgency": Urgency.URGENT,
        "note": "",
        "owner": PSYCHOLOGIST_ID,
        "verification_due_at": LATER,
        "verification_rule": "reports.verification@2026-01-01",
    }
    report.triage(**(facts | changed), by=HEAD, at=RECEIVED_AT)


class TestReceiving:
    @pytest.mark.requirement("REP-01")
    @pytest.mark.parametrize("source", list(Source))
    def test_takes_any_source(self, source: Source) -> None:
        assert a_report(source=source).report.state is State.RECEIVED

    @pytest.mark.requirement("REP-01")
    @pytest.mark.parametrize("channel", list(Channel))
    def test_takes_any_channel(self, channel: Channel) -> None:
        [event] = a_report(channel=channel).report.pending_events
        assert event.channel == channel.value  # type: ignore[attr-defined]

    @pytest.mark.requirement("REP-01")
    @pytest.mark.parametrize("place", [*Place, None])
    @pytest.mark.parametrize("timing", list(Timing))
    def test_takes_any_place_present_or_past(self, place: Place | None, timing: Timing) -> None:
        [event] = a_report(place=place, timing=timing).report.pending_events
        assert (event.place, event.timing) == (place and place.value, timing.value)  # type: ignore[attr-defined]

    @pytest.mark.requirement("REP-01")
    def test_takes_a_suspicion_whose_kind_is_unknown(self) -> None:
        assert a_report(kinds=()).report.kinds == []

    @pytest.mark.requirement("REP-01")
    def test_keeps_problem_behaviour(self) -> None:
        assert a_report(kinds=(Kind.PROBLEM_BEHAVIOUR,)).report.kinds == [Kind.PROBLEM_BEHAVIOUR]

    @pytest.mark.requirement("REP-05")
    def test_keeps_source_and_channel_of_what_staff_enter_for_another(self) -> None:
        [event] = a_report(source=Source.CHILD_VICTIM, channel=Channel.VERBAL, on_behalf=True).report.pending_events
        assert (event.source, event.channel, event.on_behalf) == (  # type: ignore[attr-defined]
            "child_victim",
            "verbal",
            True,
        )

    @pytest.mark.requirement("REP-02")
    def test_walls_off_persons_who_are_accused(self) -> None:
        assert a_report(accused=(an_accused(person=HEAD_ID),)).report.walled == {HEAD_ID}

    @pytest.mark.requirement("REP-02")
    def test_walls_off_a_role_of_which_nobody_knows_the_person(self) -> None:
        report = a_report(accused=(an_accused(name="директор", role="head"),)).report
        assert report.walled == set()
        assert report.walled_roles == {Role.HEAD}


class TestWallingOff:
    def test_is_recorded_once(self) -> None:
        report = a_report().build()
        for _ in range(2):
            report.wall_off(person=HEAD_ID, reason=WallReason.CLOSE_TO_ACCUSED, accused=None, by=PSYCHOLOGIST, at=LATER)
        assert events_of(report) == ["PersonWalledOff"]
        assert report.walled == {HEAD_ID}

    def test_frees_a_role_when_it_is_known_who_it_is(self) -> None:
        report = a_report(accused=(an_accused(role="psychologist"),)).build()
        report.wall_off(person=PSYCHOLOGIST_ID, reason=WallReason.ACCUSED, accused=0, by=HEAD, at=LATER)
        assert report.walled_roles == frozenset()
        assert report.accused[0].person == PSYCHOLOGIST_ID

    @pytest.mark.parametrize("index", [-1, 1])
    def test_is_refused_for_nobody_complained_of(self, index: int) -> None:
        report = a_report(accused=(an_accused(),)).build()
        with pytest.raises(errors.NoSuchAccusedError):
            report.wall_off(person=HEAD_ID, reason=WallReason.ACCUSED, accused=index, by=HEAD, at=LATER)


class TestTriage:
    def test_judges_once(self) -> None:
        report = a_report().build()
        triage(report)
        assert events_of(report) == ["Triaged"]
        with pytest.raises(errors.ReportAlreadyTriagedError):
            triage(report)

    @pytest.mark.requirement("REP-08")
    def test_calls_danger_immediate(self) -> None:
        report = a_report().build()
        with pytest.raises(errors.DangerIsUrgentError):
            triage(report, immediate_danger=True, urgency=Urgency.URGENT)
        triage(report, immediate_danger=True, urgency=Urgency.IMMEDIATE)
        assert report.immediate_danger

    @pytest.mark.requirement("REP-02")
    def test_does_not_hand_the_verification_to_the_accused(self) -> None:
        report = a_report(accused=(an_accused(person=PSYCHOLOGIST_ID),)).build()
        with pytest.raises(errors.OwnerIsWalledOffError):
            triage(report, owner=PSYCHOLOGIST_ID)
        triage(report, owner=None)

    @pytest.mark.requirement("REP-08")
    def test_may_come_after_an_urgent_action(self) -> None:
        report = a_report(immediate_danger=True).build()
        report.take_urgent_action(what="Жедел жәрдем шақырылды", informed=["police", "health"], by=HEAD, at=LATER)
        triage(report, immediate_danger=True, urgency=Urgency.IMMEDIATE)
        assert events_of(report) == ["UrgentActionTaken", "Triaged"]


@pytest.mark.requirement("REP-06")
class TestVerification:
    def test_begins_after_triage_with_an_owner_and_the_deadline_of_triage(self) -> None:
        report = a_report().build()
        with pytest.raises(errors.ReportNotTriagedError):
            report.begin_verification(owner=PSYCHOLOGIST_ID, by=HEAD, at=LATER)
        report = a_report().triaged().build()
        report.begin_verification(owner=PSYCHOLOGIST_ID, by=HEAD, at=LATER)
        [event] = report.collect_events()
        assert event.due_at == RECEIVED_AT + timedelta(days=3)  # type: ignore[attr-defined]
        assert event.rule == "reports.verification@2026-01-01"  # type: ignore[attr-defined]

    def test_begins_once(self) -> None:
        report = a_report().triaged().under_verification().build()
        with pytest.raises(errors.VerificationAlreadyBegunError):
            report.begin_verification(owner=PSYCHOLOGIST_ID, by=HEAD, at=LATER)

    def test_has_steps_once_it_has_begun(self) -> None:
        report = a_report().triaged().build()
        with pytest.raises(errors.VerificationNotBegunError):
            report.record_verification_step(what="Әңгіме", finding="Көрген", by=PSYCHOLOGIST, at=LATER)
        report = a_report().triaged().under_verification().with_a_finding().build()
        assert report.steps == 1


def not_confirm(report: Report) -> None:
    report.not_confirm(reasons="Растайтын дерек жоқ", by=PSYCHOLOGIST, at=LATER)


def leave_out(report: Report) -> None:
    report.leave_out_of_scope(reasons="Мектептің ісі емес", by=HEAD, at=LATER)


ENDED = (
    (State.CONFIRMED, lambda: a_report().triaged().under_verification().with_a_finding().confirmed()),
    (State.NOT_CONFIRMED, lambda: a_report().triaged().under_verification().with_a_finding().not_confirmed()),
    (State.OUT_OF_SCOPE, lambda: a_report().triaged().out_of_scope()),
)


@pytest.mark.requirement("REP-06")
class TestEnding:
    @pytest.mark.parametrize(("state", "make"), ENDED)
    @pytest.mark.parametrize("act", [triage, confirm, not_confirm, leave_out])
    def test_is_final(self, state: State, make: Callable[[], ReportBuilder], act: Callable[[Report], None]) -> None:
        report = make().build()
        assert report.state is state
        with pytest.raises(errors.ReportAlreadyEndedError):
            act(report)

    @pytest.mark.parametrize("act", [confirm, not_confirm])
    def test_as_a_fact_or_none_takes_a_finding(self, act: Callable[[Report], None]) -> None:
        with pytest.raises(errors.VerificationNotBegunError):
            act(a_report().triaged().build())
        with pytest.raises(errors.NothingFoundYetError):
            act(a_report().triaged().under_verification().build())
        act(a_report().triaged().under_verification().with_a_finding().build())

    def test_out_of_scope_takes_somebody_who_judged_it(self) -> None:
        with pytest.raises(errors.ReportNotTriagedError):
            leave_out(a_report().build())
        leave_out(a_report().triaged().build())

    def test_takes_reasons(self) -> None:
        report = a_report().triaged().under_verification().with_a_finding().build()
        with pytest.raises(errors.ReasonsMissingError):
            confirm(report, reasons=" \n")
        with pytest.raises(errors.ReasonsMissingError):
            report.not_confirm(reasons="", by=PSYCHOLOGIST, at=LATER)
        with pytest.raises(errors.ReasonsMissingError):
            report.leave_out_of_scope(reasons="\t", by=HEAD, at=LATER)

    def test_as_a_fact_takes_a_kind_of_violence(self) -> None:
        report = a_report().triaged().under_verification().with_a_finding().build()
        with pytest.raises(errors.KindsMissingError):
            confirm(report, kinds=(Kind.PROBLEM_BEHAVIOUR,))
        confirm(report, kinds=(Kind.PROBLEM_BEHAVIOUR, Kind.PHYSICAL))

    def test_as_a_fact_takes_the_place_that_was_reported_or_is_known_now(self) -> None:
        report = a_report(place=None).triaged().under_verification().with_a_finding().build()
        with pytest.raises(errors.PlaceMissingError):
            confirm(report, place=None)
        confirm(report, place=Place.DORMITORY)
        reported = a_report(place=Place.HOME).triaged().under_verification().with_a_finding().build()
        confirm(reported, place=None)
        assert reported.place is Place.HOME

    @pytest.mark.requirement("REP-02")
    def test_as_a_fact_takes_the_person_of_an_accused_member(self) -> None:
        """Only the service's own roles: for others no wall depends on it."""
        steps = a_report(accused=(an_accused(role="deputy"),)).triaged().under_verification().with_a_finding()
        with pytest.raises(errors.AccusedNotIdentifiedError):
            confirm(steps.build())
        steps.report.wall_off(person=new_id(), reason=WallReason.ACCUSED, accused=0, by=HEAD, at=LATER)
        confirm(steps.build())
        teacher = a_report(accused=(an_accused(role="subject_teacher"),)).triaged().under_verification()
        confirm(teacher.with_a_finding().build())

    @pytest.mark.requirement("REP-07")
    def test_as_a_fact_joins_cases_or_opens_some(self) -> None:
        report = a_report().triaged().under_verification().with_a_finding().build()
        with pytest.raises(errors.CasesMisstatedError):
            confirm(report, cases=(), count_of_cases=0)
        with pytest.raises(errors.CasesMisstatedError):
            confirm(report, cases=(new_id(),), count_of_cases=1)
        confirm(report, cases=(), count_of_cases=2)
        joined = a_report().triaged().under_verification().with_a_finding().build()
        case = new_id()
        confirm(joined, cases=(case, case), count_of_cases=0)
        assert joined.cases == [case]

    @pytest.mark.requirement("REP-02")
    def test_as_a_fact_carries_owner_and_walls_to_the_case(self) -> None:
        report = a_report(accused=(an_accused(person=HEAD_ID),)).triaged().under_verification().with_a_finding().build()
        confirm(report)
        [event] = report.collect_events()
        assert event.walled == [HEAD_ID]  # type: ignore[attr-defined]
        assert event.owner == PSYCHOLOGIST_ID  # type: ignore[attr-defined]

    def test_has_no_way_to_delete(self) -> None:
        assert not [name for name in dir(Report) if "delet" in name or "remov" in name or "withdraw" in name]


class TestLinkingACase:
    @pytest.mark.requirement("REP-07")
    def test_is_noted_once(self) -> None:
        case = new_id()
        report = a_report().triaged().under_verification().with_a_finding().confirmed().linked(case).build()
        report.link_case(case=case, by=CLOCK, at=LATER)
        assert events_of(report) == []
        assert report.cases == [case]


def miss(report: Report, at: datetime, duty: Duty = Duty.FIRST_ACTION) -> None:
    """The clock asks on the lowest rung."""
    report.miss_deadline(duty=duty, step=0, ladder=LADDER, walled=frozenset(), by=CLOCK, at=at)


class TestMissingADeadline:
    def test_is_recorded_from_the_due_time_on_and_once(self) -> None:
        report, due_at = a_report().build(), RECEIVED_AT + timedelta(hours=8)
        miss(report, due_at - timedelta(seconds=1))
        assert events_of(report) == []
        miss(report, due_at)
        with pytest.raises(RungNotDueError):  # the next rung is not due yet: the clock comes again
            miss(report, due_at)
        assert events_of(report) == ["DeadlineMissed"]

    def test_does_not_happen_after_the_duty_was_met(self) -> None:
        report = a_report().triaged().build()
        miss(report, LATER)
        assert events_of(report) == []

    @pytest.mark.requirement("REP-06")
    def test_counts_the_verification_from_triage_even_if_nobody_begins(self) -> None:
        report = a_report().triaged().build()
        miss(report, RECEIVED_AT + timedelta(days=3), Duty.VERIFICATION)
        assert events_of(report) == ["DeadlineMissed"]

    def test_does_not_happen_on_a_report_that_has_ended(self) -> None:
        report = a_report().triaged().out_of_scope().build()
        miss(report, RECEIVED_AT + timedelta(days=30), Duty.VERIFICATION)
        assert events_of(report) == []


def test_a_reporter_is_a_pseudonym() -> None:
    reporter = a_reporter()
    assert a_report(by=reporter).report.reporter == reporter.id
