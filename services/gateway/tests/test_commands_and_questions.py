"""How requests become calls and answers become responses."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from services.gateway.tests.recorded import CASE, PERSON, POSITION, REPORT, TENANT, Browser, RecordedRpc, done, listed

KAZAKH = "Әділ Ғалымұлы Қуанышөв, ң ұ ү һ і"


class TestACommand:
    def test_reaches_the_service_with_its_id_version_and_content(self, rpc: RecordedRpc, browser: Browser) -> None:
        """The path's ids join the body; Idempotency-Key and If-Match become command id and expected version."""
        rpc.table["cases.join_team"] = done(POSITION, case=CASE)
        key = str(uuid4())
        answer = browser.post(
            f"/cases/{CASE}/team", {"person": PERSON, "role": "psychologist"}, Idempotency_Key=key, If_Match='"7"'
        )
        assert rpc.calls("cases.join_team") == [
            (
                "a person's token",
                {
                    "command_id": key,
                    "expected_version": 7,
                    "data": {"person": PERSON, "role": "psychologist", "case": CASE},
                },
            )
        ]
        assert (answer.status_code, answer.json) == (200, {"case": CASE})
        assert answer.headers["Idempotency-Key"] == key
        assert answer.headers["X-Qorgan-Position"] == POSITION

    def test_gets_an_id_of_its_own_where_none_is_sent_and_tells_it(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Two requests without a key are two commands."""
        rpc.table["cases.find_liability_possible"] = done(POSITION, case=CASE)
        keys = {browser.post(f"/cases/{CASE}/liability").headers["Idempotency-Key"] for _ in range(2)}
        sent = {payload["command_id"] for _, payload in rpc.calls("cases.find_liability_possible")}
        assert keys == sent
        assert len({UUID(key) for key in keys}) == 2

    def test_that_creates_tells_where_it_is(self, rpc: RecordedRpc, browser: Browser) -> None:
        """201 with a Location."""
        rpc.table["reports.receive_report"] = done(POSITION, report=REPORT, state="received")
        answer = browser.post("/reports", {"source": "staff", "channel": "in_person", "description": "…"})
        assert answer.status_code == 201
        assert answer.headers["Location"] == f"/api/v1/reports/{REPORT}"

    def test_needs_no_body_where_it_has_no_content(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A POST without body and content type is a command without content."""
        rpc.table["referrals.accept_referral"] = done(POSITION, referral=REPORT)
        answer = browser.client.post(f"/api/v1/partner/referrals/{REPORT}/acceptance", headers=browser.headers)
        assert answer.status_code == 200
        assert rpc.payload("referrals.accept_referral")["data"] == {"referral": REPORT}

    def test_keeps_every_kazakh_letter(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Names go through as they were written, in both directions."""
        rpc.table["cases.identify_child"] = done(POSITION, case=CASE, name=KAZAKH)
        answer = browser.post(f"/cases/{CASE}/child", {"name": KAZAKH})
        assert rpc.payload("cases.identify_child")["data"]["name"] == KAZAKH
        assert KAZAKH in answer.get_data(as_text=True)

    @pytest.mark.parametrize(("written", "read"), [("18.0", 18), ("1.8e1", 18), ("18.5", 18.5), ("-0.0", 0)])
    def test_reads_a_whole_number_however_it_is_written(
        self, rpc: RecordedRpc, browser: Browser, written: str, read: float
    ) -> None:
        """18.0 is a whole number in JSON Schema, and no other number than 18."""
        rpc.table["cases.assess_risk"] = done(POSITION, case=CASE)
        headers = browser.headers | {"Content-Type": "application/json"}
        browser.client.post(f"/api/v1/cases/{CASE}/risk-assessments", data=f'{{"level": {written}}}', headers=headers)
        found = rpc.payload("cases.assess_risk")["data"]["level"]
        assert (found, type(found)) == (read, type(read))

    def test_is_given_ten_seconds(self, rpc: RecordedRpc, browser: Browser) -> None:
        """No call is without a deadline, the token's neither."""
        rpc.table["cases.find_liability_possible"] = done(POSITION, case=CASE)
        browser.post(f"/cases/{CASE}/liability")
        assert rpc.deadlines == [10.0, 10.0]


class TestAQuestion:
    def test_passes_on_the_position_that_its_answer_must_have_seen(self, rpc: RecordedRpc, browser: Browser) -> None:
        """`at_least` of the query is the payload's."""
        rpc.table["cases.show_case"] = done(case=CASE, version=4)
        answer = browser.get(f"/cases/{CASE}?at_least={POSITION}")
        assert rpc.payload("cases.show_case") == {"data": {"case": CASE}, "at_least": POSITION}
        assert answer.headers["ETag"] == '"4"'

    def test_of_a_list_names_it(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A JSON object is answered, never a bare list."""
        rpc.table["reports.list_reports"] = listed({"report": REPORT})
        assert browser.get("/reports").json == {"reports": [{"report": REPORT}]}

    @pytest.mark.parametrize("query", ["states=received,triaged", "states=received&states=triaged"])
    def test_reads_lists_in_both_ways_of_writing_them(self, rpc: RecordedRpc, browser: Browser, query: str) -> None:
        """Repeated, or with commas."""
        rpc.table["reports.list_reports"] = listed()
        browser.get(f"/reports?{query}")
        assert rpc.payload("reports.list_reports")["data"] == {"states": ["received", "triaged"]}

    @pytest.mark.parametrize(("written", "read"), [("2026", 2026), ("two thousand", "two thousand")])
    def test_reads_numbers_and_leaves_what_is_none_to_the_service(
        self, rpc: RecordedRpc, browser: Browser, written: str, read: object
    ) -> None:
        """The service names the fault of the field."""
        rpc.table["cases.register_of_cases"] = listed()
        browser.get(f"/register?register_year={written}")
        assert rpc.payload("cases.register_of_cases")["data"] == {"register_year": read}


class TestTheTenant:
    def test_is_the_tokens(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Services learn the tenant from the token, not from the payload."""
        rpc.table["cases.my_cases"] = listed()
        browser.get("/cases", X_Qorgan_Purpose="audit:1")
        assert rpc.payload("accounts.issue_token")["data"] == {
            "session": "a session",
            "audience": "cases",
            "tenant": TENANT,
            "purpose": "audit:1",
        }
        assert TENANT not in str(rpc.payload("cases.my_cases"))
