"""Who sits in the School Safety Service, who is trained, and what that decides (SSS-01, SSS-02)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.cases.domain import errors
from services.cases.domain.days import month_after, months_after
from services.cases.domain.safety_service import SafetyService
from services.cases.domain.safety_service.owing import MEETING_DUTY, training_duty
from services.cases.domain.values import Role
from services.cases.tests.builders import BOOK, DEPUTY, HEAD, MONDAY, PEDAGOGUE, POLICY, TEACHER, an_id, person
from services.cases.tests.services import ServiceBuilder, the_service
from shared.domain import Actor, NotPermittedError
from shared.regulation import ALMATY

PEDAGOGUES_DUTY = training_duty(person(PEDAGOGUE))


@pytest.mark.requirement("SSS-01")
class TestSeats:
    def test_are_given_by_head_or_deputy(self) -> None:
        with pytest.raises(NotPermittedError):
            SafetyService.set_up(tenant=an_id("Мектеп"), book=BOOK, by=PEDAGOGUE, at=MONDAY)
        built = the_service()
        with pytest.raises(NotPermittedError):
            built.seated(TEACHER, Role.CLASS_TEACHER, by=PEDAGOGUE)
        assert person(TEACHER) in built.seated(TEACHER, Role.CLASS_TEACHER, by=DEPUTY).service.seats

    def test_are_not_given_twice_nor_ahead_nor_for_what_is_no_role_of_a_school(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        with pytest.raises(errors.AlreadyAMemberError):
            built.seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        with pytest.raises(errors.DayAheadError):
            built.seated(DEPUTY, Role.DEPUTY, since=date(2026, 4, 7))
        with pytest.raises(NotPermittedError):
            built.seated(DEPUTY, Role.TRIAGING_MEMBER)
        built.seated(PEDAGOGUE, Role.DEPUTY)
        assert len(built.service.members) == 1

    def test_of_teachers_make_no_permanent_member(self) -> None:
        built = the_service().seated(TEACHER, Role.CLASS_TEACHER)
        assert (set(built.service.seats), set(built.service.members)) == ({person(TEACHER)}, set())
        assert set(built.service.open_duties) == {MEETING_DUTY}

    def test_of_the_police_take_an_agreement_in_force(self) -> None:
        built = the_service()
        with pytest.raises(errors.NoPoliceAgreementError):
            built.seated(TEACHER, Role.JUVENILE_POLICE)
        built.police_agreed(agreed_on=date(2025, 4, 6), until=date(2026, 4, 5))
        with pytest.raises(errors.NoPoliceAgreementError):
            built.seated(TEACHER, Role.JUVENILE_POLICE)
        built.police_agreed(until=date(2026, 4, 6)).seated(TEACHER, Role.JUVENILE_POLICE)

    def test_end_and_only_those_that_there_are(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).seated(PEDAGOGUE, Role.DEPUTY)
        assert PEDAGOGUES_DUTY in built.released(PEDAGOGUE, Role.DEPUTY).service.open_duties
        assert PEDAGOGUES_DUTY not in built.released(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).service.open_duties
        with pytest.raises(errors.NotAMemberError):
            built.released(PEDAGOGUE, Role.DEPUTY)


@pytest.mark.requirement("SSS-02")
class TestTaking:
    def take(self, built: ServiceBuilder, role: Role = Role.SOCIAL_PEDAGOGUE, actor: Actor = PEDAGOGUE) -> None:
        """Asks whether the person may take a case in a role."""
        built.service.let_take_case(person=person(actor), role=role, at=built.at)

    def test_a_case_is_for_members_in_grace_up_to_its_last_moment(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        self.take(built)
        built.at = MONDAY.replace(hour=0) + timedelta(days=61) - timedelta(microseconds=1)
        self.take(built)
        built.at += timedelta(microseconds=1)
        with pytest.raises(errors.MemberNotTrainedError) as refusal:
            self.take(built)
        assert refusal.value.facts["covered_until"] == "2026-06-05T19:00:00+00:00"

    def test_a_case_is_for_trained_members_up_to_the_last_moment_of_twelve_months(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE, since=date(2020, 9, 1))
        with pytest.raises(errors.MemberNotTrainedError):
            self.take(built)
        built.trained(PEDAGOGUE, held_on=date(2026, 3, 2))
        self.take(built)
        built.at = MONDAY.replace(year=2027, month=3, day=2, hour=0) - timedelta(microseconds=1)
        self.take(built)
        built.at += timedelta(microseconds=1)
        with pytest.raises(errors.MemberNotTrainedError):
            self.take(built)

    def test_a_case_is_for_whoever_sits_in_that_role(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        with pytest.raises(errors.NotAMemberError):
            self.take(built, Role.PSYCHOLOGIST)
        with pytest.raises(errors.NotAMemberError):
            self.take(built, Role.DEPUTY, DEPUTY)

    def test_a_case_as_a_teacher_asks_for_no_seat(self) -> None:
        self.take(the_service(), Role.CLASS_TEACHER, TEACHER)

    @pytest.mark.requirement("SSS-01")
    def test_a_case_is_for_the_police_as_long_as_the_agreement_holds(self) -> None:
        built = the_service().police_agreed(until=date(2026, 4, 7)).seated(TEACHER, Role.JUVENILE_POLICE)
        self.take(built.later(days=1), Role.JUVENILE_POLICE, TEACHER)
        with pytest.raises(errors.NoPoliceAgreementError):
            self.take(built.later(days=1), Role.JUVENILE_POLICE, TEACHER)

    def test_a_case_by_confirming_its_report_asks_members_for_their_training(self) -> None:
        """Who is no member, as the department's lead, takes it by what they did."""
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE, since=date(2020, 9, 1))
        self.take(built, Role.TRIAGING_MEMBER, DEPUTY)
        with pytest.raises(errors.MemberNotTrainedError):
            self.take(built, Role.TRIAGING_MEMBER)


