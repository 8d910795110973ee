"""Medical help: who is asked, when; who came, from when to when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.domain.errors import (
    CaseClosedError,
    MedicalHelpAwaitedError,
    MedicalHelpNotAwaitedError,
    MedicalTimesMissingError,
    NotByAMedicalWorkerError,
    TimesOutOfOrderError,
)
from services.cases.domain.values import MedicalHelp, MedicalHelper
from services.cases.tests.builders import DOCTOR, MONDAY, TEACHER, a_case, an_id, last_event, recorded

pytestmark = pytest.mark.requirement("PLN-01")


class TestMedicalHelp:
    def test_is_asked_for_before_it_comes(self) -> None:
        """An ambulance is put down when it is called; the case says that it is awaited."""
        built = a_case().opened().help_called()
        event = last_event(built.case)
        assert (event.kind, event.called_at) == ("ambulance", MONDAY)
        assert list(built.case.awaited_help) == [event.medical_help]

    def test_has_the_times_of_whoever_came(self) -> None:
        """Called, begun, ended."""
        built = a_case().opened().medically_helped(minutes=(12, 40))
        event = last_event(built.case)
        assert event.began_at - MONDAY == timedelta(minutes=12)
        assert event.ended_at - MONDAY == timedelta(minutes=40)
        assert not built.case.awaited_help

    def test_that_never_came_is_put_down_as_that(self) -> None:
        """By nobody, without times."""
        event = last_event(a_case().opened().medically_helped(helper=MedicalHelper.NOBODY, minutes=None).case)
        assert (event.helper, event.began_at, event.ended_at) == ("nobody", None, None)

    @pytest.mark.parametrize(
        ("helper", "minutes"), [(MedicalHelper.NOBODY, (1, 2)), (MedicalHelper.AMBULANCE_CREW, None)]
    )
    def test_has_times_exactly_where_somebody_came(
        self, helper: MedicalHelper, minutes: tuple[int, int] | None
    ) -> None:
        """Neither without, nor invented."""
        with pytest.raises(MedicalTimesMissingError):
            a_case().opened().medically_helped(helper=helper, minutes=minutes)

    @pytest.mark.parametrize("minutes", [(-1, 20), (20, 19), (20, 61)])
    def test_begins_after_the_call_and_has_ended(self, minutes: tuple[int, int]) -> None:
        """Not before it was called, not ended before it began, not ahead."""
        with pytest.raises(TimesOutOfOrderError):
            a_case().opened().medically_helped(minutes=minutes)

    @pytest.mark.parametrize("minutes", [(0, 0), (20, 60)])
    def test_may_begin_at_once_and_end_now(self, minutes: tuple[int, int]) -> None:
        """The borders hold."""
        assert recorded(a_case().opened().medically_helped(minutes=minutes).case)[-1] == "MedicalHelpRecorded"

    def test_was_not_called_ahead(self) -> None:
        """A call lies in the past."""
        case = a_case().opened().case
        with pytest.raises(TimesOutOfOrderError):
            case.organise_medical_help(
                medical_help=an_id("көмек"),
                kind=MedicalHelp.URGENT_HELP,
                called_at=MONDAY + timedelta(seconds=1),
                what_happened="Құлады",
                by=TEACHER,
                at=MONDAY,
            )

    def test_has_one_outcome(self) -> None:
        """The second is refused, as is one of help that nobody asked for."""
        case = a_case().opened().medically_helped().case
        with pytest.raises(MedicalHelpNotAwaitedError):
            case.record_medical_help(
                medical_help=an_id(MedicalHelp.AMBULANCE),
                helper=MedicalHelper.NOBODY,
                began_at=None,
                ended_at=None,
                outcome="Келмеді",
                by=DOCTOR,
                at=MONDAY,
            )

    def test_keeps_the_case_open_until_its_outcome_is_known(self) -> None:
        """Everything else that closing takes is there."""
        built = a_case().opened().settled().help_called()
        with pytest.raises(MedicalHelpAwaitedError):
            built.closed()
        with pytest.raises(CaseClosedError):
            a_case().opened().settled().medically_helped().closed().help_called()


class TestAnExamination:
    @pytest.mark.parametrize("helper", [MedicalHelper.SCHOOL_MEDICAL_WORKER, MedicalHelper.MEDICAL_ORGANISATION])
    def test_is_by_a_medical_worker(self, helper: MedicalHelper) -> None:
        """Of the school or outside it."""
        built = a_case().opened().medically_helped(MedicalHelp.MEDICAL_EXAMINATION, helper)
        assert last_event(built.case).helper == helper.value

    def test_is_not_by_anybody_else(self) -> None:
        """An employee gives first help, and examines nobody."""
        with pytest.raises(NotByAMedicalWorkerError):
            a_case().opened().medically_helped(MedicalHelp.MEDICAL_EXAMINATION, MedicalHelper.STAFF)
        helped = a_case().opened().medically_helped(MedicalHelp.URGENT_HELP, MedicalHelper.STAFF)
        assert last_event(helped.case).helper == "staff"
