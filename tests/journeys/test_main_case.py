"""A report becomes a closed case across the real services, over the public API, embedded and distributed alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from cli.api_client import Api, RefusedError, until
from cli.story import texts
from shared.ids import new_id
from tests.journeys.conftest import Played

LANGUAGES = ("kk", "ru", "en")
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "report.json"


class TestTheMainCase:
    """From the class teacher's report to the closed case (issue 2, the main job)."""

    @pytest.mark.requirement("REP-01", "REP-02", "REP-06", "REP-07", "REF-01", "REF-03", "REF-04", "REF-07", "PLN-05")
    def test_goes_from_report_to_closure_step_by_step(self, played: Played) -> None:
        """Every step of the story holds; each checks what it needs as it goes."""
        assert played.steps == [title for title, _ in played.story.steps]
        assert played.story.school.api("social_pedagogue").get(played.story.of_case)["state"] == "closed"

    @pytest.mark.requirement("SSS-01", "SSS-02", "SSS-04")
    def test_is_worked_by_a_trained_service_that_meets(self, played: Played) -> None:
        """Nobody's training is owed; its meetings count, and show the case to whoever may see it."""
        school = played.story.school
        shown = school.api("head").get("/safety-service")
        assert (shown["gaps"]["untrained"], shown["gaps"]["vacant_roles"]) == ([], ["safety_engineer"])
        latest = school.api("head").get("/safety-service/meetings")["meetings"][0]
        assert latest["counts"]
        assert [one["case"] for one in latest["cases"]] == [played.story.case]
        with pytest.raises(RefusedError):
            school.api("accused").get("/safety-service/meetings")

    @pytest.mark.requirement("SSS-08")
    def test_shows_its_protocol_and_who_decided_to_close_it(self, played: Played) -> None:
        """Four of the service, each of whom said so for themselves."""
        shown = played.story.school.api("social_pedagogue").get(played.story.of_case)
        [closing] = shown["closings"]
        roles = ("social_pedagogue", "psychologist", "school_doctor", "deputy")
        assert sorted(closing["participants"]) == sorted(played.story.school.people[role] for role in roles)
        assert closing["protocol"] == shown["protocol"]

    @pytest.mark.requirement("SSS-07")
    def test_shows_in_the_figures_of_the_service(self, played: Played) -> None:
        """Whom it is about is known from the report, the class from the case; the accused is told nothing."""
        school, path = played.story.school, "/safety-service/trends?until=2027-12-01&since=2026-01-01&group_by="
        shown = {facet: school.api("head").get(path + facet) for facet in ("aggressor", "class", "measure")}
        codes = {facet: [one["code"] for one in answer["series"]] for facet, answer in shown.items()}
        assert (codes["aggressor"], codes["class"]) == (["staff"], ["6Ә"])
        assert {"own_measures", "referral", "safety_plan", "sessions", "support_plan"} <= set(codes["measure"])
        assert (shown["class"]["all"]["total"], shown["class"]["effect"]["closed"]) == (1, 1)
        assert shown["class"]["speed"][3]["median_minutes"] > 0
        with pytest.raises(RefusedError):
            school.api("accused").get(path + "kind")

    def test_leaves_ledgers_that_verify_to_the_last_byte(self, played: Played) -> None:
        """Every log of every tenant of every service."""
        verified = json.loads(played.qorgan("audit", "verify", "--json").stdout)
        assert verified["findings"] == []

    @pytest.mark.requirement("CON-01")
    def test_is_read_by_an_auditor_inside_the_engagement_who_changes_nothing(self, played: Played) -> None:
        """Reading works under the engagement's purpose alone; every change is refused by its rule."""
        city, case = played.city, played.story.of_case
        signed_in = Api(played.suite.address).sign_in(city.auditor.login, city.auditor.password, tenant=city.department)
        auditor = signed_in.at(played.story.school.id, purpose=f"audit:{city.engagement}")
        assert auditor.get(case)["state"] == "closed"
        assert auditor.get(f"{case}/timeline")["events"]
        with pytest.raises(RefusedError) as refused:
            auditor.post(f"{case}/reopening", {"reason": "Қайта ашу"})
        assert refused.value.status == requests.codes.forbidden
        with pytest.raises(RefusedError):
            signed_in.at(played.story.school.id).get(case)

    def test_repeats_a_command_with_the_same_key_and_changes_nothing(self, played: Played) -> None:
        """The first answer comes back, and there is one report, not two."""
        teacher, key = played.story.school.api("class_teacher"), new_id()
        filed = texts.report(accused=played.story.school.people["accused"])
        first = teacher.post("/reports", filed, key=key)
        receipt = first.pop("receipt")  # told once
        assert receipt
        assert teacher.post("/reports", filed, key=key) == first
        head = played.story.school.api("head")
        listed = until(
            lambda: [one for one in head.get("/reports")["reports"] if one["report"] == first["report"]],
            "the report in the head's list",
        )
        assert len(listed) == 1


