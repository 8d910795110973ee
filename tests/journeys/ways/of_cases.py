"""A case that goes to another school, is looked into through broken glass, and is destroyed in the end."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from cli.api_client import Api, until
from cli.story import texts
from cli.story.main_case import Story
from tests.journeys.ways.cast import AT_HIGH_RISK, Cast, refused

UNKNOWN = (404, "common.unknown")
FOUND = "Гематома туралы жазба осы мектепте қалады"
LATER = "Кейін жазылды: анасымен сөйлестік"
LAW = "ҚР 1994 ж. № 94-V заңы, 18-бап"
LISTS = (
    *("/cases", "/register", "/next-actions", "/come-up/cases", "/come-up/reports", "/come-up/referrals"),
    *("/safety-service/meetings", "/safety-service/trends", "/reports", "/response-times", "/broken-glass"),
    *("/breaches", "/sign-notes", "/risk-group", "/safes"),
)
STEP = {"step": "medical_check", "role": "school_doctor"}


class Ways:
    """What becomes of a case beyond its main way."""

    @pytest.mark.requirement("CON-08")
    def test_a_child_changes_school_and_takes_along_what_the_head_released(self, cast: Cast) -> None:
        """Both schools' trails show it; neither sees more of the other, the third school nothing at all."""
        here, there, elsewhere = cast.city.schools
        head, pedagogue, receiving = here.api("head"), here.api("social_pedagogue"), there.api("head")
        _, case = cast.open_case()
        step = STEP | {"on": cast.city.clock.now().date().isoformat()}
        pedagogue.post(f"/cases/{case}/child", texts.CHILD)
        pedagogue.post(f"/cases/{case}/assessment-steps", step | {"result": FOUND})
        asked = {"to": there.id, "parts": ["child"], "reason": "Отбасы көшті"}
        assert refused(lambda: pedagogue.post(f"/cases/{case}/releases", asked)) == (403, "CON-08")
        transfer = head.post(f"/cases/{case}/releases", asked)["transfer"]
        pedagogue.post(f"/cases/{case}/assessment-steps", step | {"result": LATER})

        [offer] = until(lambda: receiving.get("/matters")["matters"], "the offer at the other school")
        matter = f"/matters/{offer['matter']}"
        assert (offer["school"], receiving.get(matter)["content"]) == (here.id, {})
        receiving.post(f"{matter}/acceptance")
        shown = receiving.get(matter)
        assert [one["facts"] for one in shown["content"].pop("child")] == [texts.CHILD]
        assert shown["content"] == {}
        assert [one["topic"] for one in shown["trail"]] == ["cases.matter_offered", "cases.matter_accepted"]
        told = json.dumps(shown, ensure_ascii=False)
        assert [word for word in (FOUND, LATER, here.people["social_pedagogue"]) if word in told] == []

        trail = until(partial(answered, head, case), "the answer in the trail of the school that released")
        assert trail == {"transfer": transfer, "outcome": "accepted"}
        hidden = (f"/cases/{case}", f"/cases/{case}/timeline", f"/cases/{uuid4()}")
        assert {refused(partial(receiving.get, path)) for path in hidden} == {UNKNOWN}
        for stranger in (head, elsewhere.api("head")):
            assert stranger.get("/matters")["matters"] == []
            assert refused(partial(stranger.get, matter)) == UNKNOWN

    @pytest.mark.requirement("CON-01")
    def test_the_deputy_breaks_the_glass_with_a_second_person_for_a_day(self, cast: Cast) -> None:
        """Whoever coordinates and the department's lead are told, each read is listed, and it closes by itself."""
        school, lead = cast.school, cast.lead_at(cast.school)
        deputy, pedagogue = school.api("deputy"), school.api("social_pedagogue")
        _, case = cast.open_case()
        of_case = f"/cases/{case}"
        school.api("head").post(f"{of_case}/team", {"person": school.people["head"], "role": "head"})
        assert refused(lambda: deputy.get(of_case)) == (403, "CON-01")
        asked = {"reason": "Директор жоқта прокурор сұрады"}
        assert refused(lambda: pedagogue.post(f"{of_case}/glass", asked)) == (403, "break_glass_is_the_deputys")
        glass = f"{of_case}/glass/{deputy.post(f'{of_case}/glass', asked)['request']}/confirmation"
        assert refused(lambda: deputy.get(of_case)) == (403, "CON-01")
        assert refused(lambda: deputy.post(glass)) == (403, "break_glass_by_two")
        assert refused(lambda: school.api("accused").post(glass)) == UNKNOWN
        school.api("psychologist").post(glass)

        assert deputy.get(of_case)["state"] == "open"
        until(lambda: refused(partial(deputy.get, f"{of_case}/referrals")) == (200, ""), "referrals to hear of it")
        for told in (pedagogue, lead):
            [notice] = until(partial(notices_of, told, case), "the notice")
            assert texts.PEOPLE["deputy"][0] not in json.dumps(notice, ensure_ascii=False)
        read = [one for one in pedagogue.get(f"{of_case}/accesses")["accesses"] if one["rule"] == "break_glass"]
        assert {one["actor"] for one in read} == {f"person:{school.people['deputy']}"}
        cast.city.clock.advance(timedelta(hours=25))
        for path in (of_case, f"{of_case}/referrals"):
            assert refused(partial(deputy.get, path))[0] == 403

    @pytest.mark.requirement("REP-06")
    def test_a_closed_case_is_destroyed_by_two_who_lead_in_every_service(self, cast: Cast, story: Story) -> None:
        """Before its time by a law alone, and never while it is held; tombstones stay, every ledger verifies."""
        for _, step in story.steps[AT_HIGH_RISK:]:
            step()
        school, lead = cast.school, cast.lead_at(cast.school)
        head, deputy = school.api("head"), school.api("deputy")
        of, by_law = {"stream": story.case}, {"stream": story.case, "basis": LAW, "reason": "Ата-ана сұрады"}
        by_two = (403, "ledger.destruction_is_by_two_who_lead")
        assert refused(lambda: school.api("psychologist").post("/cases/destructions", by_law)) == by_two
        assert refused(lambda: head.post("/cases/destructions", of))[1] == "ledger.still_kept"
        lead.post("/cases/holds", of | {"reason": "Сот қаулысы"})
        assert refused(lambda: head.post("/cases/destructions", by_law)) == (409, "ledger.still_needed")
        assert head.get("/cases/destructions")["held"] == [story.case]
        head.post("/cases/holds/lifting", of | {"reason": "Қаулының күші жойылды"})
        approval = f"/cases/destructions/{head.post('/cases/destructions', by_law)['erasure']}/approval"
        assert refused(lambda: head.post(approval)) == (409, "ledger.erasure_by_the_same_person")
        deputy.post("/cases/holds", of | {"reason": "Шағым түсті"})
        assert refused(lambda: lead.post(approval)) == (409, "ledger.still_needed")
        deputy.post("/cases/holds/lifting", of | {"reason": "Шағым қаралды"})
        lead.post(approval)

        [of_case] = until(partial(destroyed, head, "/cases/destructions"), "the case's tombstone")
        [of_report] = until(partial(destroyed, head, "/reports/destructions"), "the report's tombstone")
        assert (of_case["stream"], of_case["basis"], of_case["before_time"]) == (story.case, LAW, True)
        assert (of_report["stream"], of_report["erasure"]) == (story.report, of_case["erasure"])
        for one in (of_case, of_report):
            assert one["requested_by"] == f"person:{school.people['head']}"
            assert one["approved_by"] not in (None, one["requested_by"])
        gone = [f"/cases/{story.case}", f"/reports/{story.report}"]
        gone += [f"/referrals/{one}" for one in story.referrals.values()]
        for path in gone:
            until(lambda path=path: refused(partial(head.get, path)) == UNKNOWN, f"{path} to be gone")  # type: ignore[misc]
        assert [path for path in LISTS if named_in(head, path, story.case, story.report)] == []
        officer = cast.city.agencies["health"].api("officer")
        assert refused(lambda: officer.get(f"/partner/referrals/{story.referrals['health']}")) == UNKNOWN
        assert named_in(officer, "/partner/referrals", story.referrals["health"]) == []
        verified = json.loads(cast.qorgan("audit", "verify", "--json").stdout)
        assert verified["findings"] == []
        assert verified["totals"]["erased"] > 30


def answered(head: Api, case: str) -> dict[str, str] | None:
    """What the case's trail has of the other school's answer."""
    events = head.get(f"/cases/{case}/timeline")["events"]
    return next((one["facts"] for one in events if one["topic"] == "cases.release_answered"), None)


def notices_of(api: Api, case: str) -> list[dict[str, str]]:
    """What the caller is told about broken glass of a case."""
    return [one for one in api.get("/broken-glass")["notices"] if one["case"] == case]


def named_in(api: Api, path: str, *ids: str) -> list[str]:
    """Which of the ids a list shows the caller."""
    told = json.dumps(api.get(path))
    return [one for one in ids if one in told]


def destroyed(api: Api, path: str) -> list[dict[str, Any]]:
    """The destructions that are complete."""
    return [one for one in api.get(path)["asked"] if one["complete_at"]]
