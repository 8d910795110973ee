"""Whoever is walled off finds what an unknown id finds: at every door, by every call, from the start or since later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.bootstrap import AREAS
from services.referrals.tests.builders import FACTS
from shared.domain import Actor
from tests.support.doors import Call, all_calls
from tests.support.whole_house import WholeHouse

HIDDEN_BY_ID = ("report", "case", "referral")
SERVICES = ("reports", "cases", "referrals")
CALLS = {name: call for name, call in all_calls().items() if name.partition(".")[0] in SERVICES}
OF_A_MATTER = {name: call for name, call in CALLS.items() if set(HIDDEN_BY_ID) & set(call.schema.fields)}
LISTS = sorted(name for name, call in CALLS.items() if call.kind == "query" and name not in OF_A_MATTER)
OF_AGENCIES = ("accept_referral", "decline_referral", "begin_work", "put_on_hold", "resume", "complete_referral")
TRUE_RULES = {"reports.walled_off", "wall", "walled", "only_the_agencys_officer"}
WORD, SOMEBODY = "Білгім келеді", str(uuid4())

SAID: Mapping[str, Mapping[str, Any]] = {
    "reports.wall_off_person": {"person": SOMEBODY},
    "reports.take_urgent_action": {"what": WORD},
    "reports.triage_report": {"kinds": ["physical"], "urgency": "urgent"},
    "reports.record_verification_step": {"what": WORD, "finding": WORD},
    "reports.confirm_report": {"reasons": WORD, "kinds": ["physical"]},
    "reports.not_confirm_report": {"reasons": WORD},
    "reports.leave_report_out_of_scope": {"reasons": WORD},
    "reports.open_reporter_identity": {"reason": WORD},
    "cases.join_team": {"person": SOMEBODY, "role": "psychologist"},
    "cases.leave_team": {"person": SOMEBODY, "reason": "left_school"},
    "cases.appoint_coordinator": {"person": SOMEBODY, "reason": WORD},
    "cases.record_decision": {"decision": WORD, "participants": [SOMEBODY], "best_interests": WORD},
    "cases.identify_child": {"name": WORD, "birth_date": "2014-09-03", "class_name": "5 «Ә»"},
    "cases.record_assessment_step": {"step": "medical_check", "role": "head", "result": WORD, "on": "2026-11-23"},
    "cases.assess_risk": {
        "level": "low",
        "factors": {"past_violence": "no"},
        **dict.fromkeys(("reasons", "childs_place", "childs_safety", "best_interests"), WORD),
    },
    "cases.meet_duty_to_inform": {"referral": SOMEBODY},
    "cases.record_no_liability": {"reasons": WORD, "best_interests": WORD},
    "cases.draw_up_support_plan": {"goals": [{"area": "learning", "goal": WORD, "measures": []}]},
    "cases.draw_up_safety_plan": {
        name: [WORD] for name in ("dangers", "safe_people", "safe_places", "child_does", "adults_do")
    },
    "cases.review_plan": {"findings": WORD, "change_seen": True},
    "cases.hold_session": {"attended": ["child"], "observed_change": WORD, "note": WORD},
    "cases.extend_sessions": {"more": 2, "reason": WORD},
    "cases.rate_criteria": {"ratings": [{"criterion": "mood_settled", "rating": "positive", "evidence": WORD}]},
    "cases.take_own_measures": {"measures": [WORD]},
    "cases.close_case": {"reasons": WORD, "best_interests": WORD, "participants": [SOMEBODY]},
    "cases.reopen_case": {"reason": WORD},
    "referrals.draft_referral": {
        "agency": SOMEBODY,
        "purpose": "notification",
        "urgency": "high",
        "facts": {"child_name": WORD},
    },
    "referrals.approve_referral": {"fields": ["child_name"]},
    "referrals.cancel_referral": {"reason": "no_longer_needed"},
    "referrals.decline_referral": {"reason": "not_competent"},
    "referrals.put_on_hold": {"reason": "waiting_for_expert"},
    "referrals.complete_referral": {"outcome": "measures_taken"},
    "referrals.fail_referral": {"reason": "family_not_found"},
}
"""What is said besides the id, where that is not enough for the call."""


def somebody(*roles: str) -> Actor:
    """A person with roles at the school."""
    return Actor(id=f"person:{uuid4()}", roles=frozenset(roles))


@dataclass(frozen=True)
class Cast:
    """The people of the school."""

    head: Actor
    deputy: Actor
    pedagogue: Actor
    psychologist: Actor
    teacher: Actor
    officer: Actor

    @classmethod
    def of_a_school(cls) -> Cast:
        """Everybody new."""
        roles = ("head", "deputy", "social_pedagogue", "psychologist", "class_teacher", "partner_duty_officer")
        return cls(*map(somebody, roles))


@dataclass(frozen=True)
class Matter:
    """A report, the case it led to, and a referral of that: ids as text."""

    report: str
    case: str
    referral: str

    def named_in(self, text: str) -> bool:
        """Whether a text has any of the ids."""
        return any(one in text for one in (self.report, self.case, self.referral))


def a_matter(house: WholeHouse, cast: Cast, agency: str, accused: Actor | None = None) -> Matter:
    """From a child's report to the agency's inbox; `accused` is walled off from the first word."""
    reporter = Actor(id=f"reporter:{uuid4()}")
    complained_of = [{"person": str(accused.person), "category": "staff"}] if accused else []
    said: dict[str, Any] = {
        "source": "child_victim",
        "channel": "web",
        "description": "Күштеп қорқытты",
        "accused": complained_of,
    }
    leads = cast.deputy if accused is cast.head else cast.head
    report = house.do("reports.receive_report", reporter, **said)["report"]
    owner = str(cast.pedagogue.person)
    house.do("reports.triage_report", leads, report=report, kinds=["physical"], urgency="urgent", owner=owner)
    house.do("reports.begin_verification", cast.pedagogue, report=report)
    house.do("reports.record_verification_step", cast.pedagogue, report=report, what=WORD, finding=WORD)
    before = {row["case"] for row in house.do("cases.my_cases", cast.pedagogue)}
    confirmed: dict[str, Any] = {"reasons": WORD, "kinds": ["physical"], "place": "school"}
    house.do("reports.confirm_report", cast.pedagogue, report=report, **confirmed)
    [case] = {row["case"] for row in house.do("cases.my_cases", cast.pedagogue)} - before
    asked: dict[str, Any] = {"agency": agency, "purpose": "notification", "urgency": "high", "facts": dict(FACTS)}
    referral = house.do("referrals.draft_referral", cast.pedagogue, case=case, **asked)["referral"]
    house.do("referrals.approve_referral", leads, referral=referral, fields=sorted(FACTS))
    house.do("referrals.accept_referral", cast.officer, tenant=UUID(agency), referral=referral)
    for member, role in ((cast.psychologist, "psychologist"), (cast.deputy, "deputy")):
        house.do("cases.join_team", leads, case=case, person=member.person, role=role)
    return Matter(report, case, referral)


@dataclass(frozen=True)
class Scene:
    """A school with a matter that `walled` must not know of; `lists` are what they were shown before there was one."""

    house: WholeHouse
    walled: Actor
    matter: Matter
    lists: Mapping[str, Any]


WALLED = {
    "a teacher, named by the child": ("teacher", False),
    "the head, named by the child": ("head", False),
    "the head, as it turns out once the case is open": ("head", True),
    "the deputy on the team, as it turns out": ("deputy", True),
    "who verified and coordinates, as it turns out": ("pedagogue", True),
}


@pytest.fixture(params=list(WALLED.values()), ids=list(WALLED), scope="module")
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One matter of which they may know, then the one of which they may not."""
    name, later = request.param
    cast, agency = Cast.of_a_school(), str(uuid4())
    walled = getattr(cast, name)
    with WholeHouse.open(tmp_path_factory.mktemp("house")) as house:
        listed = {"agency": agency, "kind": "police", "channel": "web", "virtual_host": None}
        house.hear("accounts", "accounts.agency_registered.v1", UUID(agency), listed)
        house.settle()
        a_matter(house, cast, agency)
        lists = {call: house.ask(call, walled, {}) for call in LISTS}
        matter = a_matter(house, cast, agency, None if later else walled)
        if later:
            by = cast.deputy if walled is cast.head else cast.head
            house.do("reports.wall_off_person", by, report=matter.report, person=walled.person)
        yield Scene(house, walled, matter, lists)


