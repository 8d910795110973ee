"""Who works on a case: joining, leaving, the confidentiality warning, coordination, joint decisions."""

from __future__ import annotations

import pytest

from services.cases.domain.errors import (
    AlreadyCoordinatorError,
    AlreadyOnTeamError,
    CoordinatorStaysError,
    NotOnTeamError,
    PersonWalledError,
)
from services.cases.domain.values import Ground, Leaving, Role
from services.cases.tests.builders import (
    DEPUTY,
    DOCTOR,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    PSYCHOLOGIST,
    STRANGER,
    TEACHER,
    a_case,
    a_report,
    last_event,
    person,
    recorded,
)
from shared.domain import Actor, NotPermittedError


class TestJoiningATeam:
    @pytest.mark.requirement("CON-01")
    def test_is_settled_by_head_deputy_or_coordinator(self) -> None:
        """Each of the three."""
        for by in (HEAD, DEPUTY, PEDAGOGUE):
            assert person(DOCTOR) in a_case().opened().joined(DOCTOR, Role.SCHOOL_DOCTOR, by=by).case.team

    @pytest.mark.requirement("CON-01")
    def test_is_refused_to_another_member(self) -> None:
        """The refusal names the rule."""
        built = a_case().opened().joined(PSYCHOLOGIST, Role.PSYCHOLOGIST)
        with pytest.raises(NotPermittedError) as refusal:
            built.joined(DOCTOR, Role.SCHOOL_DOCTOR, by=PSYCHOLOGIST)
        assert refusal.value.rule == "SSS-03"

    @pytest.mark.requirement("REP-02")
    def test_is_refused_to_a_walled_person(self) -> None:
        """Whatever the role, and whoever asks."""
        with pytest.raises(PersonWalledError):
            a_case().opened(a_report(walled=[TEACHER])).joined(TEACHER, Role.CLASS_TEACHER)

    @pytest.mark.requirement("CON-02")
    def test_of_an_employee_outside_the_service_is_for_the_head_alone(self) -> None:
        """The coordinator lets in members of the service, the head and the deputy anybody."""
        with pytest.raises(NotPermittedError) as refusal:
            a_case().opened().joined(TEACHER, Role.CLASS_TEACHER, by=PEDAGOGUE)
        assert refusal.value.rule == "CON-02"
        assert person(TEACHER) in a_case().opened().joined(TEACHER, Role.CLASS_TEACHER, by=HEAD).case.team

    @pytest.mark.requirement("CON-02")
    @pytest.mark.parametrize("by", [HEAD, PEDAGOGUE])
    def test_is_in_a_role_that_somebody_can_hold(self, by: Actor) -> None:
        """Let in as the one who triaged, a stranger would need neither head nor warning."""
        with pytest.raises(NotPermittedError) as refusal:
            a_case().opened().joined(STRANGER, Role.TRIAGING_MEMBER, by=by)
        assert refusal.value.rule == "CON-02"

    def test_is_done_once(self) -> None:
        """The second time is refused."""
        with pytest.raises(AlreadyOnTeamError):
            a_case().opened().joined(DOCTOR, Role.SCHOOL_DOCTOR).joined(DOCTOR, Role.SCHOOL_DOCTOR)

    def test_makes_the_role_of_the_member_who_triaged_precise(self) -> None:
        """Who confirmed the report becomes the social pedagogue of the team."""
        case = a_case().opened().joined(PEDAGOGUE, Role.SOCIAL_PEDAGOGUE).case
        assert case.team[person(PEDAGOGUE)].role is Role.SOCIAL_PEDAGOGUE


class TestAcceptingTheWarning:
    @pytest.mark.requirement("CON-02")
    def test_is_owed_by_members_outside_the_service_until_they_do(self) -> None:
        """A doctor is of the service, a class teacher is not."""
        built = a_case().opened().joined(TEACHER, Role.CLASS_TEACHER).joined(DOCTOR, Role.SCHOOL_DOCTOR)
        assert not built.case.team[person(DOCTOR)].must_accept
        assert built.case.team[person(TEACHER)].must_accept
        built.case.accept_confidentiality_warning(by=TEACHER, at=MONDAY)
        assert not built.case.team[person(TEACHER)].must_accept

    def test_twice_is_one_event(self) -> None:
        """A promise is given once."""
        built = a_case().opened().joined(TEACHER, Role.CLASS_TEACHER)
        built.case.accept_confidentiality_warning(by=TEACHER, at=MONDAY)
        built.case.accept_confidentiality_warning(by=TEACHER, at=MONDAY)
        assert recorded(built.case).count("ConfidentialityWarningAccepted") == 1

    def test_is_refused_to_a_stranger(self) -> None:
        """Nobody else's case."""
        with pytest.raises(NotOnTeamError):
            a_case().opened().case.accept_confidentiality_warning(by=STRANGER, at=MONDAY)


class TestCoordinating:
    @pytest.mark.requirement("SSS-03")
    @pytest.mark.parametrize("ground", list(Ground))
    def test_passes_on_a_ground(self, ground: Ground) -> None:
        """By the topic of the case, the tasks of the situation, or leadership skills; it stands in the event."""
        event = last_event(a_case().opened().staffed().coordinated_by(DOCTOR, ground=ground).case)
        assert (event.person, event.before, event.ground) == (person(DOCTOR), person(PEDAGOGUE), ground.value)
        assert event.reason

    @pytest.mark.requirement("SSS-03")
    def test_passes_to_exactly_one_with_the_reason(self) -> None:
        """The event says from whom, to whom and why."""
        built = a_case().opened().staffed().coordinated_by(PSYCHOLOGIST, by=PEDAGOGUE)
        assert built.case.coordinator == person(PSYCHOLOGIST)
        event = last_event(built.case)
        assert (event.before, event.reason) == (person(PEDAGOGUE), "Баламен тіл табысты")

    @pytest.mark.requirement("SSS-03")
    def test_is_not_for_somebody_outside_the_team(self) -> None:
        """Join first."""
        with pytest.raises(NotOnTeamError):
            a_case().opened().coordinated_by(DOCTOR)

    def test_does_not_pass_to_whoever_holds_it(self) -> None:
        """Nothing would change hands."""
        with pytest.raises(AlreadyCoordinatorError):
            a_case().opened().coordinated_by(PEDAGOGUE)

    @pytest.mark.requirement("SSS-03")
    def test_is_not_passed_on_by_another_member(self) -> None:
        """Neither head nor coordinator."""
        with pytest.raises(NotPermittedError):
            a_case().opened().staffed().coordinated_by(DOCTOR, by=PSYCHOLOGIST)

    @pytest.mark.requirement("SSS-03")
    def test_is_handed_over_before_leaving(self) -> None:
        """The coordinator stays; after the hand-over the former one may leave."""
        built = a_case().opened().staffed()
        with pytest.raises(CoordinatorStaysError):
            built.case.leave_team(person=person(PEDAGOGUE), reason=Leaving.LEFT_SCHOOL, by=HEAD, at=MONDAY)
        built.coordinated_by(PSYCHOLOGIST)
        built.case.leave_team(person=person(PEDAGOGUE), reason=Leaving.LEFT_SCHOOL, by=HEAD, at=MONDAY)
        assert person(PEDAGOGUE) not in built.case.team
        assert last_event(built.case).role == "triaging_member"
