"""Receipts, notes of signs, reports of the same events, search; then a case that school and agency share.

Over the public API, embedded and distributed alike; in the same cities what `tests/journeys/ways` has of cases that go
on, of prevention and of agencies.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from cli.api_client import Api, RefusedError, until
from cli.commands import app
from cli.story.city import City, School
from cli.story.main_case import Story
from shared.files.tests.samples import CAMERA, a_document, a_picture, a_recording
from tests.journeys.ways import of_agencies, of_cases, of_prevention
from tests.journeys.ways.cast import AT_HIGH_RISK, Cast, Department
from tests.support.cities import city_of
from tests.support.suites import RunningSuite

CHILD = {"name": "Ғазиз Һәкімұлы", "class_name": "7 «Ә»"}
SAID: dict[str, Any] = {
    "source": "child_witness",
    "channel": "web",
    "place": "school",
    "kinds": ["bullying"],
    "description": "Күнде тамағын тартып алады",
    "child": CHILD,
}


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def cast(request: pytest.FixtureRequest) -> Iterator[Cast]:
    """A fresh city, and the department above it."""
    suite: RunningSuite = request.getfixturevalue(request.param)
    with city_of(suite) as made:
        yield Cast(suite, made, Department.of(suite))


@pytest.fixture(scope="module")
def city(cast: Cast) -> City:
    """The city alone."""
    return cast.city


@pytest.fixture
def story(city: City) -> Story:
    """A main case of the city, until its risk is assessed as high."""
    begun = Story(city)
    for _, step in begun.steps[:AT_HIGH_RISK]:
        step()
    return begun


@pytest.fixture(scope="module")
def school(city: City) -> tuple[School, Api]:
    """A school of it, and somebody without an account."""
    here = city.schools[0]
    return here, Api(here.api("head").address, tenant=here.id)


@pytest.mark.requirement("REP-03")
def test_whoever_reported_comes_back_with_the_receipt(school: tuple[School, Api]) -> None:
    """Reads, answers, adds; by a receipt that somebody made up, nothing."""
    here, nobody = school
    reported = nobody.post("/reports", SAID)
    receipt = {"receipt": reported["receipt"].lower().replace("-", " ")}
    assert nobody.post("/receipt", receipt)["state"] == "received"
    here.api("head").post(f"/reports/{reported['report']}/messages", {"text": "Қай күні?", "asks": True})
    nobody.post("/receipt/facts", receipt | {"text": "Кеше", "answers": 1})
    assert [one["from"] for one in nobody.post("/receipt", receipt)["messages"]] == ["school", "reporter"]
    for made_up, status in (("0000-0000-0000-0000-0000-0000", 404), ("0000-0000-0000-0000-0000-0001", 422)):
        with pytest.raises(RefusedError) as refused:
            nobody.post("/receipt", {"receipt": made_up})
        assert refused.value.status == status


@pytest.mark.requirement("REP-03")
def test_a_picture_comes_by_receipt_without_where_it_was_taken(school: tuple[School, Api]) -> None:
    """In pieces; what is refused is told why, in the caller's language, and loses nothing."""
    here, nobody = school
    reported = nobody.post("/reports", SAID | {"retry_secret": "ө" * 32}, key=(once := uuid4()))
    assert nobody.post("/reports", SAID | {"retry_secret": "ө" * 32}, key=once) == reported
    one, receipt = f"/reports/{reported['report']}/attachments", {"receipt": reported["receipt"]}
    told = nobody.attach("/receipt/attachments", a_picture(), name="Сурет.jpg", **receipt)
    nobody.attach("/receipt/attachments", a_recording() + bytes(600_000), name="Жазба.wav", **receipt)
    with pytest.raises(RefusedError, match="Хабарламаның өзі сақталды") as refused:
        nobody.attach("/receipt/attachments", a_document({"word/vbaProject.bin": b"m"}), **receipt)
    assert (refused.value.status, refused.value.code) == (409, "reports.attachment_is_active")
    assert [one["name"] for one in nobody.post("/receipt", receipt)["attachments"]] == ["Сурет.jpg", "Жазба.wav"]
    found = here.api("head").get(f"{one}/{told['attachment']}")
    content = base64.b64decode(found["content"])
    assert sha256(content).hexdigest() == told["sha256"]
    assert CAMERA.encode() not in content


