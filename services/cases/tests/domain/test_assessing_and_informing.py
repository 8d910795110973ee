"""Risk and its consequences: every factor answered, what high risk opens, and the duty to inform from end to end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from services.cases.domain.errors import (
    BirthDateAheadError,
    DutyToInformOpenError,
    NoDutyToInformError,
    NotificationNotDeliveredError,
    RiskFactorsUnansweredError,
)
from services.cases.domain.values import Answer, Duty, Kind, Level, Role, Step
from services.cases.tests.builders import (
    BOOK,
    DOCTOR,
    MONDAY,
    PEDAGOGUE,
    POLICY,
    TEACHER,
    a_case,
    a_report,
    all_factors,
    an_id,
    last_event,
    recorded,
)
from shared.domain import NotPermittedError
from shared.regulation import ALMATY


class TestIdentifyingTheChild:
    def test_keeps_name_birth_date_and_class_in_the_sealed_event(self) -> None:
        """Kazakh letters come through as they were put."""
        event = last_event(a_case().opened().with_child().case)
        assert (event.name, event.birth_date, event.class_name) == ("Һәнифа Жүнісқызы Өтеғұлова", "2014-09-03", "5 «Ә»")

    @pytest.mark.parametrize(("born", "refused"), [(date(2026, 4, 6), False), (date(2026, 4, 7), True)])
    def test_takes_no_birth_date_ahead(self, born: date, refused: bool) -> None:
        """Born today is possible, born tomorrow is not."""
        case = a_case().opened().case
        if refused:
            with pytest.raises(BirthDateAheadError):
                case.identify_child(name="Ұлпан", birth_date=born, class_name="1 «Ғ»", by=PEDAGOGUE, at=MONDAY)
        else:
            case.identify_child(name="Ұлпан", birth_date=born, class_name="1 «Ғ»", by=PEDAGOGUE, at=MONDAY)

    def test_is_for_the_service(self) -> None:
        """A class teacher is not of it."""
        with pytest.raises(NotPermittedError):
            a_case().opened().case.identify_child(
                name="Ұлпан", birth_date=date(2015, 1, 1), class_name="4 «Қ»", by=TEACHER, at=MONDAY
            )


class TestRecordingAStep:
    @pytest.mark.requirement("RSK-01")
    @pytest.mark.requirement("RSK-02")
    @pytest.mark.parametrize("step", list(Step))
    def test_keeps_role_result_and_date(self, step: Step) -> None:
        """Each step on the list can be put down."""
        built = a_case().opened()
        built.case.record_assessment_step(
            step=step, role=Role.SCHOOL_DOCTOR, result="Көгерген іздер жоқ", on=date(2026, 4, 6), by=DOCTOR, at=built.at
        )
        event = last_event(built.case)
        assert (event.step, event.role, event.on) == (step.value, "school_doctor", "2026-04-06")
        assert step in built.case.steps_taken


class TestAssessingRisk:
    @pytest.mark.requirement("RSK-03")
    @pytest.mark.requirement("RSK-07")
    def test_keeps_level_factors_reasons_both_questions_and_best_interests(self) -> None:
        """Nothing of what RSK-03 asks is lost."""
        event = last_event(a_case().opened().assessed(Level.MEDIUM).case)
        assert event.level == "medium"
        assert set(event.factors) == set(all_factors())
        assert event.factors_rule == "cases.risk_factors@2026-01-01"
        assert all([event.reasons, event.childs_place, event.childs_safety, event.best_interests])

    @pytest.mark.requirement("RSK-03")
    def test_is_refused_with_a_factor_left_out(self) -> None:
        """The refusal names the factor."""
        left_out = {factor: answer for factor, answer in all_factors().items() if factor != "future_threat"}
        with pytest.raises(RiskFactorsUnansweredError) as refusal:
            a_case().opened().assessed(factors=left_out)
        assert refusal.value.facts == {"missing": ["future_threat"], "unknown": []}

    def test_is_refused_with_a_factor_that_is_not_on_the_list(self) -> None:
        """What nobody asked cannot be answered."""
        with pytest.raises(RiskFactorsUnansweredError) as refusal:
            a_case().opened().assessed(factors=all_factors() | {"weather": Answer.YES})
        assert refusal.value.facts == {"missing": [], "unknown": ["weather"]}

    @pytest.mark.requirement("RSK-03")
    def test_is_for_the_service(self) -> None:
        """A class teacher's word is a step, not the assessment."""
        with pytest.raises(NotPermittedError):
            a_case().opened().case.assess_risk(
                level=Level.LOW,
                factors=all_factors(),
                reasons="",
                childs_place="",
                childs_safety="",
                best_interests="",
                book=BOOK,
                by=TEACHER,
                at=MONDAY,
            )

    @pytest.mark.requirement("RSK-05")
    def test_meets_the_duty_and_owes_it_again_in_thirty_days(self) -> None:
        """To the end of the thirtieth day after."""
        case = a_case().opened().assessed().case
        assert Duty.RISK_ASSESSMENT not in case.open_duties
        assert case.open_duties[Duty.REASSESSMENT].due_at == datetime(2026, 5, 7, 0, 0, tzinfo=ALMATY)

    @pytest.mark.requirement("RSK-04")
    @pytest.mark.requirement("REF-05")
    @pytest.mark.parametrize(("level", "opened"), [(Level.LOW, False), (Level.MEDIUM, False), (Level.HIGH, True)])
    def test_opens_the_interagency_step_and_the_duty_to_inform_only_when_high(self, level: Level, opened: bool) -> None:
        """Low and medium lead to a plan, high leads out of the school."""
        case = a_case().opened().assessed(level).case
        assert case.interagency_open is opened
        assert (Duty.INFORM_AGENCIES in case.open_duties) is opened

    @pytest.mark.requirement("RSK-04")
    def test_that_is_high_again_opens_the_interagency_step_once(self) -> None:
        """The team stays with the case; the duty is still the same one."""
        built = a_case().opened().assessed_high().assessed_high()
        assert recorded(built.case).count("InteragencyStepOpened") == 1
        assert recorded(built.case).count("DutyToInformOpened") == 1


