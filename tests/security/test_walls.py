"""Whoever is walled off finds what an unknown id finds: at every door, by every call, from the start or since later."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import randbits
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import fields

from services.gateway.bootstrap import AREAS
from services.referrals.tests.builders import FACTS
from services.reports.domain.receipt import BITS, written
from shared.domain import Actor
from shared.files.tests.samples import PDF
from tests.support.doors import Call, all_calls
from tests.support.said import something
from tests.support.whole_house import WholeHouse

HIDDEN_BY_ID = ("report", "case", "referral", "receipt", "note", "entry", "attachment", "breach")
SERVICES = ("reports", "cases", "referrals", "monitoring")


def ids_taken(call: Call) -> set[str]:
    """By which ids a call names a matter; a note may also be a text."""
    said = call.schema.fields
    return {one for one in HIDDEN_BY_ID if one == "receipt" or isinstance(said.get(one), fields.UUID)} & set(said)


CALLS = {name: call for name, call in all_calls().items() if name.partition(".")[0] in SERVICES}
OF_A_MATTER = {name: call for name, call in CALLS.items() if ids_taken(call)}
COUNTED = ("cases.register_of_cases", "cases.trends")
"""What tells whoever is walled off from a case of the school what a school without cases is told (CON-08)."""
LISTS = sorted(name for name, call in CALLS.items() if call.kind == "query" and name not in OF_A_MATTER)
OF_AGENCIES = ("accept_referral", "decline_referral", "begin_work", "put_on_hold", "resume", "complete_referral")
OF_THE_DIRECTORY = {"referrals.redeliver"}
"""The administrator's, who is asked for before any matter is looked at: no wall is reached."""
TRUE_RULES = {"reports.walled_off", "monitoring.walled_off", "wall", "walled", "only_the_agencys_officer"}
WORD, SOMEBODY = "Білгім келеді", str(uuid4())

ENTERED: Mapping[str, Any] = {
    "child": {"name": WORD, "class_name": "5 «Ә»"},
    "level": "secondary",
    "category": "problem_behaviour",
    "reasons": WORD,
}
SAID: Mapping[str, Mapping[str, Any]] = {
    "reports.wall_off_person": {"person": SOMEBODY},
    "reports.take_urgent_action": {"what": WORD},
    "reports.triage_report": {"kinds": ["physical"], "urgency": "urgent"},
    "reports.record_verification_step": {"what": WORD, "finding": WORD},
    "reports.confirm_report": {"reasons": WORD, "kinds": ["physical"]},
    "reports.not_confirm_report": {"reasons": WORD},
    "reports.leave_report_out_of_scope": {"reasons": WORD},
    "reports.open_reporter_identity": {"reason": WORD},
    "reports.write_to_reporter": {"text": WORD},
    "reports.turn_to_body": {"body": "police"},
    "reports.join_reports": {"other": SOMEBODY, "reasons": WORD},
    "reports.keep_reports_apart": {"other": SOMEBODY, "reasons": WORD},
    "reports.add_facts": {"text": WORD},
    "reports.put_attachment_piece": {"number": 0, "content": "YQ=="},
    "reports.put_attachment_piece_by_receipt": {"number": 0, "content": "YQ=="},
    "reports.add_attachment": {"pieces": 1, "sha256": "0" * 64},
    "reports.add_attachment_by_receipt": {"pieces": 1, "sha256": "0" * 64},
    "reports.report_breach": {"kind": "retaliation", "description": WORD},
    "reports.report_breach_by_receipt": {"kind": "retaliation", "description": WORD},
    "reports.wall_off_from_breach": {"person": SOMEBODY},
    "reports.appoint_breach_owner": {"owner": SOMEBODY},
    "reports.take_breach_step": {"what": WORD, "finding": WORD},
    "reports.end_breach": {"outcome": "unsubstantiated", "reasons": WORD},
    "reports.consider_sign_note": {"outcome": "no_concern", "reasons": WORD},
    "cases.join_team": {"person": SOMEBODY, "role": "psychologist"},
    "cases.leave_team": {"person": SOMEBODY, "reason": "left_school"},
    "cases.appoint_coordinator": {"person": SOMEBODY, "ground": "leadership_skills", "reason": WORD},
    "cases.hold_meeting": {"held_at": "2026-01-01T10:00:00Z", "participants": [SOMEBODY], "discussed": WORD},
    "cases.confirm_participation": {"meeting": SOMEBODY, "took_part": True},
    "cases.record_decision": {"meeting": SOMEBODY, "number": 1},
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
    "cases.organise_medical_help": {
        "kind": "ambulance",
        "called_at": "2026-01-01T10:00:00+05:00",
        "what_happened": WORD,
    },
    "cases.record_medical_help": {"medical_help": SOMEBODY, "helper": "nobody", "outcome": WORD},
    "cases.hand_over_material": {
        "to": SOMEBODY,
        "material": WORD,
        "computer": "deleted",
        "recycle_bin": "deleted",
        "email": "nothing_there",
    },
    "cases.put_papers_in_safe": {"safe": SOMEBODY, "papers": WORD},
    "cases.take_papers_out": {"person": SOMEBODY, "reason": WORD},
    "cases.await_agency": {"agency": SOMEBODY, "at_once": WORD, "awaited": WORD, "then": WORD},
    "cases.end_waiting": {"waiting": SOMEBODY, "outcome": "decided", "said": WORD, "follows": WORD},
    "cases.decide_on_offender": {
        "adult": "staff",
        "telling": "later",
        "meeting": SOMEBODY,
        **dict.fromkeys(("told_when", "told_of_the_process", "work_protected", "private_life_protected"), WORD),
        **dict.fromkeys(("considered", "best_interests"), WORD),
    },
    "cases.take_own_measures": {"measures": [WORD]},
    "cases.close_case": {"meeting": SOMEBODY},
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
    "monitoring.enter_child": ENTERED,
    "monitoring.accept_proposal": ENTERED,
    "monitoring.decline_proposal": {"reasons": WORD},
    "monitoring.wall_off_from_entry": {"person": SOMEBODY},
    "monitoring.involve_worker": {"person": SOMEBODY},
    "monitoring.release_worker": {"person": SOMEBODY, "reasons": WORD},
    "monitoring.add_measure": {"what": WORD, "nature": "help", "owner": SOMEBODY},
    "monitoring.finish_measure": {"number": 1, "result": WORD},
    "monitoring.note_behaviour": {"change": "worse", "observed": WORD},
    "monitoring.review_entry": {"change": "worse", "findings": WORD},
    "monitoring.leave_group": {"reason": "left_school", "reasons": WORD},
}
"""What is said besides the id, where that is not enough for the call; what is not here is made from the schema."""


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
    """A report, the case it led to, a referral of that, the report's receipt, a note, an entry of the risk
    group that came of it, a file of the report, and a breach that was reported with its receipt: ids as text.
    """

    report: str
    case: str
    referral: str
    receipt: str
    note: str
    entry: str
    attachment: str
    breach: str

    def named_in(self, text: str) -> bool:
        """Whether a text has any of the ids."""
        return any(one in text for one in vars(self).values())


