from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.referrals import commands, queries
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.errors import CaseClosedError, ReferralAlreadyOpenError
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import DUTY_OF_CLOCK, Clock, State
from services.referrals.tests import builders as b
from services.referrals.tests.world import World
from shared.destructions import DestroyAlong
from shared.domain import Actor, Command, InvalidInputError, NotPermittedError, UnknownError, VersionConflictError
from shared.duties import MissDeadline
from shared.ledger.application import TenantLedger
from shared.regulation import ALMATY
from shared.runners.clockwork import Clockwork


def the(world: World, referral: UUID) -> Referral:
    """The referral as the school's record has it."""
    return world.application.for_tenant(b.SCHOOL).get(Referral, referral)


class TestTheClosedLoop:
    @pytest.mark.requirement("REF-03")
    def test_a_referral_is_asked_delivered_accepted_and_answered(self, school: World) -> None:
        """Through both tenants, from draft to outcome."""
        referral = school.request()
        assert the(school, referral).delivered_at is not None
        school.do(commands.AcceptReferral, b.POLICE, b.OFFICER, referral=referral)
        school.do(commands.BeginWork, b.POLICE, b.OFFICER, referral=referral)
        text = "Қорғау нұсқамасы шығарылды."
        school.do(
            commands.CompleteReferral, b.POLICE, b.OFFICER, referral=referral, outcome="measures_taken", text=text
        )
        shown = queries.show_referral(school.application, b.SCHOOL, b.PEDAGOGUE, referral=referral)
        assert shown["state"] == "completed"
        assert shown["answer"] == {"outcome": "measures_taken", "text": text}
        assert [deadline["state"] for deadline in shown["deadlines"]] == ["met", "met", "met"]

    def test_the_same_command_again_gives_the_same_referral(self, school: World) -> None:
        """An impatient click drafts nothing twice."""
        command_id = uuid4()
        assert school.draft(command_id=command_id) == school.draft(command_id=command_id)

    def test_the_partners_command_again_changes_nothing(self, school: World) -> None:
        """The first answer comes again, with the first digest."""
        referral, command_id = school.request(), uuid4()
        first = school.do(
            commands.AcceptReferral, b.POLICE, b.OFFICER, referral=referral, command_id=command_id, digest="a"
        )
        version = the(school, referral).version
        again = school.do(
            commands.AcceptReferral, b.POLICE, b.OFFICER, referral=referral, command_id=command_id, digest="b"
        )
        assert again.repeated
        assert again.body == first.body
        assert again.body["digest"] == "a"
        assert the(school, referral).version == version

    def test_half_done_over_two_tenants_is_finished_by_asking_again(
        self, school: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The step was taken in the school's tenant, and the process died before the inbox knew."""
        referral = school.request()
        command = commands.AcceptReferral(tenant=b.POLICE, command_id=uuid4(), by=b.OFFICER, referral=referral)
        save = TenantLedger.save

        def save_but_for_the_agency(self: TenantLedger, *aggregates: Any, **answer: Any) -> Any:
            if self.tenant == b.POLICE:
                raise OSError("тоқ сөнді")
            return save(self, *aggregates, **answer)

        with monkeypatch.context() as power_cut:
            power_cut.setattr(TenantLedger, "save", save_but_for_the_agency)
            with pytest.raises(OSError, match="тоқ"):
                school.application.execute(command)
        assert the(school, referral).state is State.ACCEPTED
        answer = school.application.execute(command)
        assert answer.body["state"] == "accepted"
        school.settle()
        (row,) = queries.show_inbox(school.application, b.POLICE, b.OFFICER)["referrals"]
        assert row["state"] == "accepted"


class TestDraftingForACase:
    def test_is_for_the_team_alone_and_the_denial_is_recorded_with_its_rule(self, school: World) -> None:
        """The access log has the true rule."""
        with pytest.raises(NotPermittedError):
            school.draft(by=b.PSYCHOLOGIST)
        (_, denied) = school.application.access_log.entries(b.SCHOOL)[-1]
        assert denied["rule"] == "only_the_team_of_the_case"

    @pytest.mark.requirement("REF-03")
    def test_refuses_facts_by_field(self, school: World) -> None:
        """The template says what leaves."""
        with pytest.raises(InvalidInputError) as refused:
            school.draft(facts={**b.FACTS, "iin": "140308500000"})
        assert refused.value.facts["faults"] == {"facts.iin": ["unknown_field"]}

    def test_to_an_agency_that_is_not_in_the_directory_is_refused(self, school: World) -> None:
        """Nobody can be invented."""
        with pytest.raises(UnknownError):
            school.draft(agency=uuid4())

    def test_twice_to_one_agency_is_refused_but_not_to_another(self, school: World) -> None:
        """One open referral for an agency and a case."""
        first = school.draft()
        with pytest.raises(ReferralAlreadyOpenError) as refused:
            school.draft()
        assert refused.value.facts["referral"] == str(first)
        school.draft(agency=b.HEALTH, facts=b.HEALTH_FACTS)

    def test_again_after_the_first_was_cancelled(self, school: World) -> None:
        """A slip of the pen blocks nothing."""
        first = school.draft()
        school.do(commands.CancelReferral, b.SCHOOL, b.PEDAGOGUE, referral=first, reason="drafted_in_error")
        assert school.draft() != first


class TestApproving:
    @pytest.mark.requirement("REF-03")
    def test_starts_the_three_clocks_of_high_risk(self, school: World) -> None:
        """4 hours, 24 hours, 10 days."""
        referral = the(school, school.request())
        asked = referral.requested_at
        assert asked is not None
        assert referral.deadlines[Clock.ACKNOWLEDGE].due_at == asked + timedelta(hours=4)
        assert referral.deadlines[Clock.BEGIN].due_at == asked + timedelta(hours=24)
        assert referral.deadlines[Clock.REPORT_BACK].due_at.astimezone(ALMATY).date().isoformat() == "2026-12-04"
        assert referral.deadlines[Clock.BEGIN].rule == "referrals.begin_high@2026-01-01"

    def test_starts_clocks_of_working_days_where_the_risk_is_not_high(self, school: World) -> None:
        """1, 5, 20 working days."""
        referral = the(school, school.request(urgency="normal"))
        due = {clock: deadline.due_at.astimezone(ALMATY).date() for clock, deadline in referral.deadlines.items()}
        assert due[Clock.ACKNOWLEDGE].isoformat() == "2026-11-25"  # the end of the 24th
        assert due[Clock.BEGIN].isoformat() == "2026-12-01"  # the end of Monday the 30th
        assert referral.deadlines[Clock.BEGIN].rule == "referrals.begin_normal@2026-01-01"

    def test_by_others_than_the_head_is_refused(self, school: World) -> None:
        """The drafter waits."""
        referral = school.draft()
        with pytest.raises(NotPermittedError):
            school.do(commands.ApproveReferral, b.SCHOOL, b.PEDAGOGUE, referral=referral, fields=list(b.FACTS))

    def test_of_a_version_that_is_no_longer_is_refused(self, school: World) -> None:
        """The approver saw another state."""
        referral = school.draft()
        with pytest.raises(VersionConflictError):
            school.do(
                commands.ApproveReferral,
                b.SCHOOL,
                b.HEAD,
                referral=referral,
                fields=list(b.FACTS),
                expected_version=7,
            )

    @pytest.mark.requirement("REF-03")
    def test_is_the_deputys_where_the_head_is_complained_of_and_the_head_sees_nothing(self, world: World) -> None:
        """To the head there is no such referral."""
        world.hear_of_agency(b.POLICE, "police")
        world.hear_of_case((b.DEPUTY, "deputy"), (b.PEDAGOGUE, "social_pedagogue"), walled=(b.HEAD,))
        referral = world.draft()
        with pytest.raises(UnknownError):
            world.do(commands.ApproveReferral, b.SCHOOL, b.HEAD, referral=referral, fields=list(b.FACTS))
        with pytest.raises(UnknownError):
            queries.show_referral(world.application, b.SCHOOL, b.HEAD, referral=referral)
        assert [facts["rule"] for _, facts in world.application.access_log.entries(b.SCHOOL)] == ["walled", "walled"]
        world.do(commands.ApproveReferral, b.SCHOOL, b.DEPUTY, referral=referral, fields=list(b.FACTS))
        assert the(world, referral).state is State.REQUESTED


@pytest.mark.requirement("CON-01")
def test_the_deputy_finds_the_referrals_of_a_case_by_breaking_its_glass_alone(school: World) -> None:
    """Refused and recorded before; recorded under the glass while it is broken; refused again when it has ended."""
    referral = school.request()
    until = school.clock.now() + timedelta(hours=24)
    asked: tuple[tuple[Any, dict[str, UUID]], ...] = (
        (queries.show_referral, {"referral": referral}),
        (queries.referrals_of_case, {"case": b.CASE}),
    )

    def refused() -> None:
        for question, of in asked:
            with pytest.raises(NotPermittedError):
                question(school.application, b.SCHOOL, b.DEPUTY, **of)
        cancelling: dict[str, Any] = {"referral": referral, "reason": "no_longer_needed"}
        with pytest.raises(NotPermittedError):
            school.do(commands.CancelReferral, b.SCHOOL, b.DEPUTY, **cancelling)
        rules = [facts["rule"] for _, facts in school.application.access_log.entries(b.SCHOOL)]
        assert rules[-3:] == ["only_the_team_of_the_case"] * 3

    refused()
    broken = {"case": str(b.CASE), "person": str(b.DEPUTY.person), "until": until.isoformat()}
    school.hear("cases.glass_broken.v1", b.SCHOOL, broken)
    for question, of in asked:
        question(school.application, b.SCHOOL, b.DEPUTY, **of)
        entry, seen = school.application.access_log.entries(b.SCHOOL)[-1]
        assert (entry.topic, seen["rule"]) == ("access.read", "break_glass")
    school.clock.advance(timedelta(hours=24))
    refused()


class TestAClosedCase:
    def test_lets_no_draft_leave_any_more(self, school: World) -> None:
        """What was drafted before is taken back, or waits for the case to be opened again (PLN-06)."""
        draft = school.draft()
        school.hear("cases.case_closed.v1", b.SCHOOL, {"case": str(b.CASE)})
        approval = {"referral": draft, "fields": sorted(b.FACTS)}
        with pytest.raises(CaseClosedError):
            school.do(commands.ApproveReferral, b.SCHOOL, b.HEAD, **approval)
        assert the(school, draft).state is State.DRAFT
        school.hear("cases.case_reopened.v1", b.SCHOOL, {"case": str(b.CASE)})
        school.do(commands.ApproveReferral, b.SCHOOL, b.HEAD, **approval)


class TestAnUnknownId:
    @pytest.mark.parametrize(
        ("kind", "tenant", "by", "facts"),
        [
            (commands.ApproveReferral, b.SCHOOL, b.HEAD, {"fields": []}),
            (commands.CancelReferral, b.SCHOOL, b.HEAD, {"reason": "no_longer_needed"}),
            (commands.AcceptReferral, b.POLICE, b.OFFICER, {}),
        ],
    )
    def test_that_somebody_tries_is_in_the_access_log(
        self, school: World, kind: type[Command], tenant: UUID, by: Actor, facts: dict[str, Any]
    ) -> None:
        """Of whoever tries ids, a partner too, every trial is kept."""
        unknown = uuid4()
        with pytest.raises(UnknownError):
            school.do(kind, tenant, by, referral=unknown, **facts)
        entry, denied = school.application.access_log.entries(tenant)[-1]
        assert (entry.topic, entry.actor, denied["ids"]) == ("access.denied", by.id, [str(unknown)])
        assert denied["rule"] == "unknown"


@pytest.mark.requirement("REP-02")
class TestAWallThatComesLater:
    """By another report of the case, or by what one of its reports turned out to be."""

    @pytest.mark.parametrize(
        ("told", "body"),
        [
            ("cases.report_linked.v1", {"walled": [str(b.HEAD.person), str(b.TEACHER.person)]}),
            ("cases.person_walled_off.v1", {"person": str(b.HEAD.person)}),
        ],
    )
    def test_hides_drafts_and_referrals_from_the_head(self, school: World, told: str, body: dict[str, Any]) -> None:
        """Who led the case until then finds nothing of it, and the deputy approves."""
        asked, draft = school.request(), school.draft(b.HEALTH, facts=b.HEALTH_FACTS)
        school.hear(told, b.SCHOOL, {"case": str(b.CASE), **body})
        for question in (queries.show_referral, queries.referral_timeline, queries.referral_deadlines):
            with pytest.raises(UnknownError):
                question(school.application, b.SCHOOL, b.HEAD, referral=asked)
        with pytest.raises(UnknownError):
            queries.referrals_of_case(school.application, b.SCHOOL, b.HEAD, case=b.CASE)
        approval = {"referral": draft, "fields": sorted(b.HEALTH_FACTS)}
        with pytest.raises(UnknownError):
            school.do(commands.ApproveReferral, b.SCHOOL, b.HEAD, **approval)
        (_, denied) = school.application.access_log.entries(b.SCHOOL)[-1]
        assert denied["rule"] == "walled"
        school.do(commands.ApproveReferral, b.SCHOOL, b.DEPUTY, **approval)

    def test_ends_membership_and_coordination(self, school: World) -> None:
        """Told twice, noted once; nobody else is touched."""
        school.hear("cases.coordinator_appointed.v1", b.SCHOOL, {"case": str(b.CASE), "person": str(b.HEAD.person)})
        for _ in range(2):
            school.hear("cases.report_linked.v1", b.SCHOOL, {"case": str(b.CASE), "walled": [str(b.HEAD.person)]})
        ledger = school.application.for_tenant(b.SCHOOL)
        team = ledger.get(CaseTeam, b.CASE)
        assert (team.coordinator, team.members) == (None, {str(b.PEDAGOGUE.person): "social_pedagogue"})
        noted = [event.TOPIC for _, event in ledger.events(b.CASE)]
        assert noted.count("referrals.case_team_person_walled_off") == 1


class TestTheInbox:
    @pytest.mark.requirement("REF-04")
    def test_holds_what_its_own_agency_was_asked_and_nothing_else(self, school: World) -> None:
        """No agency sees another's."""
        to_police = school.request()
        to_health = school.request(b.HEALTH, facts=b.HEALTH_FACTS)
        for agency, officer, own in ((b.POLICE, b.OFFICER, to_police), (b.HEALTH, b.NURSE, to_health)):
            rows = queries.show_inbox(school.application, agency, officer)["referrals"]
            assert [row["referral"] for row in rows] == [str(own)]

    @pytest.mark.requirement("REF-04")
    def test_does_not_show_or_answer_another_agencys_referral(self, school: World) -> None:
        """It is unknown, and the attempt recorded."""
        to_police = school.request()
        with pytest.raises(UnknownError):
            queries.show_referral(school.application, b.HEALTH, b.NURSE, referral=to_police)
        with pytest.raises(UnknownError):
            school.do(commands.AcceptReferral, b.HEALTH, b.NURSE, referral=to_police)
        entries = school.application.access_log.entries(b.HEALTH)[-2:]
        assert [denied["rule"] for _, denied in entries] == ["not_in_the_agencys_inbox", "unknown"]

    @pytest.mark.requirement("REF-03")
    def test_shows_the_agency_the_approved_fields_and_nothing_of_the_case(self, school: World) -> None:
        """And the look is recorded in both tenants."""
        referral = school.request()
        shown = queries.show_referral(school.application, b.POLICE, b.OFFICER, referral=referral)
        assert shown["facts"] == b.FACTS
        assert not {"case", "drafted_by", "approved_by", "missed"} & set(shown)
        for tenant in (b.SCHOOL, b.POLICE):
            (entry, read) = school.application.access_log.entries(tenant, mentioning=referral)[-1]
            assert entry.actor == b.OFFICER.id
            assert read["ids"] == [str(referral)]

    def test_is_closed_to_whoever_is_not_the_agencys_officer(self, school: World) -> None:
        """A role of another kind does not open it."""
        referral = school.request()
        with pytest.raises(NotPermittedError):
            queries.show_inbox(school.application, b.POLICE, b.AUDITOR)
        with pytest.raises(NotPermittedError):
            school.do(commands.AcceptReferral, b.POLICE, b.AUDITOR, referral=referral)

    def test_shows_that_the_school_took_it_back(self, school: World) -> None:
        """The agency need not work for nothing."""
        referral = school.request()
        school.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=referral, reason="no_longer_needed")
        school.settle()
        (row,) = queries.show_inbox(school.application, b.POLICE, b.OFFICER)["referrals"]
        assert row["state"] == "cancelled"

    @pytest.mark.requirement("REP-06")
    def test_holds_no_line_of_what_the_school_destroyed(self, school: World) -> None:
        """It is unknown to whoever asks for it; what the same agency was asked since stays."""
        gone = school.request()
        school.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=gone, reason="no_longer_needed")
        kept = school.request()
        school.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=kept, reason="no_longer_needed")
        by_two = {"requested_by": b.HEAD.person, "approved_by": b.PEDAGOGUE.person}
        going = {"erasure": uuid4(), "streams": (gone,), "rule": "cases.kept_to_age@2026-01-01"}
        school.do(DestroyAlong, b.SCHOOL, Actor(id="policy:when_destruction_approved_destroy_along"), **going, **by_two)
        school.settle()
        Clockwork(school.service).tick()
        with pytest.raises(UnknownError):
            queries.show_referral(school.application, b.POLICE, b.OFFICER, referral=gone)
        rows = queries.show_inbox(school.application, b.POLICE, b.OFFICER)["referrals"]
        assert [row["referral"] for row in rows] == [str(kept)]

    def test_is_not_touched_by_a_draft_that_is_dropped(self, school: World) -> None:
        """What was never asked is never shown."""
        referral = school.draft()
        school.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=referral, reason="drafted_in_error")
        school.settle()
        assert queries.show_inbox(school.application, b.POLICE, b.OFFICER)["referrals"] == []

    def test_answers_with_reasons_and_outcomes_of_the_lists(self, school: World) -> None:
        """Codes, so that they can be counted."""
        referral = school.request()
        with pytest.raises(InvalidInputError) as refused:
            school.do(commands.DeclineReferral, b.POLICE, b.OFFICER, referral=referral, reason="жоқ")
        assert refused.value.facts["faults"] == {"reason": ["unknown_choice"]}