class TestFilingFromAFile:
    """`qorgan report FILE.json`: other people's input works the same way."""

    def test_takes_the_example_of_the_readme_for_any_school(self, played: Played) -> None:
        """An anonymous neighbour's report reaches the head of the school it names."""
        school = played.city.schools[1]
        filed = json.loads(played.qorgan("report", str(EXAMPLE), "--school", school.id).stdout)
        listed = until(lambda: school.api("head").get("/reports")["reports"], "the report in the head's list")
        assert filed["report"] in {one["report"] for one in listed}

    def test_names_what_is_wrong_field_by_field(self, played: Played, tmp_path: Path) -> None:
        """Nothing is stored, the exit code says so, and every field is named."""
        file = tmp_path / "қате.json"
        file.write_text(json.dumps({"source": "neighbour", "channel": "құс", "school": played.city.schools[2].id}))
        refused = played.qorgan("report", str(file), "--language", "ru", check=False)
        assert refused.returncode == 1
        assert {fault["field"] for fault in json.loads(refused.stderr)["faults"]} == {"channel", "description"}

    @pytest.mark.parametrize("content", ["{", "[]", ""])
    def test_says_what_is_no_report_at_all(self, played: Played, tmp_path: Path, content: str) -> None:
        """A file that is no JSON object is named as such."""
        file = tmp_path / "file.json"
        file.write_text(content)
        assert (
            "file.json" in played.qorgan("report", str(file), "--school", played.city.schools[1].id, check=False).stderr
        )


class TestTheApi:
    """What callers are told when it does not work."""

    def test_answers_a_foreign_case_exactly_as_an_unknown_one(self, played: Played) -> None:
        """The head of another school learns nothing from the answer, not a byte (CON-08)."""
        stranger = played.city.schools[1].api("head")
        foreign, unknown = (_answer(stranger, path) for path in (played.story.of_case, f"/cases/{new_id()}"))
        assert foreign.status_code == unknown.status_code == requests.codes.not_found
        assert foreign.content == unknown.content

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_every_fault_by_field_in_the_callers_language(self, played: Played, language: str) -> None:
        """A report with three faults is refused with all three at once, and nothing is stored."""
        school = played.story.school
        before = len(school.api("head").get("/reports")["reports"])
        teacher = school.api("class_teacher").at(school.id, language=language)
        with pytest.raises(RefusedError) as refused:
            teacher.post("/reports", {"source": "ғарыш", "description": "  ", "kinds": ["әңгіме"]})
        problem = refused.value.problem
        assert refused.value.status == requests.codes.unprocessable
        assert {"source", "channel", "description", "kinds.0"} <= {fault["field"] for fault in problem["faults"]}
        assert all(fault["message"] for fault in problem["faults"])
        assert len(school.api("head").get("/reports")["reports"]) == before

    def test_speaks_three_languages(self, played: Played) -> None:
        """The same refusal, said three ways."""
        school = played.story.school
        head = school.api("head")
        said = {_answer(head.at(school.id, language=one), f"/cases/{new_id()}").json()["detail"] for one in LANGUAGES}
        assert len(said) == len(LANGUAGES)

    def test_without_a_session_or_with_a_made_up_one_shows_nothing(self, played: Played) -> None:
        """No token, no answer."""
        for session in (None, "made-up"):
            nobody = Api(played.suite.address, session=session, tenant=played.story.school.id)
            assert _answer(nobody, played.story.of_case).status_code == requests.codes.unauthorized


def _answer(api: Api, path: str) -> requests.Response:
    """The whole answer to a question, as it came over the wire."""
    headers = {"Accept-Language": api.language, "X-Qorgan-Tenant": str(api.tenant)}
    if api.session:
        headers["Authorization"] = f"Bearer {api.session}"
    return requests.get(f"{api.address}/api/v1{path}", headers=headers, timeout=30)