def a_safe(house: WholeHouse, cast: Cast) -> None:
    """The school's safe, kept by the pedagogue."""
    safe = house.do("cases.set_up_safe", cast.head, place="№ 1", keeper=cast.pedagogue.person)["safe"]
    house.do("cases.take_over_safe", cast.pedagogue, safe=safe)


def a_matter(
    house: WholeHouse, cast: Cast, agency: str, accused: Actor | None = None, noted: Actor | None = None
) -> Matter:
    """From a child's report to the agency's inbox; `accused` is walled off from the first word, `noted`
    from the note.
    """
    reporter = Actor(id=f"reporter:{uuid4()}")
    complained_of = [{"person": str(accused.person), "category": "staff"}] if accused else []
    said: dict[str, Any] = {
        "source": "child_victim",
        "channel": "web",
        "description": "Күштеп қорқытты",
        "accused": complained_of,
    }
    leads = cast.deputy if accused is cast.head else cast.head
    reported = house.do("reports.receive_report", reporter, **said)
    report, receipt = reported["report"], reported["receipt"]
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
    [safe] = house.do("cases.register_of_papers", cast.psychologist)
    house.do("cases.put_papers_in_safe", cast.psychologist, case=case, safe=safe["safe"], papers=WORD)
    named = [{"person": str(one.person)} for one in (noted,) if one]
    sign: Mapping[str, Any] = {
        "method": "talking",
        "sign": WORD,
        "child": {"name": WORD, "class_name": "5 «Ә»"},
        "accused": named,
    }
    note = house.do("reports.note_sign", cast.psychologist, **sign)["note"]
    entry = house.do("monitoring.enter_child", cast.psychologist, report=report, case=case, **ENTERED)["entry"]
    attachment = a_file(house, reporter, receipt)
    breach = a_breach(house, cast, leads, receipt)
    return Matter(report, case, referral, receipt, note, entry, attachment, breach)


