"""Plans, reviews, sessions, ratings, and the school's own measures."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.cases.domain.errors import (
    AreasWithoutMeasuresError,
    CaseClosedError,
    MeasureIsAPenaltyError,
    NoOwnMeasuresOwedError,
    NoPlanError,
    RatedTwiceError,
    RiskNotAssessedError,
    SessionLimitReachedError,
)
from services.cases.domain.values import PUNISHING, Area, Duty, Nature
from services.cases.tests.builders import (
    BOOK,
    DOCTOR,
    MONDAY,
    PEDAGOGUE,
    PSYCHOLOGIST,
    TEACHER,
    CaseBuilder,
    a_case,
    an_id,
    goals,
    last_event,
    ratings,
    recorded,
)
from shared.domain import NotPermittedError
from shared.regulation import ALMATY


class TestTheSupportPlan:
    @pytest.mark.requirement("PLN-02")
    def test_has_goals_with_measures_in_the_four_areas(self) -> None:
        """In the order of the vocabulary."""
        event = last_event(a_case().opened().assessed().planned().case)
        assert [goal["area"] for goal in event.goals] == ["learning", "communication", "self_regulation", "self_esteem"]

    @pytest.mark.requirement("PLN-02")
    @pytest.mark.parametrize("missing", list(Area))
    def test_is_refused_without_one_of_them(self, missing: Area) -> None:
        """The refusal names the area."""
        case = a_case().opened().assessed().case
        with pytest.raises(AreasWithoutMeasuresError) as refusal:
            case.draw_up_support_plan(
                goals=goals([area for area in Area if area is not missing]), book=BOOK, by=PEDAGOGUE, at=MONDAY
            )
        assert refusal.value.facts == {"areas": [missing.value]}

    @pytest.mark.requirement("RSK-04")
    def test_rests_on_a_risk_assessment(self) -> None:
        """No plan before it is known how dangerous it is."""
        with pytest.raises(RiskNotAssessedError):
            a_case().opened().planned()

    @pytest.mark.requirement("PLN-07")
    @pytest.mark.parametrize("nature", [Nature.PENALTY, Nature.HARSH_MEASURE])
    def test_punishes_nobody(self, nature: Nature) -> None:
        """Refused with what to choose instead, wherever in the plan it stands."""
        case = a_case().opened().assessed().case
        last = goals([Area.SELF_ESTEEM], nature)
        with pytest.raises(MeasureIsAPenaltyError) as refusal:
            case.draw_up_support_plan(goals=[*goals(), *last], book=BOOK, by=PEDAGOGUE, at=MONDAY)
        assert refusal.value.facts == {
            "measures": [{"area": "self_esteem", "nature": nature.value}],
            "instead": ["help", "encouragement", "teaching", "teaching_of_parents"],
        }

    @pytest.mark.requirement("PLN-07")
    @pytest.mark.parametrize("nature", sorted(set(Nature) - PUNISHING))
    def test_says_of_each_measure_what_it_is(self, nature: Nature) -> None:
        """Help, encouragement, teaching, teaching of parents: it stands in the event."""
        case = a_case().opened().assessed().case
        case.draw_up_support_plan(goals=goals(nature=nature), book=BOOK, by=PEDAGOGUE, at=MONDAY)
        measures = [one for goal in last_event(case).goals for one in goal["measures"]]
        assert {one["nature"] for one in measures} == {nature.value}

    @pytest.mark.requirement("PLN-03")
    def test_of_safety_waits_for_none(self) -> None:
        """A child in danger has one at once."""
        built = a_case().opened()
        built.case.draw_up_safety_plan(
            dangers=["Мектеп артындағы аула"],
            safe_people=["Іңкәр апай"],
            safe_places=["кітапхана"],
            child_does=["«Көмек» деп айтады"],
            adults_do=["Үзілісте қасында болады"],
            book=BOOK,
            by=PEDAGOGUE,
            at=MONDAY,
        )
        assert built.case.plans == {"safety"}
        assert Duty.PLAN_REVIEW in built.case.open_duties


class TestReviewingThePlans:
    def test_is_owed_after_fourteen_days_and_again(self) -> None:
        """To the end of the fourteenth day after the last one."""
        built = a_case().opened().assessed().planned()
        assert built.case.open_duties[Duty.PLAN_REVIEW].due_at == datetime(2026, 4, 21, 0, 0, tzinfo=ALMATY)
        built.later(days=10).reviewed(change_seen=True)
        assert built.case.open_duties[Duty.PLAN_REVIEW].due_at == datetime(2026, 5, 1, 0, 0, tzinfo=ALMATY)

    def test_keeps_the_nearer_time_when_another_plan_is_drawn_up(self) -> None:
        """A new plan does not put the review off."""
        built = a_case().opened().assessed().planned().later(days=3).planned()
        assert built.case.open_duties[Duty.PLAN_REVIEW].due_at == datetime(2026, 4, 21, 0, 0, tzinfo=ALMATY)

    def test_takes_a_plan(self) -> None:
        """There is nothing to look at otherwise."""
        with pytest.raises(NoPlanError):
            a_case().opened().reviewed(change_seen=False)

    @pytest.mark.requirement("REF-05")
    @pytest.mark.parametrize(
        ("reviews", "convened"), [([False], False), ([False, True, False], False), ([True, False, False], True)]
    )
    def test_without_change_twice_running_convenes_the_interagency_team(
        self, reviews: list[bool], convened: bool
    ) -> None:
        """One review with change begins the count anew."""
        built = a_case().opened().assessed().planned()
        for change_seen in reviews:
            built.later(days=14).reviewed(change_seen=change_seen)
        assert built.case.interagency_open is convened

    def test_is_missed_after_its_time(self) -> None:
        """On the fifteenth day."""
        built = a_case().opened().assessed().planned().later(days=15).missed("plan_review")
        assert recorded(built.case)[-1] == "DeadlineMissed"


class TestHoldingSessions:
    @pytest.mark.requirement("PLN-04")
    def test_is_for_psychologist_and_social_pedagogue(self) -> None:
        """A doctor helps in other ways."""
        assert a_case().opened().helped(by=PSYCHOLOGIST).helped(by=PEDAGOGUE).case.sessions_held == 2
        with pytest.raises(NotPermittedError):
            a_case().opened().helped(by=DOCTOR)

    @pytest.mark.requirement("PLN-04")
    def test_keeps_the_note_out_of_the_case(self) -> None:
        """The event has only the id of the note's own stream."""
        event = last_event(a_case().opened().helped().case)
        assert event.note == an_id("жазба")
        assert event.helper == PSYCHOLOGIST.person

    @pytest.mark.requirement("PLN-04")
    def test_ends_at_the_limit(self) -> None:
        """The eleventh of ten is refused."""
        built = a_case().opened().helped(10)
        with pytest.raises(SessionLimitReachedError) as refusal:
            built.helped()
        assert refusal.value.facts == {"limit": 10}

    @pytest.mark.requirement("PLN-04")
    def test_goes_on_when_extended_with_a_reason(self) -> None:
        """By as many as were granted, and no more."""
        built = a_case().opened().helped(10)
        built.case.extend_sessions(more=1, reason="Отбасымен кездесу керек", book=BOOK, by=PEDAGOGUE, at=MONDAY)
        assert last_event(built.helped().case).limit == 11
        with pytest.raises(SessionLimitReachedError):
            built.helped()

    @pytest.mark.requirement("PLN-04")
    def test_begins_with_the_case_and_ends_with_it(self) -> None:
        """From the moment of suspicion to the closing."""
        assert a_case().opened().helped().case.sessions_held == 1
        with pytest.raises(CaseClosedError):
            a_case().opened().settled().closed().helped()