@pytest.mark.requirement("SSS-02")
class TestTraining:
    def test_is_attested_by_another_who_leads(self) -> None:
        built = the_service().seated(HEAD, Role.HEAD)
        with pytest.raises(NotPermittedError):
            built.trained(HEAD, by=HEAD)
        with pytest.raises(NotPermittedError):
            built.trained(HEAD, by=PEDAGOGUE)
        built.trained(HEAD, by=DEPUTY).trained(HEAD, by=POLICY)
        with pytest.raises(errors.DayAheadError):
            built.trained(HEAD, by=DEPUTY, held_on=date(2026, 4, 7))

    def test_before_a_seat_counts_and_gives_no_duty_yet(self) -> None:
        built = the_service().trained(PEDAGOGUE, held_on=date(2026, 1, 10))
        assert set(built.service.open_duties) == {MEETING_DUTY}
        built.seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE, since=date(2025, 9, 1))
        assert built.service.open_duties[PEDAGOGUES_DUTY].due_at.astimezone(ALMATY).date() == date(2027, 1, 10)

    def test_of_long_ago_shortens_nothing(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).trained(PEDAGOGUE)
        until = built.service.covered_until(person(PEDAGOGUE))
        assert built.trained(PEDAGOGUE, held_on=date(2025, 9, 1)).service.covered_until(person(PEDAGOGUE)) == until

    def test_grace_is_given_once(self) -> None:
        """Leaving and coming back gives no other sixty days."""
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        before = built.service.open_duties[PEDAGOGUES_DUTY]
        built.later(days=50).released(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        assert built.service.open_duties[PEDAGOGUES_DUTY].due_at == before.due_at

    def test_that_lapses_is_said_once_for_each_time_it_had(self) -> None:
        built = the_service().seated(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        for days, said in ((59, 0), (2, 1), (1, 1)):
            built.later(days=days).missed(PEDAGOGUES_DUTY)
            events = [type(event).__name__ for event in built.service.pending_events]
            assert events.count("DeadlineMissed") == said
        built.trained(PEDAGOGUE).later(days=366).missed(PEDAGOGUES_DUTY)
        assert [type(event).__name__ for event in built.service.pending_events].count("DeadlineMissed") == 2


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 4, 6), 12, date(2027, 4, 6)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, then: date) -> None:
    """The last day of a shorter month stands for a day that it has not."""
    assert months_after(day, months) == then
    assert month_after("2026-12") == "2027-01"
