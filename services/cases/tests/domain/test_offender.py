"""What is decided on an adult alleged offender."""

from __future__ import annotations

import pytest

from services.cases.domain.errors import CaseClosedError, DecisionNotJointError, NoSuchMeetingError
from services.cases.tests.builders import DOCTOR, HEAD, PEDAGOGUE, PSYCHOLOGIST, TEACHER, a_case, last_event, person
from shared.domain import NotPermittedError

pytestmark = pytest.mark.requirement("REF-09")
THREE = (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)


class TestADecisionOnAnAdult:
    def test_says_when_they_are_told_how_they_are_protected_and_what_is_considered(self) -> None:
        """And who decided so, in which meeting."""
        built = a_case().opened().staffed().met(*THREE).decided_on_offender()
        event = last_event(built.case)
        assert (event.adult, event.telling, event.meeting) == ("staff", "later", built.meeting)
        assert all((event.told_when, event.told_of_the_process, event.considered, event.best_interests))
        assert all((event.work_protected, event.private_life_protected))
        assert set(event.participants) == {str(person(actor)) for actor in THREE}

    def test_is_joint_and_of_a_meeting(self) -> None:
        """Not without one, not on two confirmations."""
        with pytest.raises(NoSuchMeetingError):
            a_case().opened().staffed().decided_on_offender()
        with pytest.raises(DecisionNotJointError):
            a_case().opened().staffed().met(*THREE, confirmed=[DOCTOR]).decided_on_offender()

    def test_is_put_down_by_one_of_the_service_who_decided(self) -> None:
        """Not by the head for the others, not by a teacher."""
        built = a_case().opened().staffed().met(*THREE)
        for by in (HEAD, TEACHER):
            with pytest.raises(NotPermittedError) as refusal:
                built.decided_on_offender(by=by)
            assert refusal.value.rule == "REF-09"

    def test_is_made_in_an_open_case(self) -> None:
        """A closed one is reopened first."""
        with pytest.raises(CaseClosedError):
            a_case().opened().settled().closed().decided_on_offender()