class TestSilence:
    @pytest.mark.requirement("REF-07")
    def test_of_an_agency_is_an_event_of_each_clock_in_its_turn(self, school: World) -> None:
        """The clock runner says it, once each."""
        referral = school.request()
        clockwork = Clockwork(school.service)
        school.clock.advance(timedelta(hours=4))
        assert clockwork.tick() == 1
        school.settle()
        school.clock.advance(timedelta(days=20))
        assert clockwork.tick() == 3  # the other two clocks, and the first comes up to the head
        school.settle()
        shown = queries.referral_deadlines(school.application, b.SCHOOL, b.PEDAGOGUE, referral=referral)
        assert [deadline["state"] for deadline in shown["deadlines"]] == ["missed", "missed", "missed"]
        assert {one["owner"] for one in shown["deadlines"]} == {f"agency:{b.POLICE}"}
        assert [one["came_up_to"] for one in shown["deadlines"]] == ["department", "head", "head"]
        while clockwork.tick():
            school.settle()
        events = queries.referral_timeline(school.application, b.SCHOOL, b.PEDAGOGUE, referral=referral)["events"]
        rungs = [(one["facts"]["clock"], one["facts"]["step"]) for one in events if "step" in one["facts"]]
        assert sorted(rungs) == sorted((clock.value, step) for clock in Clock for step in (2, 3))  # nobody coordinates

    def test_is_not_said_of_an_agency_that_answered(self, school: World) -> None:
        """A late tick finds the duty met, and what must happen next is the agency's next step."""

        def told() -> list[str | None]:
            shown = queries.referral_deadlines(school.application, b.SCHOOL, b.PEDAGOGUE, referral=referral)
            return [one["command"] for one in shown["deadlines"]]

        referral = school.request()
        steps = ["referrals.accept_referral", "referrals.begin_work", "referrals.complete_referral"]
        assert told() == steps
        school.do(commands.AcceptReferral, b.POLICE, b.OFFICER, referral=referral)
        assert told() == [None, *steps[1:]]
        school.clock.advance(timedelta(hours=5))
        answer = school.do(
            MissDeadline, b.SCHOOL, b.CLOCK, stream=referral, duty=DUTY_OF_CLOCK[Clock.ACKNOWLEDGE], step=0
        )
        assert answer.body == {"missed": False}