def a_file(house: WholeHouse, reporter: Actor, receipt: str) -> str:
    """A paper that whoever reported sends later; its id."""
    sent_in: dict[str, Any] = {"receipt": receipt, "attachment": str(uuid4())}
    content = base64.b64encode(PDF).decode()
    house.do("reports.put_attachment_piece_by_receipt", reporter, **sent_in, number=0, content=content)
    house.do("reports.add_attachment_by_receipt", reporter, **sent_in, pieces=1, sha256=sha256(PDF).hexdigest())
    return str(sent_in["attachment"])


def a_breach(house: WholeHouse, cast: Cast, leads: Actor, receipt: str) -> str:
    """Whoever reported suffers for it; the pedagogue looks into it. Its id."""
    reporter = Actor(id=f"reporter:{uuid4()}")
    told: dict[str, Any] = {"kind": "retaliation", "description": WORD}
    before = {row["breach"] for row in house.do("reports.list_breaches", leads)}
    house.do("reports.report_breach_by_receipt", reporter, receipt=receipt, **told)
    [breach] = {row["breach"] for row in house.do("reports.list_breaches", leads)} - before
    house.do("reports.appoint_breach_owner", leads, breach=breach, owner=cast.pedagogue.person)
    return str(breach)


@dataclass(frozen=True)
class Scene:
    """A school with a matter that `walled` must not know of; `lists` are what they were shown before there was one,
    `nothing` while the school had no matter at all.
    """

    house: WholeHouse
    walled: Actor
    matter: Matter
    lists: Mapping[str, Any]
    nothing: Mapping[str, Any]


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
        nothing = {call: house.ask(call, walled, {}) for call in COUNTED}
        a_safe(house, cast)
        a_matter(house, cast, agency)
        lists = {call: house.ask(call, walled, {}) for call in LISTS}
        matter = a_matter(house, cast, agency, None if later else walled, walled)
        if later:
            by = cast.deputy if walled is cast.head else cast.head
            house.do("reports.wall_off_person", by, report=matter.report, person=walled.person)
        yield Scene(house, walled, matter, lists, nothing)


def unknown_ids() -> dict[str, str]:
    """Of nothing that there is."""
    ids = {one: str(uuid4()) for one in HIDDEN_BY_ID}
    return ids | {"receipt": written(randbits(BITS))}


def sent(call: Call, ids: Mapping[str, str]) -> dict[str, Any]:
    """What is sent: the ids that the call takes, and what else it needs."""
    named = {name: ids[name] for name in ids_taken(call)}
    return something(call.schema, dict(SAID.get(call.name, {})) | named)


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
            assert facts["rule"] in TRUE_RULES or name in OF_THE_DIRECTORY, name
            unknown = scene.house.ask(name, scene.walled, sent(call, unknown_ids()))
            assert found == unknown, name
            if name.partition(".")[2] not in (*OF_AGENCIES, "fail_referral"):
                assert found["kind"] == "unknown", name

    def test_holds_and_destroys_nothing_there(self, scene: Scene) -> None:
        """Who leads and is walled off is told what is told of an unknown matter; the access log has the true rule."""
        leads = bool(scene.walled.roles & {"head", "deputy"})
        streams = {"reports": scene.matter.report, "cases": scene.matter.case}
        calls = [call for call in CALLS.values() if "stream" in call.schema.fields]
        assert {call.name.partition(".")[0] for call in calls} == set(streams)
        for call in calls:
            service = call.name.partition(".")[0]
            found = scene.house.ask(call.name, scene.walled, something(call.schema, {"stream": streams[service]}))
            topic, actor, facts = scene.house.accesses(service)[-1]
            assert (topic, actor) == ("access.denied", scene.walled.id), call.name
            assert not leads or facts["rule"] in TRUE_RULES, call.name
            unknown = scene.house.ask(call.name, scene.walled, something(call.schema, {"stream": str(uuid4())}))
            assert found == unknown, call.name
            assert found["kind"] == "unknown" if leads else not found["ok"], call.name

    def test_finds_in_no_list_more_than_before(self, scene: Scene) -> None:
        """Neither a row nor a count nor a number; of the register's numbers and the counts of cases not even what was
        shown before.
        """
        for name in LISTS:
            after = scene.house.ask(name, scene.walled, {})
            assert not scene.matter.named_in(json.dumps(after)), name
            if name in COUNTED:
                assert after == scene.nothing[name], name
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
    others = [route for route in routes if route.call not in OF_A_MATTER and route.call not in LISTS]
    assert all(route.is_command for route in others)