@pytest.mark.requirement("REP-03")
def test_a_proof_is_taken_home_and_checked_with_nothing_else(school: tuple[School, Api], tmp_path: Path) -> None:
    """By command, against a later one as well; an altered byte is told."""
    here, nobody = school
    receipt = {"receipt": nobody.post("/reports", SAID)["receipt"]}
    first, second, altered = (tmp_path / name for name in ("first.json", "second.json", "altered.json"))
    proof = nobody.post("/receipt/proof", receipt)
    first.write_text(json.dumps(proof))
    nobody.post("/receipt/facts", receipt | {"text": "Кеше де"})
    here.api("class_teacher").post("/reports", SAID)
    since = int(proof["checkpoint"].split("\n")[1])
    second.write_text(json.dumps(nobody.post("/receipt/proof", receipt | {"since": since, "with_content": True})))
    altered.write_text(json.dumps(proof | {"checkpoint": proof["checkpoint"].replace("/", "|", 1)}))
    key = f"{proof['key']['name']}={proof['key']['public_key']}"
    runner, asked = CliRunner(), ["proof", "check", str(first), "--against", str(second)]
    for arguments in (asked, [*asked, "--key", key]):
        done = runner.invoke(app, arguments)
        assert done.exit_code == 0, done.output
    for arguments, told in (
        (["proof", "check", str(altered)], "checkpoint: note_signature_wrong"),
        (["proof", "check", str(second), "--against", str(first)], "checkpoint: rolled_back"),
    ):
        done = runner.invoke(app, arguments)
        assert (done.exit_code, told in done.output) == (1, True), done.output


@pytest.mark.requirement("REP-04")
@pytest.mark.requirement("REP-12")
def test_retaliation_is_tracked_to_its_consequence_past_whom_it_is_about(school: tuple[School, Api]) -> None:
    """By receipt; the class teacher finds no trace of it, the reporter learns how it went."""
    here, nobody = school
    head, pedagogue = here.api("head"), here.api("social_pedagogue")
    receipt = {"receipt": nobody.post("/reports", SAID)["receipt"]}
    told = {"kind": "retaliation", "description": "Бағамды түсіріп жүр", "happened_on": "2026-11-20"}
    teacher = here.people["class_teacher"]
    nobody.post("/receipt/breaches", receipt | told | {"accused": [{"category": "staff", "person": teacher}]})
    [one] = nobody.post("/receipt", receipt)["breaches"]
    address = f"/breaches/{one['breach']}"
    assert here.api("class_teacher").get("/breaches") == {"breaches": []}
    with pytest.raises(RefusedError) as refused:
        here.api("class_teacher").get(address)
    assert refused.value.status == 404
    assert one["breach"] in {row["breach"] for row in head.get("/breaches")["breaches"]}
    head.post(f"{address}/owner", {"owner": here.people["social_pedagogue"]})
    pedagogue.post(f"{address}/steps", {"what": "Журнал", "finding": "Негізсіз"})
    late = {"title": "Ішкі тәртіп ережесі", "article": "14", "in_force_since": "2026-11-21"}
    ended = {"outcome": "substantiated", "reasons": "Салыстырылды", "consequence": "reprimand"}
    with pytest.raises(RefusedError) as refused:
        pedagogue.post(f"{address}/outcome", ended | {"school_rule": late})
    assert refused.value.code == "reports.consequence_not_set_beforehand"
    pedagogue.post(f"{address}/outcome", ended | {"school_rule": late | {"in_force_since": "2026-09-01"}})
    assert [row["state"] for row in nobody.post("/receipt", receipt)["breaches"]] == ["substantiated"]
    anonymous = nobody.post("/breaches", {"kind": "disclosure_of_information", "description": "Мұғалімдер бөлмесінде"})
    assert head.get(f"/breaches/{anonymous['breach']}")["state"] == "breach_reported"


@pytest.mark.requirement("REP-09")
def test_signs_that_staff_note_add_up_by_child(school: tuple[School, Api]) -> None:
    """From two of the staff to the psychologist, who says what comes of it."""
    here, _ = school
    child = {"name": "Әлихан Үмбетов", "class_name": "5 «Б»"}
    sign = {"method": "observing_the_victim", "sign": "Үзілісте жалғыз отырады", "child": child}
    notes = [here.api(role).post("/sign-notes", sign)["note"] for role in ("class_teacher", "social_pedagogue")]
    psychologist = here.api("psychologist")

    def together() -> list[list[str]]:
        told = psychologist.get("/sign-notes")["children"]
        return [ids for ids in ([row["note"] for row in one["notes"]] for one in told) if set(ids) == set(notes)]

    until(together, "both notes in one group")
    shown = psychologist.get(f"/sign-notes/{notes[0]}")
    assert [one["note"] for one in shown["same_child"]] == [notes[1]]
    psychologist.post(f"/sign-notes/{notes[0]}/consideration", {"outcome": "watched_on", "reasons": "Екі белгі"})
    assert psychologist.get(f"/sign-notes/{notes[0]}")["considered"][0]["outcome"] == "watched_on"


