"""When a case may close, and what reopening takes up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.cases.domain.criteria import is_lasting
from services.cases.domain.errors import (
    CaseClosedError,
    CaseNotClosedError,
    CriteriaNotMetError,
    DecisionNotJointError,
    DutiesStillOpenError,
    ReferralsStillOpenError,
    RiskNotAssessedError,
)
from services.cases.domain.values import Criterion, Duty, Kind, Rating, Role
from services.cases.tests.builders import (
    BOOK,
    DOCTOR,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_case,
    a_report,
    an_id,
    last_event,
    recorded,
)
from shared.domain import NotPermittedError

POSITIVE, PARTLY, NOT = Rating.POSITIVE, Rating.PARTLY, Rating.NOT


class TestLastingChange:
    @pytest.mark.requirement("PLN-05")
    @pytest.mark.parametrize(
        ("ratings", "lasting"),
        [
            ([], False),
            ([(0, POSITIVE)], False),
            ([(0, POSITIVE), (29, POSITIVE)], False),
            ([(0, POSITIVE), (30, POSITIVE)], True),
            ([(0, POSITIVE), (10, POSITIVE), (30, POSITIVE)], True),
            ([(0, POSITIVE), (30, POSITIVE), (31, POSITIVE)], True),
            ([(0, POSITIVE), (30, PARTLY)], False),
            ([(0, PARTLY), (30, POSITIVE)], False),
            ([(0, POSITIVE), (20, NOT), (40, POSITIVE)], False),
            ([(0, NOT), (20, POSITIVE), (50, POSITIVE)], True),
        ],
    )
    def test_is_two_positive_ratings_thirty_days_apart_and_none_other_since(
        self, ratings: Sequence[tuple[int, Rating]], lasting: bool
    ) -> None:
        """Counted in days of Almaty, over the latest run of positive ratings."""
        rated = [(MONDAY + timedelta(days=day), rating) for day, rating in ratings]
        assert is_lasting(rated, times=2, days_apart=30) is lasting


class TestClosingACase:
    @pytest.mark.requirement("PLN-05")
    def test_is_decided_by_the_service_and_names_the_rules_applied(self) -> None:
        """Three versions stand in the event."""
        built = a_case().opened().settled().closed()
        assert not built.case.is_open
        assert built.case.open_duties == {}
        assert last_event(built.case).rules == [
            "cases.decision_participants@2026-01-01",
            "cases.closing_ratings@2026-01-01",
            "cases.closing_ratings_apart@2026-01-01",
        ]

    @pytest.mark.requirement("PLN-05")
    @pytest.mark.parametrize("criterion", list(Criterion))
    def test_is_refused_while_one_criterion_is_not_met(self, criterion: Criterion) -> None:
        """Partly reached in any one of the six is not enough."""
        built = a_case().opened().staffed().assessed().rated(but={criterion: PARTLY}).later(days=30).rated()
        with pytest.raises(CriteriaNotMetError) as refusal:
            built.closed()
        assert refusal.value.facts == {"criteria": [criterion.value]}

    @pytest.mark.requirement("PLN-05")
    def test_is_refused_a_day_too_early(self) -> None:
        """Twenty-nine days are not thirty."""
        built = a_case().opened().staffed().assessed().rated().later(days=29).rated()
        with pytest.raises(CriteriaNotMetError):
            built.closed()

    @pytest.mark.requirement("PLN-05")
    def test_cannot_be_skipped_by_the_head(self) -> None:
        """The head closes nothing that is not met, and not alone."""
        with pytest.raises(CriteriaNotMetError):
            a_case().opened().staffed().assessed().closed(by=HEAD)
        with pytest.raises(DecisionNotJointError):
            a_case().opened().settled().joined(HEAD, Role.HEAD).closed(HEAD, PSYCHOLOGIST, by=HEAD)

    @pytest.mark.requirement("PLN-05")
    def test_is_not_put_down_in_the_name_of_others(self) -> None:
        """The head names three who would have decided, and is none of them."""
        with pytest.raises(NotPermittedError):
            a_case().opened().settled().closed(PEDAGOGUE, PSYCHOLOGIST, DOCTOR, by=HEAD)
        assert not a_case().opened().settled().closed(PEDAGOGUE, PSYCHOLOGIST, DOCTOR, by=DOCTOR).case.is_open

    @pytest.mark.requirement("SSS-08")
    def test_takes_three_members_with_the_coordinator(self) -> None:
        """Two are too few, and three without the coordinator too."""
        with pytest.raises(DecisionNotJointError):
            a_case().opened().settled().closed(PEDAGOGUE, PSYCHOLOGIST)
        with pytest.raises(DecisionNotJointError):
            a_case().opened().settled().coordinated_by(DOCTOR).closed(PEDAGOGUE, PSYCHOLOGIST)
        closed = a_case().opened().settled().closed(PEDAGOGUE, PSYCHOLOGIST, DOCTOR).case
        assert not closed.is_open
        assert last_event(closed).protocol == "cases.action_protocol@2026-01-01"

    @pytest.mark.requirement("RSK-03")
    def test_is_refused_without_a_risk_assessment(self) -> None:
        """Ratings alone do not tell that the child is safe."""
        with pytest.raises(RiskNotAssessedError):
            a_case().opened().staffed().rated().later(days=30).rated().closed()

    @pytest.mark.requirement("REF-01")
    def test_is_refused_while_agencies_are_not_informed(self) -> None:
        """It closes once the notification arrived and was answered."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).settled()
        with pytest.raises(DutiesStillOpenError) as refusal:
            built.closed()
        assert refusal.value.facts == {"duties": ["inform_agencies"]}
        assert not built.referred().delivered().completed().closed().case.is_open

    @pytest.mark.requirement("REF-07")
    def test_is_refused_while_own_measures_are_owed(self) -> None:
        """It closes once they were taken."""
        built = a_case().opened().settled().referred().declined()
        with pytest.raises(DutiesStillOpenError):
            built.closed()
        built.case.take_own_measures(measures=["Сынып сағаты өтті"], by=PEDAGOGUE, at=built.at)
        assert not built.closed().case.is_open

    @pytest.mark.requirement("REF-03")
    def test_is_refused_while_a_referral_is_open(self) -> None:
        """Requested, delivered, accepted: each stands in the way; completed does not."""
        for built in (
            a_case().opened().settled().referred(),
            a_case().opened().settled().referred().delivered(),
            a_case().opened().settled().referred().delivered().accepted(),
        ):
            with pytest.raises(ReferralsStillOpenError):
                built.closed()
        assert not a_case().opened().settled().referred().delivered().accepted().completed().closed().case.is_open

    def test_waits_for_no_referral_whose_delivery_is_told_after_its_outcome(self) -> None:
        """The broker's word may come after the agency's: the case does not wait for it for ever."""
        built = a_case().opened().settled().referred().accepted().completed().delivered()
        assert not built.closed().case.is_open

    def test_waits_for_no_referral_that_was_taken_back(self) -> None:
        """A cancelled one is no longer awaited."""
        built = a_case().opened().settled().referred()
        built.case.note_referral_cancelled(referral=an_id("Жолдама"), agency=an_id("Полиция"), by=POLICY, at=built.at)
        assert not built.closed().case.is_open

    def test_is_for_the_service(self) -> None:
        """A class teacher closes nothing."""
        with pytest.raises(NotPermittedError):
            a_case().opened().settled().closed(by=TEACHER)

    def test_is_done_once(self) -> None:
        """The second time it is closed already."""
        with pytest.raises(CaseClosedError):
            a_case().opened().settled().closed().closed()


