"""Material is handed over and deleted; asked for before anybody leaves a team."""

from __future__ import annotations

import pytest

from services.cases.domain.case import Case
from services.cases.domain.errors import HandedToOneselfError, MaterialNotHandedOverError, NotOnTeamError
from services.cases.domain.values import Leaving, Role
from services.cases.tests.builders import DOCTOR, HEAD, PEDAGOGUE, STRANGER, TEACHER, a_case, last_event, person

pytestmark = pytest.mark.requirement("CON-04")


class TestHandingMaterialOver:
    def test_says_what_became_of_it_in_each_place(self) -> None:
        """Computer, recycle bin, e-mail: each by its own word."""
        event = last_event(a_case().opened().staffed().handed_over(DOCTOR).case)
        assert (event.person, event.to) == (person(DOCTOR), person(PEDAGOGUE))
        assert (event.computer, event.recycle_bin, event.email) == ("deleted", "deleted", "nothing_there")

    def test_is_for_oneself_and_to_another_member(self) -> None:
        """The head, not on the team, confirms nothing; a stranger gets nothing; oneself is nobody else."""
        built = a_case().opened().staffed()
        with pytest.raises(NotOnTeamError):
            built.handed_over(HEAD)
        with pytest.raises(NotOnTeamError):
            built.handed_over(DOCTOR, STRANGER)
        with pytest.raises(HandedToOneselfError):
            built.handed_over(DOCTOR, DOCTOR)

    def test_is_possible_after_the_closing(self) -> None:
        """What is found later goes the same way."""
        assert last_event(a_case().opened().settled().closed().handed_over(DOCTOR).case).person == person(DOCTOR)


class TestLeavingATeam:
    @pytest.mark.parametrize("reason", [Leaving.HANDED_OVER, Leaving.NO_LONGER_NEEDED, Leaving.WALLED])
    def test_takes_the_material_first(self, reason: Leaving) -> None:
        """Saying that it was handed over is not handing it over, nor does calling it a wall help."""
        built = a_case().opened().staffed()
        with pytest.raises(MaterialNotHandedOverError) as refusal:
            built.left(DOCTOR, reason)
        assert refusal.value.facts == {"person": str(person(DOCTOR))}
        assert last_event(built.handed_over(DOCTOR).left(DOCTOR, reason).case).material == "handed_over"

    def test_with_the_school_says_that_it_is_unaccounted_for(self) -> None:
        """Whoever is gone cannot be asked; the event says so."""
        assert last_event(a_case().opened().staffed().left(DOCTOR, Leaving.LEFT_SCHOOL).case).material == "unaccounted"

    def test_behind_a_wall_does_not_wait_for_it(self) -> None:
        """Walled off is walled off at once."""
        left = last_event(a_case().opened().staffed().walled_off(DOCTOR).case)
        assert isinstance(left, Case.TeamMemberLeft)
        assert (left.reason, left.material) == ("walled", "unaccounted")

    def test_takes_it_again_after_coming_back(self) -> None:
        """What was handed over then says nothing of now."""
        built = a_case().opened().staffed().joined(TEACHER, Role.CLASS_TEACHER).handed_over(DOCTOR).left(DOCTOR)
        with pytest.raises(MaterialNotHandedOverError):
            built.joined(DOCTOR, Role.SCHOOL_DOCTOR).left(DOCTOR)