class TestRatingCriteria:
    @pytest.mark.requirement("PLN-05")
    def test_keeps_rating_and_evidence(self) -> None:
        """All six of them, none without evidence."""
        event = last_event(a_case().opened().rated().case)
        assert {rated["criterion"] for rated in event.ratings} == {
            "mood_settled",
            "vitality_raised",
            "taking_part_in_class",
            "relations_in_school",
            "relations_with_parents",
            "relations_within_family",
        }
        assert all(rated["evidence"] for rated in event.ratings)

    def test_says_one_thing_of_each(self) -> None:
        """A criterion rated twice at once is refused."""
        with pytest.raises(RatedTwiceError):
            a_case().opened().case.rate_criteria(ratings=ratings() + ratings()[:1], by=PSYCHOLOGIST, at=MONDAY)


class TestOwnMeasures:
    @pytest.mark.requirement("REF-07")
    @pytest.mark.parametrize("verb", ["declined", "silent"])
    def test_are_owed_in_three_working_days_where_no_agency_helps(self, verb: str) -> None:
        """Declined or silent, it is the same to the child."""
        built: CaseBuilder = getattr(a_case().opened().referred().delivered(), verb)()
        owed = built.case.open_duties[Duty.OWN_MEASURES]
        assert owed.due_at == datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
        assert owed.rule == "cases.own_measures@2026-01-01"

    @pytest.mark.requirement("REF-07")
    def test_are_not_owed_where_an_agency_helps(self) -> None:
        """Completed is the end of it."""
        built = a_case().opened().referred().delivered().accepted().completed()
        assert Duty.OWN_MEASURES not in built.case.open_duties

    @pytest.mark.requirement("REF-07")
    def test_answer_every_referral_that_brought_no_help(self) -> None:
        """Two referrals without help, one answer."""
        built = a_case().opened().referred("бірінші").referred("екінші").declined("бірінші").silent("екінші")
        built.case.take_own_measures(measures=["Сынып сағаты өтті"], by=PEDAGOGUE, at=MONDAY)
        assert set(last_event(built.case).referrals) == {str(an_id("бірінші")), str(an_id("екінші"))}
        assert Duty.OWN_MEASURES not in built.case.open_duties

    def test_open_once_for_an_agency_silent_past_two_clocks(self) -> None:
        """The duty is one until it is met."""
        built = a_case().opened().referred().silent().silent()
        assert recorded(built.case).count("OwnMeasuresOpened") == 1

    def test_are_taken_only_where_owed_and_by_the_service(self) -> None:
        """Not where none is owed, not by a teacher."""
        with pytest.raises(NoOwnMeasuresOwedError):
            a_case().opened().case.take_own_measures(measures=["…"], by=PEDAGOGUE, at=MONDAY)
        with pytest.raises(NotPermittedError):
            a_case().opened().referred().declined().case.take_own_measures(measures=["…"], by=TEACHER, at=MONDAY)

    def test_are_missed_after_their_time(self) -> None:
        """After three working days."""
        built = a_case().opened().referred().declined().later(days=5).missed("own_measures")
        assert recorded(built.case)[-1] == "DeadlineMissed"

    def test_are_told_twice_and_noted_once(self) -> None:
        """The same news again is no event."""
        built = a_case().opened().referred().referred().delivered().delivered().accepted().accepted()
        assert recorded(built.case)[-3:] == [
            "ReferralRequestNoted",
            "ReferralDeliveryNoted",
            "ReferralAcceptanceNoted",
        ]
