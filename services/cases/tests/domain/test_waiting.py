"""Steps that wait for an agency: which, for what, what is done meanwhile and then."""

from __future__ import annotations

import pytest

from services.cases.domain.errors import AgencyNotAskedError, NotAwaitedError, StillWaitingError
from services.cases.domain.values import Awaited
from services.cases.tests.builders import POLICE, TEACHER, a_case, an_id, last_event
from shared.domain import NotPermittedError

pytestmark = pytest.mark.requirement("REF-06")


class TestAWaitingStep:
    def test_names_the_agency_what_is_done_at_once_and_what_follows(self) -> None:
        """All of it in the event."""
        built = a_case().opened().referred().waiting()
        event = last_event(built.case)
        assert event.agency == POLICE
        assert all((event.at_once, event.awaited, event.then))
        assert built.case.waiting_for == {an_id("күту"): POLICE}

    def test_waits_for_an_agency_that_was_asked(self) -> None:
        """Waiting for one that knows of nothing is no step."""
        with pytest.raises(AgencyNotAskedError) as refusal:
            a_case().opened().waiting()
        assert refusal.value.facts == {"agency": str(POLICE)}

    @pytest.mark.parametrize("outcome", list(Awaited))
    def test_ends_once_by_what_the_agency_did(self, outcome: Awaited) -> None:
        """Decided, declined, silent, or needed no longer; a second end is refused."""
        built = a_case().opened().referred().waiting().waited(outcome)
        assert last_event(built.case).outcome == outcome.value
        with pytest.raises(NotAwaitedError):
            built.waited(outcome)

    def test_is_the_services(self) -> None:
        """A teacher begins none and ends none."""
        built = a_case().opened().referred()
        with pytest.raises(NotPermittedError):
            built.waiting(by=TEACHER)
        with pytest.raises(NotPermittedError):
            built.waiting().waited(by=TEACHER)

    def test_keeps_the_case_open(self) -> None:
        """Until it ended, though the referral was answered."""
        built = a_case().opened().settled().referred().completed().waiting()
        with pytest.raises(StillWaitingError) as refusal:
            built.closed()
        assert refusal.value.facts == {"agencies": [str(POLICE)]}
        assert not built.waited().closed().case.is_open
