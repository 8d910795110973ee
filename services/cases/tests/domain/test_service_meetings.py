"""The service's monthly meeting: put down, confirmed, counted, corrected, or missed (SSS-04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.cases.domain import errors
from services.cases.domain.safety_service.owing import MEETING_DUTY
from services.cases.domain.values import Role
from services.cases.tests.builders import BOOK, DOCTOR, HEAD, PEDAGOGUE, PSYCHOLOGIST, STRANGER, TEACHER, person
from services.cases.tests.services import ServiceBuilder, the_service
from shared.domain import NotPermittedError
from shared.regulation import ALMATY, RuleBook

pytestmark = pytest.mark.requirement("SSS-04")

THREE = (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)


def a_service() -> ServiceBuilder:
    """Set up in April 2026, with three members and a teacher."""
    built = the_service()
    for actor, role in zip(THREE, (Role.SOCIAL_PEDAGOGUE, Role.PSYCHOLOGIST, Role.SCHOOL_DOCTOR), strict=True):
        built.seated(actor, role)
    return built.seated(TEACHER, Role.CLASS_TEACHER)


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Ten in the morning in Almaty."""
    return datetime(year, month, day, 10, tzinfo=ALMATY)


def a_book(*, meetings: int) -> RuleBook:
    """The book with another number of meetings a month."""
    [rule] = BOOK.rules["cases.service_meetings"]
    return replace(BOOK, rules={**BOOK.rules, rule.key: (replace(rule, value=meetings),)})


def missed(built: ServiceBuilder) -> list[str]:
    """The months that the events call missed, in their order."""
    return [event.month for event in built.service.pending_events if type(event).__name__ == "MonthMissed"]  # type: ignore[attr-defined]


class TestAMeeting:
    def test_is_put_down_by_one_who_was_there_with_another_of_the_service(self) -> None:
        built = a_service()
        with pytest.raises(NotPermittedError):
            built.service.hold_meeting(
                meeting=built.meeting,
                held_at=built.at,
                participants=[person(PSYCHOLOGIST), person(DOCTOR)],
                agenda=["…"],
                decisions=[],
                minutes=built.meeting,
                book=BOOK,
                by=PEDAGOGUE,
                at=built.at,
            )
        with pytest.raises(errors.MeetingOfOneError):
            built.met(PEDAGOGUE)
        with pytest.raises(errors.NotAMemberError) as refusal:
            built.met(PEDAGOGUE, STRANGER)
        assert refusal.value.facts["persons"] == [str(person(STRANGER))]
        with pytest.raises(errors.TimesOutOfOrderError):
            built.met(PEDAGOGUE, DOCTOR, days_ago=-1)
        built.met(PEDAGOGUE, TEACHER)

    def test_is_confirmed_once_by_each_who_is_said_to_have_been_there(self) -> None:
        built = a_service().met(*THREE, confirmed=[PSYCHOLOGIST])
        for actor in (PEDAGOGUE, PSYCHOLOGIST):
            with pytest.raises(errors.ParticipationAnsweredError):
                built.confirmed(actor)
        with pytest.raises(NotPermittedError):
            built.confirmed(HEAD)
        assert person(DOCTOR) in built.confirmed(DOCTOR, took_part=False).service.meetings[built.meeting].denied

    def test_counts_for_its_month_once_three_confirmed_it(self) -> None:
        built = a_service()
        built.at = on(5, 20)
        built.met(*THREE, confirmed=[PSYCHOLOGIST])
        assert (built.service.owed_month, built.service.counted_in) == ("2026-05", {})
        built.confirmed(DOCTOR)
        assert (built.service.owed_month, built.service.counted_in) == ("2026-06", {"2026-05": 1})
        assert built.service.open_duties[MEETING_DUTY].due_at == datetime(2026, 7, 1, tzinfo=ALMATY)

    def test_that_is_corrected_is_confirmed_anew_and_counts_once(self) -> None:
        built = a_service()
        built.at = on(5, 20)
        built.met(*THREE).corrected(DOCTOR)
        assert built.service.meetings[built.meeting].confirmed == {person(DOCTOR)}
        built.confirmed(PEDAGOGUE).confirmed(PSYCHOLOGIST)
        assert built.service.counted_in == {"2026-05": 1}
        with pytest.raises(NotPermittedError):
            built.corrected(TEACHER)

    def test_has_a_case_discussed_by_those_who_were_there_alone(self) -> None:
        built = a_service().met(*THREE).discussed(PEDAGOGUE, DOCTOR)
        with pytest.raises(errors.NotAtTheMeetingError) as refusal:
            built.discussed(PEDAGOGUE, TEACHER)
        assert refusal.value.facts["persons"] == [str(person(TEACHER))]
        built.met(*THREE, confirmed=[]).confirmed(DOCTOR, took_part=False)
        with pytest.raises(errors.NotAtTheMeetingError):
            built.discussed(PEDAGOGUE, DOCTOR)


class TestAMonth:
    def test_is_first_owed_after_the_one_in_which_the_service_was_set_up(self) -> None:
        built = a_service()
        built.at = datetime(2026, 6, 1, tzinfo=ALMATY) - timedelta(microseconds=1)
        assert missed(built.month_asked()) == []
        built.at = datetime(2026, 6, 1, tzinfo=ALMATY)
        assert missed(built.month_asked()) == ["2026-05"]

    def test_is_missed_once_and_each_in_turn_however_late_the_clock_comes(self) -> None:
        built = a_service()
        built.at = on(9, 15)
        for _ in range(9):
            built.month_asked()
        assert missed(built) == ["2026-05", "2026-06", "2026-07", "2026-08"]

    def test_with_a_meeting_is_not_missed(self) -> None:
        """Nor is one whose meeting was held while the clock, stopped, had not come to the month before."""
        built = a_service()
        built.at = on(6, 15)
        built.met(*THREE)
        assert built.service.owed_month == "2026-05"
        built.at = on(9, 1)
        for _ in range(5):
            built.month_asked()
        assert missed(built) == ["2026-05", "2026-07", "2026-08"]

    def test_that_was_missed_stays_so_when_a_meeting_is_put_down_late(self) -> None:
        built = a_service()
        built.at = on(6, 2)
        built.month_asked().met(*THREE, days_ago=5)
        assert (missed(built), built.service.counted_in) == (["2026-05"], {"2026-05": 1})
        assert built.service.owed_month == "2026-06"

    def test_takes_as_many_meetings_as_are_needed(self) -> None:
        """Two where the department says so: one of them does not keep the month from being missed."""
        built = a_service()
        built.book = a_book(meetings=2)
        built.at = on(5, 20)
        assert built.met(*THREE).service.owed_month == "2026-05"
        assert built.met(*THREE).service.owed_month == "2026-06"
        built.at = on(6, 20)
        built.met(*THREE)
        built.at = on(7, 1)
        assert missed(built.month_asked()) == ["2026-06"]