@pytest.mark.requirement("REP-07")
@pytest.mark.requirement("REP-10")
def test_two_reports_of_one_event_are_suggested_and_joined(school: tuple[School, Api]) -> None:
    """By two neighbours; found again by the child, and with the times that they took."""
    here, nobody = school
    head = here.api("head")
    child = {"name": "Айгерім Сәбитқызы", "class_name": "3 «В»"}
    first, second = (nobody.post("/reports", SAID | {"child": child})["report"] for _ in range(2))
    suggested = until(
        lambda: [one for one in head.get(f"/reports/{first}/similar")["reports"] if one["report"] == second],
        "the second one to be suggested",
    )
    assert suggested[0]["same"] == ["child", "time", "place", "kind"]
    head.post(f"/reports/{first}/joining", {"other": second, "reasons": "Бір күн, бір орын"})
    until(lambda: head.get(f"/reports/{first}/similar")["reports"][0]["judged"] == "joined", "the pair to be joined")
    found = head.post("/children/search", {"child": child | {"class_name": "3в"}})
    assert {row["report"] for row in found["reports"]} == {first, second}
    assert {first, second} <= {row["report"] for row in head.get("/response-times")["reports"]}
    head.post(f"/reports/{first}/turns", {"body": "guardianship"})
    assert head.get(f"/reports/{first}/same-adult") == {"reports": []}


class TestACase(of_cases.Ways):
    """Goes to another school, is looked into, is destroyed."""


class TestPrevention(of_prevention.Ways):
    """Policy, the risk group, campaigns, the risk journal."""


class TestAnAgencyWithoutASystem(of_agencies.Ways):
    """Answers by its link; stands in the directory."""


@pytest.mark.requirement("REF-05")
@pytest.mark.requirement("RSK-04")
@pytest.mark.requirement("CON-08")
def test_school_and_polyclinic_share_one_case_and_nothing_else(city: City, story: Story) -> None:
    """Asked by the head, named by the polyclinic, warned; they meet, decide, do a task; with the seat it ends."""
    health = city.agencies["health"]
    here, officer = city.schools[0], health.api("officer")
    head, pedagogue = here.api("head"), here.api("social_pedagogue")
    of_case, workspace = f"/cases/{story.case}", f"/cases/{story.case}/interagency"
    seat = head.post(f"{workspace}/seats", {"agency": health.id, "rights": ["take_part"]})["seat"]
    until(lambda: seat in [one["grant"] for one in officer.get("/grants")["grants"]], "the polyclinic to be asked")
    by_grant = officer.at(here.id, purpose=f"grant:{seat}")
    assert status_of(lambda: by_grant.get(workspace)) == 404  # asked, not given
    officer.post(f"/grants/{seat}/person", {"person": health.people["officer"]})
    until(lambda: status_of(lambda: by_grant.get(workspace)) == 403, "the seat to be the officer's, before the warning")
    by_grant.post(f"{workspace}/acceptance")
    assert by_grant.get(workspace)["materials"]["assessments"][0]["level"] == "high"
    hidden = (of_case, f"{of_case}/timeline", "/register", "/cases", f"{of_case}/referrals", "/reports", "/people")
    assert {path: status_of(partial(by_grant.get, path)) for path in hidden} == dict.fromkeys(hidden, 404)
    held = {
        "held_at": city.clock.now().isoformat(),
        "participants": [here.people["social_pedagogue"], health.people["officer"]],
        "discussed": "Баланың жағдайы",
        "decisions": [{"decision": "Апта сайын қарау", "best_interests": "Дені сау болады"}],
    }
    meeting = pedagogue.post(f"{workspace}/meetings", held)["meeting"]
    by_grant.post(f"{workspace}/meetings/{meeting}/participation", {"took_part": True})
    by_grant.post(f"{workspace}/decisions", {"meeting": meeting, "number": 1})
    due = (city.clock.now() + timedelta(days=2)).isoformat()
    task = pedagogue.post(f"{workspace}/tasks", {"what": "Қарау", "due_at": due, "agency": health.id})["task"]
    by_grant.post(f"{workspace}/tasks/{task}/result", {"result": "Қаралды"})
    shared = pedagogue.get(workspace)
    assert (shared["decisions"][0]["agencies"], shared["tasks"][0]["result"]) == ([health.id], "Қаралды")
    head.post(f"{workspace}/seats/{seat}/end", {"reason": "no_longer_needed"})
    assert status_of(lambda: by_grant.get(workspace)) == 404
    until(
        lambda: [one for one in officer.get("/grants")["grants"] if one["grant"] == seat and one["state"] == "ended"],
        "the grant to end",
    )


def status_of(ask: Callable[[], object]) -> int:
    """200, or the status of the refusal."""
    try:
        ask()
    except RefusedError as refused:
        return refused.status
    return 200
