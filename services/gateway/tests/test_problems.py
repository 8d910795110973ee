"""Refusals: their status, their form, their language; and what they never say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.gateway.bootstrap import build
from services.gateway.settings import Settings
from services.gateway.tests.recorded import CASE, PERSON, POSITION, REPORT, Browser, RecordedRpc, done, refused
from shared.messaging.rpc import ServiceFailedError, ServiceLateError

MEBIBYTE = 1024 * 1024
PULSES = [f"{service}.heads" for service in ("reports", "cases", "referrals", "accounts")]
MEMBERS = {"type", "title", "status", "code", "detail", "faults", "facts"}


def problem(answer: Any) -> dict[str, Any]:
    """The problem details of an answer, in their form."""
    assert answer.mimetype == "application/problem+json"
    found: dict[str, Any] = answer.json
    assert set(found) == MEMBERS
    assert found["status"] == answer.status_code
    assert found["type"] == f"urn:qorgan:problem:{found['code']}"
    assert found["title"]
    assert found["detail"]
    return found


class TestARefusal:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("token", 401),
            ("not_permitted", 403),
            ("unknown", 404),
            ("conflict", 409),
            ("refused", 409),
            ("invalid", 422),
            ("failed", 500),
        ],
    )
    def test_has_the_status_of_its_kind(self, rpc: RecordedRpc, browser: Browser, kind: str, status: int) -> None:
        """Each kind that a door answers with."""
        rpc.table["cases.show_case"] = refused(kind, "common.something")
        assert problem(browser.get(f"/cases/{CASE}"))["status"] == status

    def test_carries_code_and_facts_of_the_service(self, rpc: RecordedRpc, browser: Browser) -> None:
        """As they are; only the sentence is the gateway's."""
        rpc.table["cases.close_case"] = refused("refused", "cases.duties_still_open", duties=["inform_agencies"])
        found = problem(browser.post(f"/cases/{CASE}/closure"))
        assert found["code"] == "cases.duties_still_open"
        assert found["facts"] == {"duties": ["inform_agencies"]}
        assert found["detail"] == "There are duties still open."

    def test_names_the_rule_that_forbids(self, rpc: RecordedRpc, browser: Browser) -> None:
        """403 says which."""
        rpc.table["cases.show_case"] = refused("not_permitted", "common.not_permitted", rule="CON-01")
        found = problem(browser.get(f"/cases/{CASE}"))
        assert found["facts"] == {"rule": "CON-01"}
        assert "CON-01" in found["detail"]

    def test_of_a_stale_version_tells_both(self, rpc: RecordedRpc, browser: Browser) -> None:
        """409 with what was expected and what was found."""
        rpc.table["cases.show_case"] = refused("conflict", "common.version_conflict", expected=3, found=5)
        assert problem(browser.get(f"/cases/{CASE}"))["facts"] == {"expected": 3, "found": 5}

    def test_with_a_code_that_has_no_text_names_the_code(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A newer service than gateway is no error of the gateway."""
        rpc.table["cases.show_case"] = refused("refused", "cases.quite_new")
        assert "cases.quite_new" in problem(browser.get(f"/cases/{CASE}"))["detail"]

    def test_tells_the_command_id_with_which_to_ask_again(self, rpc: RecordedRpc, browser: Browser) -> None:
        """After 504 the command may have been done: only the same id asks safely."""
        rpc.table["cases.find_liability_possible"] = ServiceLateError("cases", "find_liability_possible")
        answer = browser.post(f"/cases/{CASE}/liability")
        assert problem(answer)["code"] == "gateway.service_late"
        assert answer.status_code == 504
        assert answer.headers["Idempotency-Key"] == rpc.payload("cases.find_liability_possible")["command_id"]

    @pytest.mark.parametrize(("reason", "status"), [("unreachable", 503), ("not_running", 503), ("broken", 500)])
    def test_is_made_of_a_service_that_does_not_answer(
        self, rpc: RecordedRpc, browser: Browser, reason: str, status: int
    ) -> None:
        """Away is 503, broken is 500."""
        rpc.table["cases.show_case"] = ServiceFailedError("cases", "show_case", reason)
        assert problem(browser.get(f"/cases/{CASE}"))["status"] == status

    @pytest.mark.parametrize("answer", [{}, {"ok": False}, {"ok": False, "kind": "odd", "code": "x", "facts": {}}])
    def test_is_500_for_an_answer_that_is_none(
        self, rpc: RecordedRpc, browser: Browser, answer: dict[str, Any]
    ) -> None:
        """What a service says in no known form isn't passed on."""
        rpc.table["cases.show_case"] = answer
        assert problem(browser.get(f"/cases/{CASE}"))["code"] == "common.failed"

    def test_never_shows_an_exceptions_text(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A mistake of ours is 500 and nothing else."""
        rpc.table["cases.show_case"] = RuntimeError("Айгүл Серікқызы")
        answer = browser.get(f"/cases/{CASE}")
        assert problem(answer)["status"] == 500
        assert "Айгүл" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
class TestWhatIsUnknown:
    def test_is_the_same_to_the_byte_for_every_reason(self, rpc: RecordedRpc, browser: Browser, language: str) -> None:
        """No id, a foreign one, a wall, another kind of thing, what isn't even an id: one answer (CON-08)."""
        reader = browser.speaking(language)
        bodies = set()
        for path, call, facts in (
            (f"/cases/{uuid4()}", "cases.show_case", {"what": "case"}),
            (f"/cases/{CASE}/timeline", "cases.case_timeline", {"what": "case", "rule": "wall"}),
            (f"/reports/{REPORT}", "reports.show_report", {"what": "report"}),
            (f"/referrals/{REPORT}", "referrals.show_referral", {}),
        ):
            rpc.table[call] = refused("unknown", "common.unknown", **facts)
            answer = reader.get(path)
            assert answer.status_code == 404
            bodies.add((answer.data, answer.headers["Content-Language"], answer.headers["Content-Length"]))
        no_id = reader.get("/cases/17")
        bodies.add((no_id.data, no_id.headers["Content-Language"], no_id.headers["Content-Length"]))
        assert len(bodies) == 1


class TestFaults:
    @pytest.mark.parametrize(
        ("language", "message"),
        [("kk", "Бұл өрісті толтыру міндетті."), ("ru", "Это поле нужно заполнить."), ("en", "This field is needed.")],
    )
    def test_are_all_named_by_field_in_the_callers_language(
        self, rpc: RecordedRpc, browser: Browser, language: str, message: str
    ) -> None:
        """422 with every fault that the service found."""
        faults = {"description": ["required"], "kinds.0": ["unknown_choice"], "child.age": ["invalid", "out_of_range"]}
        rpc.table["reports.receive_report"] = refused("invalid", "common.invalid_input", faults=faults)
        answer = browser.speaking(language).post("/reports", {"kinds": ["odd"]})
        found = problem(answer)
        assert answer.status_code == 422
        told = [(fault["field"], fault["code"]) for fault in found["faults"]]
        assert told == [(field, code) for field, codes in faults.items() for code in codes]
        assert found["faults"][0]["message"] == message
        assert found["facts"] == {}
        assert answer.headers["Content-Language"] == language

    def test_of_the_envelope_are_told_at_once(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Tenant, key, version, unknown parameters and repeated ids: one answer names them all, no service is asked."""
        answer = browser.post(
            f"/cases/{CASE}/team?colour=red",
            {"case": CASE, "person": PERSON},
            X_Qorgan_Tenant="school 5",
            Idempotency_Key="once",
            If_Match="latest",
        )
        assert {(fault["field"], fault["code"]) for fault in problem(answer)["faults"]} == {
            ("X-Qorgan-Tenant", "not_an_id"),
            ("Idempotency-Key", "not_an_id"),
            ("If-Match", "not_a_number"),
            ("colour", "unknown_field"),
            ("case", "unknown_field"),
        }
        assert rpc.asked == []

    def test_name_the_tenant_that_is_missing(self, browser: Browser) -> None:
        """The tenant is explicit everywhere."""
        found = problem(browser.without("X-Qorgan-Tenant").get("/cases"))
        assert [(fault["field"], fault["code"]) for fault in found["faults"]] == [("X-Qorgan-Tenant", "required")]

    def test_name_a_tenant_said_in_the_address(self, browser: Browser) -> None:
        """Addresses are written down by others; a tenant is said in one way."""
        found = problem(browser.get(f"/cases?tenant={uuid4()}"))
        assert [(fault["field"], fault["code"]) for fault in found["faults"]] == [("tenant", "unknown_field")]

    @pytest.mark.parametrize("said", ["", "12", "٣" * 48, "A" * 47, "A" * 49, "A" * 47 + "="])
    def test_name_a_position_that_is_none(self, browser: Browser, said: str) -> None:
        """`at_least` is 48 letters of base64url: a position as a command's answer tells it."""
        found = problem(browser.get(f"/cases?at_least={said}"))
        assert [(fault["field"], fault["code"]) for fault in found["faults"]] == [("at_least", "invalid")]

    def test_of_the_whole_content_are_the_bodys(self, rpc: RecordedRpc, browser: Browser) -> None:
        """What a service calls `data` is the body to the caller."""
        rpc.table["reports.receive_report"] = refused("invalid", "common.invalid_input", faults={"data": ["invalid"]})
        assert problem(browser.post("/reports"))["faults"][0]["field"] == "body"

    def test_never_repeat_a_librarys_sentence(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A message that is no code counts as `invalid`."""
        faults = {"age": ['"Айгүл" is not a valid integer.']}
        rpc.table["reports.receive_report"] = refused("invalid", "common.invalid_input", faults=faults)
        answer = browser.post("/reports")
        assert problem(answer)["faults"][0]["code"] == "invalid"
        assert "Айгүл" not in answer.get_data(as_text=True)


class TestWhatIsNoJson:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"\xff\xfe",
            b'{"a": NaN}',
            b'{"a": "\\ud800"}',
            b"[" * 100_000,
            b'{"a": ' + b"9" * 5000 + b"}",
            b'{"a": 1e999}',
        ],
        ids=["open", "not UTF-8", "NaN", "half a letter", "deep", "long number", "endless number"],
    )
    def test_is_400(self, rpc: RecordedRpc, browser: Browser, body: bytes) -> None:
        """Malformed content, and no service is asked."""
        headers = browser.headers | {"Content-Type": "application/json"}
        answer = browser.client.post("/api/v1/reports", data=body, headers=headers)
        assert (answer.status_code, problem(answer)["code"]) == (400, "gateway.malformed_json")
        assert rpc.asked == []

    def test_is_415_by_its_type(self, browser: Browser) -> None:
        """Forms and texts are not taken."""
        answer = browser.client.post("/api/v1/reports", data={"description": "…"}, headers=browser.headers)
        assert (answer.status_code, problem(answer)["code"]) == (415, "gateway.not_json")

    def test_is_422_if_it_is_no_object(self, browser: Browser) -> None:
        """A list is JSON, but no command."""
        assert problem(browser.post("/reports", ["…"]))["faults"][0]["code"] == "not_an_object"


class TestTheLimitsOfTheEdge:
    def test_refuse_more_than_a_mebibyte(self, rpc: RecordedRpc, browser: Browser) -> None:
        """413, read no further."""
        rpc.table["reports.receive_report"] = done(POSITION)
        frame = len('{"description": ""}')
        assert browser.post("/reports", {"description": "a" * (MEBIBYTE - frame)}).status_code == 201
        answer = browser.post("/reports", {"description": "a" * (MEBIBYTE - frame + 1)})
        assert (answer.status_code, problem(answer)["code"]) == (413, "gateway.too_large")

    @pytest.mark.parametrize(
        "path", ["/api/v1/pupils", "/", "/api/v1//reports", "/static/x.js", "/api/v1/cases/a/b/c/d"]
    )
    def test_have_no_other_addresses(self, browser: Browser, path: str) -> None:
        """Not even a redirect."""
        answer = browser.client.get(path, headers=browser.headers)
        assert (answer.status_code, problem(answer)["code"]) == (404, "gateway.no_such_address")

    def test_name_the_methods_of_an_address(self, browser: Browser) -> None:
        """405 with Allow."""
        answer = browser.client.delete("/api/v1/reports", headers=browser.headers)
        assert (answer.status_code, problem(answer)["code"]) == (405, "gateway.method_not_allowed")
        assert {"GET", "POST"} <= {method.strip() for method in answer.headers["Allow"].split(",")}

    @pytest.mark.parametrize("path", ["/reports/holds", "/reports/{}/attachments/pieces"])
    def test_take_no_word_for_an_id(self, browser: Browser, path: str) -> None:
        """What only takes commands is not asked as if its last word were the id of something."""
        answer = browser.client.get(f"/api/v1{path.format(REPORT)}", headers=browser.headers)
        assert (answer.status_code, problem(answer)["code"]) == (405, "gateway.method_not_allowed")
        assert "GET" not in answer.headers["Allow"]

    @pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/nothing", "/api/v1/openapi.json", "/api/v1/health"])
    def test_give_every_answer_its_security_headers(self, rpc: RecordedRpc, browser: Browser, path: str) -> None:
        """Nothing is kept, sniffed, framed or run."""
        rpc.table |= {"cases.my_cases": done()} | dict.fromkeys(PULSES, done())
        headers = browser.client.get(path, headers=browser.headers).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Referrer-Policy"] == "no-referrer"


class TestTheLanguage:
    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            (None, "kk"),
            ("", "kk"),
            ("*", "kk"),
            ("de", "kk"),
            ("ru", "ru"),
            ("ru-KZ,ru;q=0.9,kk;q=0.8", "ru"),
            ("en-GB", "en"),
            ("de, en;q=0.5", "en"),
            ("kk-KZ", "kk"),
        ],
    )
    def test_is_the_callers_best_of_ours_else_kazakh(
        self, rpc: RecordedRpc, accepted: str | None, language: str
    ) -> None:
        """Accept-Language decides."""
        headers = {} if accepted is None else {"Accept-Language": accepted}
        answer = build(Settings(), rpc).test_client().get("/api/v1/cases", headers=headers)
        assert answer.headers["Content-Language"] == language
