"""Confidential meetings: who took part says so themselves, and what is decided jointly rests on that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.domain.errors import (
    ClosingNotAgreedError,
    DecisionNotJointError,
    DecisionRecordedAlreadyError,
    MeetingOfOneError,
    NoSuchDecisionError,
    NoSuchMeetingError,
    NotOnTeamError,
    ParticipantsNotWarnedError,
    ParticipationAnsweredError,
    TimesOutOfOrderError,
)
from services.cases.domain.values import Role
from services.cases.tests.builders import (
    DOCTOR,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    PSYCHOLOGIST,
    STRANGER,
    TEACHER,
    CaseBuilder,
    a_case,
    a_report,
    an_id,
    last_event,
    person,
)
from shared.domain import Actor, NotPermittedError

THREE = (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
IDEA = "Бала мен сынып жетекшісі бөлек сөйлеседі"


def staffed() -> CaseBuilder:
    """A case with three of the service, the pedagogue in charge."""
    return a_case().opened().staffed()


@pytest.mark.requirement("CON-03")
class TestAMeeting:
    def test_lists_who_took_part_what_was_discussed_and_decided(self) -> None:
        """And whoever puts it down has confirmed their own part by that."""
        built = staffed().met(*THREE, confirmed=[], decisions=[IDEA])
        held, confirmed = built.case.pending_events[-2:]
        assert set(held.participants) == {str(person(actor)) for actor in THREE}  # type: ignore[attr-defined]
        assert held.decisions[0]["decision"] == IDEA  # type: ignore[attr-defined]
        assert confirmed.person == person(PEDAGOGUE)  # type: ignore[attr-defined]

    def test_is_of_the_team_alone(self) -> None:
        """A stranger and one who is walled off are refused alike."""
        built = a_case().opened(a_report(walled=[HEAD])).staffed()
        for other in (STRANGER, HEAD):
            with pytest.raises(NotOnTeamError) as refusal:
                built.met(*THREE, other)
            assert refusal.value.facts == {"persons": [str(person(other))]}

    @pytest.mark.requirement("CON-02")
    def test_is_not_with_members_who_were_not_warned(self) -> None:
        """A teacher takes part after the warning, and not before."""
        built = staffed().joined(TEACHER, Role.CLASS_TEACHER)
        with pytest.raises(ParticipantsNotWarnedError):
            built.met(*THREE, TEACHER)
        built.case.accept_confidentiality_warning(by=TEACHER, at=MONDAY)
        assert person(TEACHER) in built.met(*THREE, TEACHER).case.meetings[built.meeting].confirmed

    def test_is_put_down_by_one_who_was_there(self) -> None:
        """Not by the head for others."""
        case = staffed().case
        with pytest.raises(NotPermittedError) as refusal:
            case.hold_meeting(
                meeting=an_id("кездесу"),
                held_at=MONDAY,
                participants=[person(actor) for actor in THREE],
                discussed="…",
                decisions=[],
                closing=None,
                by=HEAD,
                at=MONDAY,
            )
        assert refusal.value.rule == "CON-03"

    def test_takes_two(self) -> None:
        """One alone, named twice, is one."""
        with pytest.raises(MeetingOfOneError):
            staffed().met(PEDAGOGUE, PEDAGOGUE)
        assert staffed().met(PEDAGOGUE, DOCTOR).case.meetings

    def test_was_held(self) -> None:
        """It lies not ahead."""
        case = staffed().case
        with pytest.raises(TimesOutOfOrderError):
            case.hold_meeting(
                meeting=an_id("кездесу"),
                held_at=MONDAY + timedelta(seconds=1),
                participants=[person(actor) for actor in THREE],
                discussed="…",
                decisions=[],
                closing=None,
                by=DOCTOR,
                at=MONDAY,
            )


@pytest.mark.requirement("CON-03")
@pytest.mark.requirement("SSS-08")
class TestAParticipant:
    def test_confirms_their_own_part_once(self) -> None:
        """A second answer, the other one too, is refused."""
        built = staffed().met(*THREE)
        for took_part in (True, False):
            with pytest.raises(ParticipationAnsweredError):
                built.confirmed(DOCTOR, took_part=took_part)

    def test_is_whom_the_meeting_names(self) -> None:
        """A member who was not there confirms nothing; nor does anybody of a meeting that was none."""
        built = staffed().met(PEDAGOGUE, DOCTOR)
        with pytest.raises(NotPermittedError):
            built.confirmed(PSYCHOLOGIST)
        built.meeting = an_id("болмаған кездесу")
        with pytest.raises(NoSuchMeetingError):
            built.confirmed(DOCTOR)

    def test_who_denies_it_counts_in_nothing(self) -> None:
        """Named into a decision by another, and out of it by themselves."""
        built = staffed().met(*THREE, confirmed=[PSYCHOLOGIST], decisions=[IDEA]).confirmed(DOCTOR, took_part=False)
        with pytest.raises(DecisionNotJointError) as refusal:
            built.decided()
        assert (refusal.value.facts["found"], refusal.value.facts["not_confirmed"]) == (2, [])


class TestADecision:
    @pytest.mark.requirement("SSS-08")
    @pytest.mark.requirement("RSK-07")
    def test_names_who_took_part_the_protocol_and_the_childs_best_interests(self) -> None:
        """The event has all of it, as it was said in the meeting."""
        event = last_event(staffed().met(*THREE, decisions=["…", IDEA]).decided(2).case)
        assert set(event.participants) == {str(person(actor)) for actor in THREE}
        assert event.protocol == "cases.action_protocol@2026-01-01"
        assert (event.decision, event.number) == (IDEA, 2)
        assert event.best_interests

    @pytest.mark.requirement("SSS-08")
    @pytest.mark.parametrize(
        ("participants", "confirmed"),
        [
            ((PEDAGOGUE, PSYCHOLOGIST), [PSYCHOLOGIST]),
            (THREE, [PSYCHOLOGIST]),
            ((PSYCHOLOGIST, DOCTOR, HEAD), [DOCTOR, HEAD]),
            ((*THREE, HEAD), []),
            ((PEDAGOGUE, PSYCHOLOGIST, TEACHER), [PSYCHOLOGIST, TEACHER]),
        ],
        ids=["two", "one not confirmed", "without the coordinator", "only put down", "a teacher does not count"],
    )
    def test_is_joint(self, participants: tuple[Actor, ...], confirmed: list[Actor]) -> None:
        """Three members of the service at least say themselves that they decided so, the coordinator among them."""
        built = staffed().joined(TEACHER, Role.CLASS_TEACHER).joined(HEAD, Role.HEAD)
        built.case.accept_confidentiality_warning(by=TEACHER, at=MONDAY)
        with pytest.raises(DecisionNotJointError):
            built.met(*participants, confirmed=confirmed, decisions=[IDEA]).decided()

    @pytest.mark.requirement("SSS-08")
    def test_counts_nobody_who_left_since(self) -> None:
        """Whoever was walled off between the meeting and the decision decides nothing."""
        built = staffed().joined(HEAD, Role.HEAD).met(*THREE, HEAD, decisions=[IDEA]).walled_off(HEAD)
        assert str(person(HEAD)) not in last_event(built.decided().case).participants
        built = staffed().met(*THREE, decisions=[IDEA]).walled_off(DOCTOR)
        with pytest.raises(DecisionNotJointError):
            built.decided()

    @pytest.mark.requirement("SSS-08")
    def test_was_made_in_a_meeting_and_is_recorded_once(self) -> None:
        """By its number there."""
        built = staffed().met(*THREE, decisions=[IDEA])
        with pytest.raises(NoSuchDecisionError):
            built.decided(2)
        with pytest.raises(DecisionRecordedAlreadyError):
            built.decided().decided()

    @pytest.mark.requirement("SSS-08")
    def test_is_recorded_by_the_service(self) -> None:
        """A teacher takes part, and records none."""
        with pytest.raises(NotPermittedError):
            staffed().met(*THREE, decisions=[IDEA]).decided(by=TEACHER)


@pytest.mark.requirement("PLN-05")
class TestTheAgreementToClose:
    def test_is_a_meetings(self) -> None:
        """One that discussed something else closes nothing."""
        with pytest.raises(ClosingNotAgreedError):
            a_case().opened().settled().met(*THREE, decisions=[IDEA]).closed_as_agreed()

    def test_ends_with_new_facts(self) -> None:
        """Another report joined: it is agreed anew."""
        built = a_case().opened().settled().met(*THREE, closing=True).linked(a_report("Көршінің хабары")).assessed()
        with pytest.raises(ClosingNotAgreedError):
            built.closed_as_agreed()
        assert not built.closed().case.is_open

    def test_ends_with_the_closing(self) -> None:
        """A reopened case is not closed by what was agreed before."""
        built = a_case().opened().settled().closed().later(days=1).reopened().assessed().rated().later(days=30).rated()
        with pytest.raises(ClosingNotAgreedError):
            built.closed_as_agreed()
