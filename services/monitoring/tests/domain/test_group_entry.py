"""An entry of the risk group: what each step records, and what is refused on either side of each rule (SSS-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.monitoring.domain import errors
from services.monitoring.domain.group_entry import DECISION, REVIEW, GroupEntry
from services.monitoring.domain.values import Change, EntryState, LeavingReason, Nature, Role, WallReason
from services.monitoring.tests.builders import (
    CLOCK,
    HEAD_ID,
    NOW,
    PEDAGOGUE,
    SECONDARY,
    TEACHER_ID,
    a_named,
    a_proposal,
    an_entry,
    due,
    entering,
    events_of,
)
from shared.ids import new_id

pytestmark = pytest.mark.requirement("SSS-06")
LATER = NOW + timedelta(days=31)


def measure(entry: GroupEntry, nature: Nature = Nature.HELP, owner: object = TEACHER_ID, **walled: object) -> int:
    """Decides on a measure."""
    facts: dict[str, object] = {"what": "Әңгіме", "due_on": None, "walled": walled.get("walled", [])}
    return entry.add_measure(nature=nature, owner=owner, by=PEDAGOGUE, at=NOW, **facts)  # type: ignore[arg-type]


def leave(entry: GroupEntry, reason: LeavingReason = LeavingReason.LEFT_SCHOOL, reasons: str = "Көшіп кетті") -> None:
    """The child leaves."""
    entry.leave(reason=reason, reasons=reasons, by=PEDAGOGUE, at=NOW)


def look(entry: GroupEntry, change: Change) -> None:
    """Somebody reviews."""
    entry.review(change=change, findings="Өзгерісі бар ма?", due=due(days=60), by=PEDAGOGUE, at=NOW)


class TestEnteringAChild:
    def test_takes_a_category_of_the_level_and_notes_the_rule(self) -> None:
        entry = an_entry()
        [event] = entry.pending_events
        assert entry.state is EntryState.IN_GROUP
        assert (event.category_rule, event.rule) == (  # type: ignore[attr-defined]
            "monitoring.categories_secondary@2026-01-01",
            "monitoring.group_review@2026-01-01",
        )

    def test_is_refused_under_a_category_that_the_policy_does_not_have(self) -> None:
        with pytest.raises(errors.CategoryNotListedError) as refused:
            an_entry(category="bad_child")
        assert refused.value.facts["categories"] == ["problem_behaviour"]

    def test_is_refused_without_reasons(self) -> None:
        with pytest.raises(errors.ReasonsMissingError):
            an_entry(reasons="  ")

    def test_walls_off_who_is_named_by_person_or_by_role(self) -> None:
        entry = an_entry(named=[a_named(person=HEAD_ID), a_named(role="deputy")])
        assert (entry.walled, entry.walled_roles) == ({HEAD_ID}, frozenset({Role.DEPUTY}))


class TestAProposal:
    def test_becomes_an_entry_and_keeps_its_walls(self) -> None:
        proposal = a_proposal(walled=[HEAD_ID], walled_roles=["deputy"])
        proposal.accept(entering=entering(), categories=SECONDARY, due=due(), by=PEDAGOGUE, at=NOW)
        assert proposal.state is EntryState.IN_GROUP
        assert (proposal.walled, proposal.walled_roles) == ({HEAD_ID}, frozenset({Role.DEPUTY}))
        assert set(proposal.open_duties) == {REVIEW}

    def test_is_decided_on_once(self) -> None:
        proposal = a_proposal()
        proposal.decline(reasons="Бір реттік оқиға", by=PEDAGOGUE, at=NOW)
        with pytest.raises(errors.EntryAlreadyEndedError):
            proposal.accept(entering=entering(), categories=SECONDARY, due=due(), by=PEDAGOGUE, at=NOW)
        with pytest.raises(errors.EntryNotProposedError):
            an_entry().decline(reasons="Негізсіз", by=PEDAGOGUE, at=NOW)

    def test_is_not_declined_without_reasons(self) -> None:
        with pytest.raises(errors.ReasonsMissingError):
            a_proposal().decline(reasons="\n", by=PEDAGOGUE, at=NOW)

    def test_is_not_worked_on_before_it_is_decided(self) -> None:
        with pytest.raises(errors.EntryNotInGroupError):
            measure(a_proposal())


class TestMeasures:
    @pytest.mark.requirement("PLN-07")
    @pytest.mark.parametrize("nature", [Nature.PENALTY, Nature.HARSH_MEASURE])
    def test_that_punish_are_refused(self, nature: Nature) -> None:
        with pytest.raises(errors.MeasureIsAPenaltyError):
            measure(an_entry(), nature)

    @pytest.mark.requirement("PLN-07")
    @pytest.mark.parametrize("nature", sorted(set(Nature) - {Nature.PENALTY, Nature.HARSH_MEASURE}))
    def test_that_help_encourage_or_teach_are_taken(self, nature: Nature) -> None:
        entry = an_entry()
        assert measure(entry, nature) == 1
        assert TEACHER_ID in entry.workers

    def test_have_one_result(self) -> None:
        entry = an_entry()
        number = measure(entry)
        entry.finish_measure(number=number, result="Өткізілді", by=PEDAGOGUE, at=NOW)
        with pytest.raises(errors.MeasureAlreadyDoneError):
            entry.finish_measure(number=number, result="Тағы", by=PEDAGOGUE, at=NOW)
        with pytest.raises(errors.NoSuchMeasureError):
            entry.finish_measure(number=2, result="Жоқ", by=PEDAGOGUE, at=NOW)

    def test_are_nobodys_who_is_kept_away_by_the_entry_or_its_matters(self) -> None:
        entry = an_entry(named=[a_named(person=HEAD_ID)])
        for owner, walled in ((HEAD_ID, []), (TEACHER_ID, [TEACHER_ID])):
            with pytest.raises(errors.PersonIsWalledOffError):
                measure(entry, owner=owner, walled=walled)


class TestWorkers:
    def test_are_involved_once_and_released_with_reasons(self) -> None:
        entry = an_entry()
        entry.involve(person=TEACHER_ID, walled=[], by=PEDAGOGUE, at=NOW)
        entry.involve(person=TEACHER_ID, walled=[], by=PEDAGOGUE, at=NOW)
        entry.release(person=TEACHER_ID, reasons="Сыныбы ауысты", by=PEDAGOGUE, at=NOW)
        assert events_of(entry) == ["Entered", "WorkerInvolved", "WorkerReleased"]
        with pytest.raises(errors.NotWorkingWithChildError):
            entry.release(person=TEACHER_ID, reasons="Тағы", by=PEDAGOGUE, at=NOW)

    def test_who_turn_out_to_be_feared_are_workers_no_longer(self) -> None:
        entry = an_entry()
        entry.involve(person=TEACHER_ID, walled=[], by=PEDAGOGUE, at=NOW)
        entry.wall_off(person=TEACHER_ID, reason=WallReason.CLOSE_TO_ACCUSED, named=None, by=PEDAGOGUE, at=NOW)
        assert entry.workers == set()
        with pytest.raises(errors.PersonIsWalledOffError):
            entry.involve(person=TEACHER_ID, walled=[], by=PEDAGOGUE, at=NOW)


class TestWalls:
    def test_of_a_role_give_way_to_the_person_who_it_was(self) -> None:
        entry = an_entry(named=[a_named(role="deputy")])
        entry.wall_off(person=HEAD_ID, reason=WallReason.ACCUSED, named=0, by=PEDAGOGUE, at=NOW)
        assert (entry.walled, entry.walled_roles) == ({HEAD_ID}, frozenset())

    def test_are_of_somebody_named(self) -> None:
        with pytest.raises(errors.NoSuchNamedPersonError):
            an_entry().wall_off(person=new_id(), reason=WallReason.ACCUSED, named=0, by=PEDAGOGUE, at=NOW)


class TestLeavingTheGroup:
    @pytest.mark.parametrize("change", [None, Change.UNCHANGED, Change.WORSE])
    def test_for_changed_behaviour_is_refused_where_nobody_saw_it(self, change: Change | None) -> None:
        entry = an_entry()
        if change is not None:
            look(entry, change)
        with pytest.raises(errors.ChangeNotSeenError):
            leave(entry, LeavingReason.BEHAVIOUR_CHANGED)
        leave(entry, LeavingReason.LEFT_SCHOOL)

    def test_for_changed_behaviour_follows_the_look_that_saw_it(self) -> None:
        entry = an_entry()
        look(entry, Change.WORSE)
        look(entry, Change.BETTER)
        leave(entry, LeavingReason.BEHAVIOUR_CHANGED)
        assert entry.state is EntryState.LEFT
        assert entry.open_duties == {}

    def test_needs_reasons_and_happens_once(self) -> None:
        entry = an_entry()
        with pytest.raises(errors.ReasonsMissingError):
            leave(entry, reasons=" ")
        leave(entry)
        with pytest.raises(errors.EntryAlreadyEndedError):
            leave(entry)


class TestClocks:
    @pytest.mark.parametrize(("made", "duty"), [(an_entry, REVIEW), (a_proposal, DECISION)])
    def test_say_once_what_was_missed_and_not_before(self, made: Callable[[], GroupEntry], duty: str) -> None:
        entry = made()
        due_at = entry.open_duties[duty].at
        entry.miss(duty=duty, by=CLOCK, at=due_at - timedelta(seconds=1))
        assert len(entry.collect_events()) == 1
        entry.miss(duty=duty, by=CLOCK, at=due_at)
        entry.miss(duty=duty, by=CLOCK, at=due_at + timedelta(days=1))
        assert len(entry.collect_events()) == 1

    def test_of_a_review_begin_again_with_it(self) -> None:
        entry = an_entry()
        entry.miss(duty=REVIEW, by=CLOCK, at=LATER)
        look(entry, Change.UNCHANGED)
        entry.miss(duty=REVIEW, by=CLOCK, at=LATER)
        assert events_of(entry) == ["Entered", "ReviewMissed", "Reviewed"]

    def test_stand_still_for_who_has_left(self) -> None:
        entry = an_entry()
        leave(entry)
        entry.miss(duty=REVIEW, by=CLOCK, at=LATER)
        assert events_of(entry) == ["Entered", "Left"]