class TestReopeningACase:
    @pytest.mark.requirement("PLN-06")
    def test_takes_it_up_with_its_reason_and_a_new_assessment(self) -> None:
        """Its first duty is the assessment."""
        built = a_case().opened().settled().closed().reopened()
        assert built.case.is_open
        assert last_event(built.case).reason == "Қайталанды"
        assert Duty.RISK_ASSESSMENT in built.case.open_duties

    @pytest.mark.requirement("PLN-06")
    def test_counts_no_earlier_rating_and_no_earlier_assessment(self) -> None:
        """All must show again, from the day of reopening."""
        built = a_case().opened().settled().closed().reopened()
        with pytest.raises(RiskNotAssessedError):
            built.closed()
        with pytest.raises(CriteriaNotMetError):
            built.assessed().rated().closed()
        assert not built.later(days=30).rated().closed().case.is_open

    def test_takes_a_closed_case_and_the_service(self) -> None:
        """An open one can't be, and a teacher can't."""
        with pytest.raises(CaseNotClosedError):
            a_case().opened().reopened()
        with pytest.raises(NotPermittedError):
            a_case().opened().settled().closed().case.reopen(reason="…", report=None, book=BOOK, by=TEACHER, at=MONDAY)

    def test_lets_outcomes_of_a_silent_agency_come_in_after_closing(self) -> None:
        """Noting is never refused: a late answer is a fact, and owes nothing in a closed case."""
        built = a_case().opened().settled().referred().silent()
        built.case.take_own_measures(measures=["…"], by=PEDAGOGUE, at=built.at)
        built.closed().declined()
        assert recorded(built.case)[-1] == "ReferralRefusalNoted"
        assert built.case.open_duties == {}
