from __future__ import annotations

from datetime import timedelta

import pytest

from services.referrals.domain.errors import (
    AnotherAgencysReferralError,
    FieldsNotAsShownError,
    ReferralAlreadyEndedError,
    StepOutOfOrderError,
)
from services.referrals.domain.values import Clock, State
from services.referrals.tests.builders import (
    CLOCK,
    FACTS,
    HEAD,
    HEALTH,
    NURSE,
    OFFICER,
    PEDAGOGUE,
    POLICE,
    a_referral,
    facts_of,
    silence,
)
from shared.domain import InvalidInputError, NotPermittedError
from shared.ladder import RungNotDueError


class TestDrafting:
    @pytest.mark.requirement("REF-03")
    def test_takes_the_fields_of_the_template_and_says_which_version(self) -> None:
        """The version of the day on which it was drafted."""
        referral = a_referral().built()
        assert referral.state is State.DRAFT
        assert referral.template == "referrals.template.police@2026-01-01"
        assert referral.facts == FACTS

    @pytest.mark.requirement("REF-03")
    def test_refuses_what_the_agency_does_not_need_field_by_field(self) -> None:
        """A psychologist's note is no business of the police: minimal disclosure."""
        with pytest.raises(InvalidInputError) as refused:
            a_referral({**FACTS, "session_notes": "…", "iin": "140308500000"})
        faults = refused.value.facts["faults"]
        assert faults == {"facts.session_notes": ["unknown_field"], "facts.iin": ["unknown_field"]}

    def test_refuses_what_is_missing_or_of_another_type_with_every_fault(self) -> None:
        """All at once, so that a form can show them."""
        facts = {name: value for name, value in FACTS.items() if name != "child_name"}
        facts |= {"birth_date": "08.03.2014", "kinds": ["шу"], "immediate_danger": "иә", "what_happened": "  "}
        with pytest.raises(InvalidInputError) as refused:
            a_referral(facts)
        assert refused.value.facts["faults"] == {
            "facts.child_name": ["required"],
            "facts.birth_date": ["not_a_date"],
            "facts.kinds": ["unknown_choice"],
            "facts.immediate_danger": ["not_yes_or_no"],
            "facts.what_happened": ["required"],
        }

    def test_leaves_out_what_is_optional(self) -> None:
        """An optional fact leaves only where somebody wrote it."""
        assert "alleged_offender" not in a_referral().built().facts
        assert "alleged_offender" in a_referral({**FACTS, "alleged_offender": "Өгей әкесі"}).built().facts


class TestApproving:
    @pytest.mark.requirement("REF-03")
    def test_names_exactly_the_fields_that_leave(self) -> None:
        """The event is the proof of what the approver saw."""
        referral = a_referral().built()
        referral.approve(fields=list(FACTS), rule="head_approves", by=HEAD, at=referral.changed_at)
        (approved,) = facts_of(referral)
        assert approved["event"] == "referrals.referral_approved"
        assert approved["fields"] == sorted(FACTS)
        assert approved["actor"] == HEAD.id

    @pytest.mark.parametrize(
        ("fields", "missing", "extra"),
        [
            (sorted(FACTS)[1:], ["birth_date"], []),
            ([*FACTS, "home_address"], [], ["home_address"]),
        ],
    )
    @pytest.mark.requirement("REF-03")
    def test_of_other_fields_than_those_shown_is_refused(
        self, fields: list[str], missing: list[str], extra: list[str]
    ) -> None:
        """One less or one more: the screen was another."""
        referral = a_referral().built()
        with pytest.raises(FieldsNotAsShownError) as refused:
            referral.approve(fields=fields, rule="head_approves", by=HEAD, at=referral.changed_at)
        assert refused.value.facts == {"missing": missing, "extra": extra}

    def test_by_the_drafter_is_refused_but_for_the_head(self) -> None:
        """Four eyes."""
        referral = a_referral().built()
        with pytest.raises(NotPermittedError) as refused:
            referral.approve(fields=list(FACTS), rule="", by=PEDAGOGUE, at=referral.changed_at)
        assert refused.value.rule == "approver_is_not_the_drafter"

    def test_twice_is_refused(self) -> None:
        """What was asked is asked."""
        referral = a_referral().requested().built()
        with pytest.raises(StepOutOfOrderError):
            referral.approve(fields=list(FACTS), rule="head_approves", by=HEAD, at=referral.changed_at)