def sent(call: Call, ids: Mapping[str, str]) -> dict[str, Any]:
    """What is sent: the ids that the call takes, and what else it needs."""
    return dict(SAID.get(call.name, {})) | {name: ids[name] for name in HIDDEN_BY_ID if name in call.schema.fields}


@pytest.mark.requirement("REP-02")
@pytest.mark.requirement("CON-01")
class TestWhoeverIsWalledOff:
    def test_gets_from_every_call_what_an_unknown_id_gets(self, scene: Scene) -> None:
        """To the letter; and the access log alone has the true rule."""
        hidden = vars(scene.matter)
        for name, call in OF_A_MATTER.items():
            data = sent(call, hidden)
            assert not call.schema.validate(data), name  # else the schema would refuse both alike
            found = scene.house.ask(name, scene.walled, data)
            service = name.partition(".")[0]
            topic, actor, facts = scene.house.accesses(service)[-1]
            assert (topic, actor) == ("access.denied", scene.walled.id), name
            assert facts["rule"] in TRUE_RULES, name
            unknown = scene.house.ask(name, scene.walled, sent(call, {one: str(uuid4()) for one in HIDDEN_BY_ID}))
            assert found == unknown, name
            if name.partition(".")[2] not in (*OF_AGENCIES, "fail_referral"):
                assert found["kind"] == "unknown", name

    def test_finds_in_no_list_more_than_before(self, scene: Scene) -> None:
        """Neither a row nor a count nor a number; in the register not even the numbers that were shown before."""
        for name in LISTS:
            after = scene.house.ask(name, scene.walled, {})
            assert not scene.matter.named_in(json.dumps(after)), name
            if name == "cases.register_of_cases":
                assert after == {"ok": True, "answer": [], "position": None}
            elif name == "cases.my_cases":
                assert after["answer"] == [without_number(row) for row in scene.lists[name]["answer"]]
            else:
                assert after == scene.lists[name], name


def without_number(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the register as it is shown to whoever may not see numbers."""
    return {name: value for name, value in row.items() if name != "number"}


def test_every_question_of_the_api_is_asked_here() -> None:
    """Every GET route of these services leads to a call that is tried above."""
    routes = [route for routes, _ in AREAS.values() for route in routes if route.service in SERVICES]
    questions = {route.call for route in routes if not route.is_command}
    assert questions <= set(OF_A_MATTER) | set(LISTS)
    assert {route.call for route in routes} - set(OF_A_MATTER) - set(LISTS) == {"reports.receive_report"}
