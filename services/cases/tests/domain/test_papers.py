"""Papers: safes with keepers, and the file of a case going in and out."""

from __future__ import annotations

import pytest

from services.cases.domain.errors import (
    NoSuchSafeError,
    NotOnTeamError,
    PapersInSafeError,
    PapersNotInSafeError,
    PersonWalledError,
    SafeWithoutKeeperError,
)
from services.cases.tests.builders import (
    DOCTOR,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    PSYCHOLOGIST,
    STRANGER,
    TEACHER,
    a_case,
    a_report,
    an_id,
    last_event,
    person,
)
from services.cases.tests.lives import a_kept_safe
from shared.domain import NotPermittedError

pytestmark = pytest.mark.requirement("CON-06")
SAFE = an_id("сейф")


class TestASafe:
    def test_has_a_place_and_a_keeper_of_the_service(self) -> None:
        """Named by the head, taken over by the keeper."""
        register = a_kept_safe()
        assert register.places[SAFE]
        assert register.keeper_of(SAFE) == person(PEDAGOGUE)

    def test_has_none_until_whoever_was_named_takes_it_over(self) -> None:
        """From the old keeper's key to the new one's nobody answers for it."""
        register = a_kept_safe()
        register.name_keeper(safe=SAFE, keeper=person(DOCTOR), reason="Міндеті ауысты", by=HEAD, at=MONDAY)
        with pytest.raises(SafeWithoutKeeperError):
            register.keeper_of(SAFE)
        register.take_over_safe(safe=SAFE, by=DOCTOR, at=MONDAY)
        assert register.keeper_of(SAFE) == person(DOCTOR)

    def test_is_given_by_head_or_deputy_alone(self) -> None:
        """Nobody gives themselves a key."""
        register = a_kept_safe()
        with pytest.raises(NotPermittedError) as refusal:
            register.set_up_safe(safe=SAFE, place="…", keeper=person(DOCTOR), by=DOCTOR, at=MONDAY)
        assert refusal.value.rule == "CON-06"
        with pytest.raises(NotPermittedError):
            register.name_keeper(safe=SAFE, keeper=person(DOCTOR), reason="…", by=DOCTOR, at=MONDAY)

    def test_is_taken_over_by_the_one_named_and_of_the_service(self) -> None:
        """Not by another of the service, not by a teacher whom the head named."""
        register = a_kept_safe()
        with pytest.raises(NotPermittedError):
            register.take_over_safe(safe=SAFE, by=DOCTOR, at=MONDAY)
        register.name_keeper(safe=SAFE, keeper=person(TEACHER), reason="…", by=HEAD, at=MONDAY)
        with pytest.raises(NotPermittedError):
            register.take_over_safe(safe=SAFE, by=TEACHER, at=MONDAY)

    def test_that_there_is_not_is_refused(self) -> None:
        """By name."""
        with pytest.raises(NoSuchSafeError):
            a_kept_safe().keeper_of(an_id("басқа сейф"))


class TestTheFile:
    def test_lies_in_a_safe_and_is_taken_out_by_a_member(self) -> None:
        """Each time an event, with who has it."""
        built = a_case().opened().staffed().put_in_safe()
        assert (last_event(built.case).safe, last_event(built.case).keeper) == (SAFE, person(PEDAGOGUE))
        taken = last_event(built.taken_out().case)
        assert (taken.safe, taken.person, built.case.papers_in) == (SAFE, person(PSYCHOLOGIST), None)

    def test_is_not_where_somebody_walled_off_has_the_key(self) -> None:
        """The accused keeps the safe: not this file."""
        with pytest.raises(PersonWalledError):
            a_case().opened(a_report(walled=[HEAD])).staffed().put_in_safe(HEAD)

    def test_is_in_one_place(self) -> None:
        """Not put in twice, not taken out of nowhere."""
        with pytest.raises(PapersInSafeError):
            a_case().opened().put_in_safe().put_in_safe()
        with pytest.raises(PapersNotInSafeError):
            a_case().opened().staffed().taken_out()

    def test_is_given_to_no_stranger(self) -> None:
        """Only the team has it."""
        with pytest.raises(NotOnTeamError):
            a_case().opened().put_in_safe().taken_out(STRANGER)