class TestAnswering:
    @pytest.mark.requirement("REF-03")
    def test_goes_from_accepted_over_begun_to_completed(self) -> None:
        """The loop closes, and no clock runs on."""
        referral = a_referral().requested().delivered().accepted().begun().completed().built()
        assert referral.state is State.COMPLETED
        assert referral.answer["outcome"] == "measures_taken"
        assert referral.running == {}

    def test_may_complete_what_was_accepted_and_never_said_to_be_begun(self) -> None:
        """Small matters are done at once."""
        assert a_referral().requested().accepted().completed().built().state is State.COMPLETED

    def test_cannot_begin_what_was_not_accepted(self) -> None:
        """The refusal says from where it could."""
        referral = a_referral().requested().built()
        with pytest.raises(StepOutOfOrderError) as refused:
            referral.begin(agency=POLICE, by=OFFICER, at=referral.changed_at)
        assert refused.value.facts == {"step": "begin", "state": "requested", "allowed_from": ["accepted"]}

    def test_cannot_answer_a_draft(self) -> None:
        """It was never asked."""
        referral = a_referral().built()
        with pytest.raises(StepOutOfOrderError):
            referral.accept(agency=POLICE, by=OFFICER, at=referral.changed_at)

    def test_cannot_answer_twice_what_has_ended(self) -> None:
        """The refusal says how it ended."""
        referral = a_referral().requested().declined().built()
        with pytest.raises(ReferralAlreadyEndedError) as refused:
            referral.accept(agency=POLICE, by=OFFICER, at=referral.changed_at)
        assert refused.value.facts == {"state": "rejected"}

    @pytest.mark.requirement("REF-04")
    def test_for_another_agency_is_refused_and_tells_nothing(self) -> None:
        """No agency sees another's."""
        referral = a_referral().requested().built()
        with pytest.raises(AnotherAgencysReferralError) as refused:
            referral.accept(agency=HEALTH, by=NURSE, at=referral.changed_at)
        assert refused.value.facts == {}

    def test_resumes_in_the_state_it_was_held_in(self) -> None:
        """Begun or not yet begun."""
        for builder, state in (
            (a_referral().requested().accepted(), State.ACCEPTED),
            (a_referral().requested().accepted().begun(), State.IN_PROGRESS),
        ):
            referral = builder.on_hold().built()
            assert referral.state is State.ON_HOLD
            referral.resume(agency=POLICE, by=OFFICER, at=referral.changed_at)
            assert referral.state is state

    def test_cannot_complete_while_on_hold(self) -> None:
        """It is resumed first."""
        with pytest.raises(StepOutOfOrderError):
            a_referral().requested().accepted().on_hold().completed()

    def test_gives_up_what_it_took_on_but_not_what_it_did_not(self) -> None:
        """What was not accepted is declined, not given up."""
        referral = a_referral().requested().accepted().built()
        referral.fail(agency=POLICE, reason="family_not_found", text="", by=OFFICER, at=referral.changed_at)
        assert referral.state is State.FAILED
        requested = a_referral().requested().built()
        with pytest.raises(StepOutOfOrderError):
            requested.fail(agency=POLICE, reason="other", text="", by=OFFICER, at=requested.changed_at)


class TestDelivery:
    def test_is_noted_once(self) -> None:
        """A second confirmation says nothing new."""
        referral = a_referral().requested().delivered().built()
        referral.record_delivery(channel="amqp", message_id="басқа", by=CLOCK, at=referral.changed_at)
        assert facts_of(referral) == []

    def test_is_noted_even_where_the_agency_was_quicker_to_answer(self) -> None:
        """The broker's word may come last."""
        referral = a_referral().requested().accepted().delivered().built()
        assert referral.delivered_at is not None
        assert referral.state is State.ACCEPTED


class TestCancelling:
    def test_ends_the_clocks(self) -> None:
        """Nobody waits for what was taken back."""
        referral = a_referral().requested().accepted().cancelled().built()
        assert referral.state is State.CANCELLED
        assert referral.running == {}

    def test_of_what_has_ended_is_refused(self) -> None:
        """There is nothing to take back."""
        with pytest.raises(ReferralAlreadyEndedError):
            a_referral().requested().accepted().completed().cancelled()


class TestClocks:
    @pytest.mark.requirement("REF-07")
    def test_fall_silent_at_their_time_and_not_before(self) -> None:
        """A microsecond before, nothing is recorded."""
        referral = a_referral().requested().built()
        due_at = referral.deadlines[Clock.ACKNOWLEDGE].due_at
        before = due_at - timedelta(microseconds=1)
        assert not referral.fall_silent(**silence(), by=CLOCK, at=before)
        assert facts_of(referral) == []
        assert referral.fall_silent(**silence(), by=CLOCK, at=due_at)
        (silent,) = facts_of(referral)
        assert silent["event"] == "referrals.referral_fell_silent"
        assert silent["clock"] == "acknowledge"
        assert silent["rule"] == "referrals.acknowledge_high@2026-01-01"

    def test_fall_silent_once(self) -> None:
        """Silence is said once for each clock."""
        referral = a_referral().requested().built()
        due_at = referral.deadlines[Clock.ACKNOWLEDGE].due_at
        referral.fall_silent(**silence(), by=CLOCK, at=due_at)
        referral.collect_events()
        with pytest.raises(RungNotDueError):  # the next rung is not due yet: the clock comes again
            referral.fall_silent(**silence(), by=CLOCK, at=due_at)
        assert facts_of(referral) == []

    def test_each_ends_with_its_own_answer(self) -> None:
        """Acknowledge, begin, report back."""
        builder = a_referral().requested()
        assert set(builder.referral.running) == set(Clock)
        assert set(builder.accepted().referral.running) == {Clock.BEGIN, Clock.REPORT_BACK}
        assert set(builder.begun().referral.running) == {Clock.REPORT_BACK}
        assert set(builder.completed().referral.running) == set()

    def test_an_agency_that_fell_silent_may_still_answer(self) -> None:
        """Late help is help."""
        builder = a_referral().requested()
        late = builder.referral.deadlines[Clock.ACKNOWLEDGE].due_at
        builder.referral.fall_silent(**silence(), by=CLOCK, at=late)
        assert builder.accepted().built().state is State.ACCEPTED