class TestTheDutyToInform:
    @pytest.mark.requirement("REF-01")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_opens_by_itself_for_kinds_within_liability(self, kind: Kind) -> None:
        """Physical, sexual, exploitation; others only when found or high."""
        liable = kind in (Kind.PHYSICAL, Kind.SEXUAL, Kind.EXPLOITATION)
        assert (Duty.INFORM_AGENCIES in a_case().opened(a_report(kinds=[kind])).case.open_duties) is liable

    @pytest.mark.requirement("REF-01")
    def test_is_due_in_twenty_four_hours(self) -> None:
        """To the minute, also over a night."""
        owed = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).case.open_duties[Duty.INFORM_AGENCIES]
        assert owed.due_at == MONDAY + timedelta(hours=24)
        assert owed.rule == "cases.informing@2026-01-01"

    @pytest.mark.requirement("REP-08")
    def test_is_due_at_once_in_immediate_danger(self) -> None:
        """The alarm after a quarter of an hour."""
        owed = a_case().opened(a_report(immediate_danger=True)).case.open_duties[Duty.INFORM_AGENCIES]
        assert owed.due_at == MONDAY + timedelta(minutes=15)

    @pytest.mark.requirement("REP-08")
    def test_draws_nearer_when_danger_becomes_known(self) -> None:
        """The nearer time replaces the farther."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).later(hours=1)
        built.linked(a_report("Шұғыл хабар", immediate_danger=True))
        assert built.case.open_duties[Duty.INFORM_AGENCIES].due_at == built.at + timedelta(minutes=15)

    @pytest.mark.requirement("REF-01")
    def test_is_opened_by_the_services_own_finding_once(self) -> None:
        """A second finding adds nothing, and is refused."""
        case = a_case().opened().case
        case.find_liability_possible(book=BOOK, by=PEDAGOGUE, at=MONDAY)
        assert Duty.INFORM_AGENCIES in case.open_duties
        with pytest.raises(DutyToInformOpenError):
            case.find_liability_possible(book=BOOK, by=PEDAGOGUE, at=MONDAY)

    @pytest.mark.requirement("REF-01")
    def test_is_not_met_by_a_referral_on_its_way_but_by_its_delivery(self) -> None:
        """Sent is not arrived."""
        built = a_case().opened(a_report(kinds=[Kind.SEXUAL])).referred()
        with pytest.raises(NotificationNotDeliveredError):
            built.case.meet_duty_to_inform(referral=an_id("Жолдама"), by=PEDAGOGUE, at=MONDAY)
        assert Duty.INFORM_AGENCIES in built.case.open_duties
        built.delivered()
        assert Duty.INFORM_AGENCIES not in built.case.open_duties
        assert recorded(built.case)[-2:] == ["ReferralDeliveryNoted", "DutyToInformMet"]

    @pytest.mark.requirement("REF-01")
    def test_is_met_by_what_was_delivered_before_it_opened(self) -> None:
        """The service points to the referral that had arrived."""
        built = a_case().opened().referred().delivered().assessed_high()
        assert Duty.INFORM_AGENCIES in built.case.open_duties
        built.case.meet_duty_to_inform(referral=an_id("Жолдама"), by=PEDAGOGUE, at=MONDAY)
        assert built.case.agencies_informed

    def test_does_not_open_again_by_high_risk_once_agencies_were_informed(self) -> None:
        """They know already."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).referred().delivered().assessed_high()
        assert Duty.INFORM_AGENCIES not in built.case.open_duties

    @pytest.mark.requirement("REF-01")
    def test_is_lifted_by_the_services_reasons(self) -> None:
        """Agencies stay uninformed, and the reasons are kept."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL]))
        built.case.record_no_liability(reasons="Ойын кезіндегі жазатайым", best_interests="…", by=PEDAGOGUE, at=MONDAY)
        assert Duty.INFORM_AGENCIES not in built.case.open_duties
        assert not built.case.agencies_informed

    @pytest.mark.requirement("REF-01")
    def test_is_not_lifted_by_others_or_where_there_is_none(self) -> None:
        """Neither a teacher, nor without an open duty."""
        with pytest.raises(NotPermittedError):
            a_case().opened(a_report(kinds=[Kind.PHYSICAL])).case.record_no_liability(
                reasons="…", best_interests="…", by=TEACHER, at=MONDAY
            )
        with pytest.raises(NoDutyToInformError):
            a_case().opened().case.record_no_liability(reasons="…", best_interests="…", by=PEDAGOGUE, at=MONDAY)

    @pytest.mark.requirement("REF-01")
    @pytest.mark.parametrize(("late", "missed"), [(-1, False), (0, True)])
    def test_is_missed_after_its_time(self, late: int, missed: bool) -> None:
        """A second before it is not, at its time it is."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).later(hours=24, seconds=late)
        assert (recorded(built.missed("inform_agencies").case)[-1] == "DeadlineMissed") is missed

    def test_is_not_met_by_asking_for_help(self) -> None:
        """A service that is asked for informs nobody of an offence; nor does naming it later."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).referred().delivered(notifies=False)
        assert Duty.INFORM_AGENCIES in built.case.open_duties
        with pytest.raises(NotificationNotDeliveredError):
            built.case.meet_duty_to_inform(referral=an_id("Жолдама"), by=PEDAGOGUE, at=built.at)
        built.referred("хабарлама").delivered("хабарлама")
        assert Duty.INFORM_AGENCIES not in built.case.open_duties

    def test_delivery_is_noted_by_policies_alone(self) -> None:
        """What persons say about it does not count."""
        case = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).case
        with pytest.raises(NotPermittedError):
            case.note_referral_delivered(
                referral=an_id("Жолдама"), agency=an_id("Полиция"), delivered_at=MONDAY, by=PEDAGOGUE, at=MONDAY
            )
        case.note_referral_delivered(
            referral=an_id("Жолдама"), agency=an_id("Полиция"), delivered_at=MONDAY, by=POLICY, at=MONDAY
        )
