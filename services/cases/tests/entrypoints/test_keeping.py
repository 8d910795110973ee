"""How long a case is kept, what holds it, and its destruction by two persons, over the ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.cases import commands, queries
from services.cases.application.keeping import case_is_kept
from services.cases.domain.case import Case
from services.cases.publications import PUBLICATIONS
from services.cases.tests.builders import (
    DEPUTY,
    HEAD,
    OFFICER,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    CaseBuilder,
    a_case,
    a_report,
    an_id,
    person,
)
from services.cases.tests.world import SCHOOL, World
from shared.destructions import ApproveDestruction, LiftHold, PlaceHold, RequestDestruction
from shared.domain import Actor, Command, NotPermittedError, UnknownError
from shared.ledger.erasure import Erasure, SamePersonError, StillNeededError
from shared.ledger.retention import HoldStateError, StillKeptError
from shared.ledger.tombstone import STREAM_ERASED

LEAD = Actor(id=f"person:{an_id('Жетекші')}", roles=frozenset({"department_safeguarding_lead"}))
LAW = "Дербес деректер туралы заң, 18-бап"
CLOSED = datetime(2026, 5, 6, tzinfo=UTC)
pytestmark = pytest.mark.requirement("REP-06")


def stored(school: World, built: CaseBuilder) -> UUID:
    """A case as it was brought along, in the ledger."""
    school.application.for_tenant(SCHOOL).save(built.case)
    school.settle()
    return built.case.id


def closed(school: World, *, named: bool = True, walled: tuple[Actor, ...] = ()) -> UUID:
    """A case that was closed on 6 May 2026, of a child born on 3 September 2014 where it is named."""
    built = a_case().opened(a_report(walled=walled)).settled()
    school.clock.advance(built.at - school.clock.now())
    return stored(school, (built.with_child() if named else built).closed())


def due(school: World, by: Actor = HEAD) -> dict[str, Any]:
    """What the list of destructions tells."""
    return queries.destructions_of_cases(school.application, SCHOOL, by)


def asked(school: World, case: UUID, by: Actor = HEAD, basis: str = "") -> UUID:
    """A destruction that somebody asked for."""
    return UUID(school.do(RequestDestruction, by, stream=case, basis=basis).body["erasure"])


def refused(school: World, command: type[Command], by: Actor, **facts: Any) -> str:
    """Why a matter is needed still."""
    with pytest.raises(StillNeededError) as refusal:
        school.do(command, by, **facts)
    return str(refusal.value.facts["why"])


class TestACaseIsKept:
    def test_to_the_childs_25th_birthday_where_that_is_later_than_ten_years(self, school: World) -> None:
        """Both rules with their versions; a child of unknown birth date counts as six when the case was opened."""
        ledger = school.application.for_tenant(SCHOOL)
        kept = case_is_kept(school.case(closed(school)), ledger)
        assert kept is not None
        assert kept.until.date().isoformat() == "2039-09-03"
        assert kept.rule == "cases.kept_after_closing@2026-01-01+cases.kept_to_age@2026-01-01"

    def test_as_if_the_child_were_the_youngest_where_no_birth_date_is_known(self, school: World) -> None:
        """25 less 6 years after the day of opening, and the rule says so."""
        kept = case_is_kept(school.case(closed(school, named=False)), school.application.for_tenant(SCHOOL))
        assert kept is not None
        assert kept.until.date().isoformat() == "2045-04-06"
        assert kept.rule.endswith("+cases.age_where_unknown@2026-01-01")

    def test_ten_years_after_closing_where_the_child_is_grown_by_then(self, school: World) -> None:
        """A pupil of seventeen is 25 in eight years: the ten count."""
        built = a_case().opened().settled()
        school.clock.advance(built.at - school.clock.now())
        facts = {"name": "Ұлжан", "birth_date": datetime(2008, 12, 1, tzinfo=UTC).date(), "class_name": "11 «Ә»"}
        built.case.identify_child(**facts, by=PEDAGOGUE, at=built.at)  # type: ignore[arg-type]
        kept = case_is_kept(school.case(stored(school, built.closed())), school.application.for_tenant(SCHOOL))
        assert kept is not None
        assert kept.until.date().isoformat() == "2036-05-06"

    def test_without_end_while_it_is_open(self, school: World) -> None:
        """Nothing is due, and asking is refused."""
        case = school.open_case()
        assert case_is_kept(school.case(case), school.application.for_tenant(SCHOOL)) is None
        assert refused(school, RequestDestruction, HEAD, stream=case, basis=LAW) == "cases.case_open"


class TestDestruction:
    def test_is_due_when_its_time_is_over_and_not_a_day_before(self, school: World) -> None:
        """The day before it is refused with the day and the rule; then it is on the list."""
        case = closed(school)
        school.clock.advance(datetime(2039, 9, 2, tzinfo=UTC) - school.clock.now())
        with pytest.raises(StillKeptError) as refusal:
            asked(school, case)
        assert refusal.value.facts["until"].startswith("2039-09-03")
        assert due(school)["due"] == []
        school.later(days=1)
        [row] = due(school, LEAD)["due"]
        assert (row["stream"], row["rule"]) == (case, refusal.value.facts["rule"])

    def test_is_by_two_and_leaves_a_tombstone_that_says_who_and_by_which_rule(self, school: World) -> None:
        """Head asks, lead agrees, the clock does it; complete a month later; no row of the case is left."""
        case = closed(school)
        school.clock.advance(datetime(2039, 9, 4, tzinfo=UTC) - school.clock.now())
        erasure = asked(school, case)
        with pytest.raises(SamePersonError):
            school.do(ApproveDestruction, HEAD, erasure=erasure)
        school.do(ApproveDestruction, LEAD, erasure=erasure)
        school.later(seconds=1)
        ledger = school.application.for_tenant(SCHOOL)
        assert ledger.find(Case, case) is None
        [last] = ledger.recorder.select_events(case, desc=True, limit=1)
        assert last.topic == STREAM_ERASED
        said = json.loads(ledger.mapper.open(last))
        assert (said["requested_by"], said["approved_by"]) == (HEAD.id, LEAD.id)
        assert said["basis"] == "cases.kept_after_closing@2026-01-01+cases.kept_to_age@2026-01-01"
        assert queries.register_of_cases(school.application, SCHOOL, HEAD, register_year=None) == []
        assert due(school)["asked"][0]["state"] == "carried_out"
        school.later(days=31)
        assert due(school)["asked"][0]["state"] == "completed"

    def test_before_its_time_names_the_law(self, school: World) -> None:
        """Which stands in the event, as does that it was before."""
        case = closed(school)
        with pytest.raises(StillKeptError):
            asked(school, case)
        erasure = school.application.for_tenant(SCHOOL).get(Erasure, asked(school, case, basis=LAW))
        assert (erasure.basis, erasure.before_time) == (LAW, True)
        assert erasure.kept_until is not None

    def test_is_not_asked_by_who_does_not_lead(self, school: World) -> None:
        """Not by the pedagogue, the lead alone or an outsider; each is told the rule, and it is recorded."""
        case = closed(school)
        for by in (PEDAGOGUE, LEAD, OFFICER):
            with pytest.raises(NotPermittedError):
                asked(school, case, by, LAW)
        for by in (PEDAGOGUE, OFFICER):
            with pytest.raises(NotPermittedError):
                due(school, by)
            assert school.accesses()[-1][0] == "access.denied"

    @pytest.mark.requirement("REP-02")
    def test_is_by_nobody_who_is_walled_off_and_shows_them_nothing(self, school: World) -> None:
        """The accused head: asking, agreeing, holding, the list, before and after; all as for an unknown id."""
        case = closed(school, walled=(HEAD,))
        tried: list[tuple[type[Command], dict[str, Any]]] = [
            (RequestDestruction, {"basis": LAW}),
            (PlaceHold, {"reason": "…"}),
        ]
        for command, facts in tried:
            with pytest.raises(UnknownError) as known:
                school.do(command, HEAD, stream=case, **facts)
            with pytest.raises(UnknownError) as unknown:
                school.do(command, HEAD, stream=an_id("жоқ"), **facts)
            assert known.value.facts == unknown.value.facts
        erasure = asked(school, case, DEPUTY, LAW)
        with pytest.raises(UnknownError):
            school.do(ApproveDestruction, HEAD, erasure=erasure)
        assert due(school, HEAD) == {"due": [], "held": [], "asked": []}
        school.do(ApproveDestruction, LEAD, erasure=erasure)
        school.later(seconds=1)
        assert due(school, HEAD)["asked"] == []
        assert len(due(school, DEPUTY)["asked"]) == 1


class TestAHold:
    def test_keeps_a_case_until_it_is_lifted_with_a_reason(self, school: World) -> None:
        """Also one whose destruction was asked for before; placed and lifted once at a time."""
        case = closed(school)
        erasure = asked(school, case, basis=LAW)
        school.do(PlaceHold, LEAD, stream=case, reason="Сот талабы № 7")
        with pytest.raises(HoldStateError):
            school.do(PlaceHold, LEAD, stream=case, reason="…")
        assert refused(school, ApproveDestruction, LEAD, erasure=erasure) == "ledger.on_hold"
        assert refused(school, RequestDestruction, HEAD, stream=case, basis=LAW) == "ledger.on_hold"
        assert due(school)["held"] == [case]
        school.do(LiftHold, HEAD, stream=case, reason="Сот аяқталды")
        with pytest.raises(HoldStateError):
            school.do(LiftHold, HEAD, stream=case, reason="…")
        school.do(ApproveDestruction, LEAD, erasure=erasure)

    def test_is_what_a_reopened_case_and_an_open_referral_are_as_well(self, school: World) -> None:
        """What comes between asking and agreeing stops it."""
        case = closed(school)
        erasure = asked(school, case, basis=LAW)
        referral = {"case": case, "referral": an_id("кеш"), "agency": an_id("Полиция")}
        school.do(commands.NoteReferralRequested, POLICY, **referral)
        assert refused(school, ApproveDestruction, LEAD, erasure=erasure) == "cases.referral_open"
        school.do(commands.NoteReferralCancelled, POLICY, **referral)
        school.do(commands.ReopenCase, PSYCHOLOGIST, case=case, reason="Қайталанды", report=None)
        assert refused(school, ApproveDestruction, LEAD, erasure=erasure) == "cases.case_open"


def test_takes_along_its_referrals_and_the_reports_that_led_to_no_other_case(school: World) -> None:
    """Told to reports and referrals, with both persons and the rule; a report of another case stays with that."""
    shared, own = a_report("Ортақ"), a_report("Жеке")
    built = a_case().opened(shared, number=7).linked(own).referred().completed().settled()
    school.clock.advance(built.at - school.clock.now())
    case = stored(school, built.closed())
    school.open_case(shared)
    erasure = asked(school, case, basis=LAW)
    school.do(ApproveDestruction, LEAD, erasure=erasure)
    approved = [event for _, event in school.application.for_tenant(SCHOOL).events(erasure)][-1]
    told = PUBLICATIONS[Erasure.Approved.TOPIC](approved)
    assert told is not None
    assert (told.body["reports"], told.body["referrals"]) == ([str(own.id)], [str(an_id("Жолдама"))])
    assert (told.body["requested_by"], told.body["approved_by"]) == (str(person(HEAD)), str(person(LEAD)))