class TestQuestions:
    def test_the_case_lists_its_referrals_to_its_team(self, school: World) -> None:
        """The latest change first."""
        school.request()
        school.draft(agency=b.HEALTH, facts=b.HEALTH_FACTS)
        school.settle()
        rows = queries.referrals_of_case(school.application, b.SCHOOL, b.PEDAGOGUE, case=b.CASE)["referrals"]
        assert [row["state"] for row in rows] == ["draft", "requested"]
        with pytest.raises(NotPermittedError):
            queries.referrals_of_case(school.application, b.SCHOOL, b.PSYCHOLOGIST, case=b.CASE)

    def test_the_timeline_has_every_event_with_who_and_when(self, school: World) -> None:
        """For the team and for auditors."""
        referral = school.request()
        events = queries.referral_timeline(school.application, b.SCHOOL, b.AUDITOR, referral=referral)["events"]
        assert [event["topic"].removeprefix("referrals.referral_") for event in events] == [
            "drafted",
            "approved",
            "requested",
            "delivered",
        ]
        assert events[1]["actor"] == b.HEAD.id
        assert events[1]["facts"]["fields"] == sorted(b.FACTS)
        assert set(events[1]) == {"version", "at", "recorded_at", "actor", "topic", "facts"}  # no position: CON-08

    def test_another_schools_referral_is_unknown_and_the_attempt_recorded(self, school: World) -> None:
        """CON-08."""
        referral = school.request()
        with pytest.raises(UnknownError):
            queries.show_referral(school.application, b.OTHER_SCHOOL, b.HEAD, referral=referral)
        (_, denied) = school.application.access_log.entries(b.OTHER_SCHOOL)[-1]
        assert denied["rule"] == "unknown"

    @pytest.mark.requirement("REF-02")
    def test_the_directory_names_each_agency_and_what_it_needs_to_know(self, school: World) -> None:
        """The form is made from it."""
        listed = queries.agencies(school.application, b.SCHOOL, b.PEDAGOGUE)["agencies"]
        assert [one["kind"] for one in listed] == ["health", "police"]  # by kind, however they came
        (police,) = [one for one in listed if one["kind"] == "police"]
        fields = {one["field"]: one for one in police["template"]["fields"]}
        assert fields["child_name"] == {
            "field": "child_name",
            "label": "referral_field_child_name",
            "type": "text",
            "required": True,
            "choices": [],
        }
