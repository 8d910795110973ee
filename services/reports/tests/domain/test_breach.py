"""A breach: looked into by somebody it is not about, ended with what the school's rules had set beforehand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest

from services.reports.domain import errors
from services.reports.domain.breach import Breach, BreachKind, BreachOutcome, BreachState, SchoolRule
from services.reports.tests.builders import (
    CLOCK,
    DEPUTY,
    HEAD_ID,
    LADDER,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    a_breach,
    an_accused,
    substantiated,
)
from shared.domain import DomainError
from shared.ids import new_id
from shared.ladder import RungNotDueError

pytestmark = pytest.mark.requirement("REP-12")
NOW: dict[str, Any] = {"by": DEPUTY, "at": RECEIVED_AT}
ASKED: dict[str, Any] = {"step": 0, "ladder": LADDER, "walled": (), "walled_roles": ()}


def looked_into(**facts: Any) -> Breach:
    """With an owner and a finding."""
    breach = a_breach(**facts)
    breach.appoint_owner(owner=PSYCHOLOGIST_ID, walled=(), **NOW)
    breach.take_step(what="Әңгіме", finding="Солай екен", **NOW)
    return breach


def rule_since(day: date) -> SchoolRule:
    """The school's rule, in force since that day."""
    return SchoolRule(title="Ішкі тәртіп ережесі", article="14", in_force_since=day)


class TestABreach:
    @pytest.mark.requirement("REP-04")
    @pytest.mark.parametrize("kind", list(BreachKind))
    def test_goes_its_way_to_an_outcome(self, kind: BreachKind) -> None:
        breach = a_breach(kind=kind)
        assert (breach.state, breach.owner) == (BreachState.REPORTED, None)
        breach.appoint_owner(owner=PSYCHOLOGIST_ID, walled=(), **NOW)
        assert str(breach.state) == BreachState.UNDER_INQUIRY
        breach.take_step(what="Әңгіме", finding="Солай екен", **NOW)
        breach.end(**substantiated(), **NOW)
        assert str(breach.state) == BreachState.SUBSTANTIATED

    def test_is_looked_into_by_nobody_whom_it_is_about(self) -> None:
        """Nor by anybody whom its report keeps away."""
        breach, walled = a_breach(accused=(an_accused(person=HEAD_ID),)), new_id()
        for owner in (HEAD_ID, walled):
            with pytest.raises(errors.OwnerIsWalledOffError):
                breach.appoint_owner(owner=owner, walled=(walled,), **NOW)
        breach.appoint_owner(owner=PSYCHOLOGIST_ID, walled=(walled,), **NOW)

    def test_keeps_away_who_it_turns_out_to_be_about(self) -> None:
        breach = a_breach(accused=(an_accused(role="head"),))
        assert breach.walled_roles == {"head"}
        breach.wall_off(person=HEAD_ID, accused=0, **NOW)
        assert (breach.walled, breach.walled_roles) == ({HEAD_ID}, frozenset())
        with pytest.raises(errors.NoSuchAccusedError):
            breach.wall_off(person=HEAD_ID, accused=1, **NOW)

    def test_ends_only_with_an_owner_a_finding_and_reasons(self) -> None:
        breach = a_breach()
        with pytest.raises(errors.BreachHasNoOwnerError):
            breach.take_step(what="Әңгіме", finding="Солай екен", **NOW)
        breach.appoint_owner(owner=PSYCHOLOGIST_ID, walled=(), **NOW)
        with pytest.raises(errors.NothingFoundYetError):
            breach.end(**substantiated(), **NOW)
        breach.take_step(what="Әңгіме", finding="Солай екен", **NOW)
        with pytest.raises(errors.ReasonsMissingError):
            breach.end(**substantiated(reasons=" "), **NOW)
        breach.end(**substantiated(), **NOW)

    def test_that_has_ended_stays_so(self) -> None:
        breach = looked_into()
        breach.end(**substantiated(), **NOW)
        acts: list[Callable[[], None]] = [
            lambda: breach.end(**substantiated(), **NOW),
            lambda: breach.appoint_owner(owner=new_id(), walled=(), **NOW),
            lambda: breach.take_step(what="Тағы", finding="Тағы", **NOW),
            lambda: breach.wall_off(person=HEAD_ID, accused=None, **NOW),
        ]
        for act in acts:
            with pytest.raises(errors.BreachAlreadyEndedError):
                act()

    def test_that_did_not_end_in_time_says_so_once(self) -> None:
        late = looked_into()
        for _ in range(2):
            late.miss_inquiry(**ASKED, by=CLOCK, at=late.due_at - timedelta(seconds=1))
        assert not late.was_missed
        for _ in range(2):
            with suppress(RungNotDueError):
                late.miss_inquiry(**ASKED, by=CLOCK, at=late.due_at)
        assert len([event for event in late.collect_events() if isinstance(event, Breach.InquiryMissed)]) == 1
        ended = looked_into()
        ended.end(**substantiated(), **NOW)
        ended.miss_inquiry(**ASKED, by=CLOCK, at=ended.due_at)
        assert not ended.was_missed


class TestAConsequence:
    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"consequence": None}, errors.ConsequenceMissingError),
            ({"school_rule": None}, errors.ConsequenceMissingError),
            ({"consequence": "whipping"}, errors.ConsequenceNotListedError),
            ({"outcome": BreachOutcome.UNSUBSTANTIATED}, errors.ConsequenceWithoutBreachError),
            (
                {"outcome": BreachOutcome.UNSUBSTANTIATED, "school_rule": None},
                errors.ConsequenceWithoutBreachError,
            ),
        ],
    )
    def test_is_named_with_its_rule_where_it_was_so_and_only_there(
        self, changed: dict[str, Any], refusal: type[DomainError]
    ) -> None:
        breach = looked_into()
        with pytest.raises(refusal):
            breach.end(**substantiated(**changed), **NOW)
        nothing = {"outcome": BreachOutcome.UNSUBSTANTIATED, "consequence": None, "school_rule": None}
        breach.end(**substantiated(**nothing), **NOW)
        assert breach.state is BreachState.UNSUBSTANTIATED

    def test_was_set_before_it_happened(self) -> None:
        """On that day, not on the next."""
        breach = looked_into()
        with pytest.raises(errors.ConsequenceNotSetBeforehandError):
            breach.end(**substantiated(school_rule=rule_since(breach.happened_on + timedelta(days=1))), **NOW)
        breach.end(**substantiated(school_rule=rule_since(breach.happened_on)), **NOW)

    def test_was_set_before_it_was_told_where_nobody_knows_when_it_happened(self) -> None:
        breach = looked_into(happened_on=None)
        assert breach.happened_on == RECEIVED_AT.date()
